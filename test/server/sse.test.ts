import { expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { createRoom, leaveRoom } from '../support/rooms.ts';
import { startNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';

const subscription = `subscription ($roomId: ID!, $after: Cursor) { roomMessages(roomId: $roomId, after: $after) { __typename cursor ... on MessageSent { message { body isMine } } } }`;

/** Subscribes over server-sent events; each result as it comes. */
async function* stream(
  url: string,
  who: Person,
  variables: Record<string, unknown>,
  signal?: AbortSignal,
): AsyncGenerator<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${who.token}`,
    },
    body: JSON.stringify({ query: subscription, variables }),
    signal,
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text
        .slice(0, end)
        .split('\n')
        .find((line) => line.startsWith('data: {'));
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data.slice('data: '.length));
    }
  }
}

it('[P1] [P2] follows and resumes over server-sent events as over the socket', async () => {
  await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const received: any[] = [];
  const abort = new AbortController();
  const following = (async () => {
    for await (const { data } of stream(node.url, ann, { roomId: id }, abort.signal))
      received.push(data.roomMessages);
  })().catch(() => {});
  await expect.poll(() => received.length).toBe(1);
  expect(received[0].__typename).toBe('CaughtUp');
  for (const body of bodiesUpTo(150)) await send(ann, id, body);
  await expect.poll(() => received.length).toBe(151);
  expect(received.slice(1).map(({ message }) => message)).toEqual(
    bodiesUpTo(150).map((body) => ({ body, isMine: true })),
  );
  abort.abort();
  await following;
  await expect.poll(() => subscribers(node.url)).toBe(0);

  const replayed: any[] = [];
  for await (const { data } of stream(node.url, ann, { roomId: id, after: received[20].cursor })) {
    replayed.push(data.roomMessages);
    if (data.roomMessages.__typename === 'CaughtUp') break;
  }
  expect(replayed.slice(0, -1)).toEqual(received.slice(21));
});

it('[P2] the id of each event is its cursor, and Last-Event-ID counts instead of `after`', async () => {
  await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  await using ann = await person(node, 'ann');
  const { id: roomId } = await createRoom(ann, { name: 'Quay' });
  const from = async (lastEventId: string, after?: string) => {
    const abort = new AbortController();
    const response = await fetch(node.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${ann.token}`,
        'last-event-id': lastEventId,
      },
      body: JSON.stringify({ query: subscription, variables: { roomId, after } }),
      signal: abort.signal,
    });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/CaughtUp.*\n\n/.test(text)) break;
    }
    abort.abort();
    return [...text.matchAll(/event: next\nid: (.+)\ndata: (.+)\n/g)].map(([, id, data]) => {
      const event = JSON.parse(data!).data.roomMessages;
      expect(id).toBe(event.cursor);
      return event;
    });
  };
  const [start] = await from('');
  for (const body of bodiesUpTo(5)) await send(ann, roomId, body);
  const all = await from(start.cursor);
  expect(all.map(({ message }) => message?.body)).toEqual([...bodiesUpTo(5), undefined]);
  const rest = await from(all[2].cursor, start.cursor);
  expect(rest.map(({ message }) => message?.body)).toEqual([...bodiesUpTo(5).slice(3), undefined]);
  const [reset] = await from('not a cursor of this topic');
  expect(reset.__typename).toBe('StreamReset');
});

it('events of channels have no id, because they are not stored', async () => {
  await using node = await startNode();
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const abort = new AbortController();
  const response = await fetch(node.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${ann.token}`,
    },
    body: JSON.stringify({
      query: `subscription { roomPresence(roomId: "${id}") { __typename } }`,
    }),
    signal: abort.signal,
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('PresenceSnapshot')) break;
  }
  abort.abort();
  expect(text).not.toContain('id:');
});

it('[P11] ends with a refusal when the permission is withdrawn', async () => {
  await using node = await startNode();
  await using ann = await person(node, 'ann');
  const { room } = await ann.query('{ room(name: "lobby") { id } }');
  let last: any;
  for await (const result of stream(node.url, ann, { roomId: room.id })) {
    last = result;
    if (result.data?.roomMessages.__typename === 'CaughtUp')
      await leaveRoom(ann, { roomId: room.id });
  }
  expect(last.errors[0].extensions.code).toBe('FORBIDDEN');
});

async function subscribers(url: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^causerie_subscribers (\d+)$/m.exec(text)![1]);
}
