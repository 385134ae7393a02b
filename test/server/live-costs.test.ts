import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, query, type Person } from '../support/person.ts';
import { createRoom, joinRoom, leaveRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

/** Each event costs about 100, and each document is another. */
const expensive = (place: number, rootField = 'roomMessages(roomId: $roomId)') =>
  `subscription S${place}($roomId: ID!) { ${rootField} { __typename cursor ... on MessageSent { message { id mentions { id username } } } } }`;

/** As many as one user can have on one topic. */
const mostOnTopic = 28;

let node: TestNode;
let unbounded: TestNode;
beforeAll(async () => {
  const settings = { RATE_LIMITS: 'off' };
  node = await startNode({ settings });
  unbounded = await startNode({
    settings,
    limits: { eventMaxCost: 1e9, eventCostPerTopic: 1e9, eventCostPerUser: 1e9 },
  });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await unbounded[Symbol.asyncDispose]();
});

async function metric(of: TestNode, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', of.url))).text();
  const line = text.split('\n').find((one) => one.startsWith(`causerie_${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

const heldCost = () => metric(node, 'budget_held{budget="event_cost"}');
const subscribers = () => metric(node, 'subscribers');

async function meeting(at: TestNode, name: string) {
  const ann = await person(at, `ann-${name}`);
  const { id } = await createRoom(ann, { name });
  const eve = await person(at, `eve-${name}`);
  await joinRoom(eve, { roomId: id });
  return { ann, eve, id };
}

/**
 * Counts the executions of one message for a user who follows with this number of different
 * documents.
 */
async function executionsOfMessage(at: TestNode, name: string, documents: number): Promise<number> {
  const { ann, eve, id } = await meeting(at, name);
  await using _ann = ann;
  await using _eve = eve;
  const received = Array.from({ length: documents }, (_, place) =>
    eve.follow(expensive(place), { roomId: id }),
  );
  for (const one of received) await one.until(({ events, ending }) => events.length > 0 || ending);
  const before = await metric(at, 'executions_total');
  await send(ann, id, 'hello');
  await Promise.all(
    received.map((one) => one.until(({ events, ending }) => events.length > 1 || ending)),
  );
  return (await metric(at, 'executions_total')) - before;
}

describe('the events of subscriptions', () => {
  it('[P13] cost a bounded number of executions for each user, for any number of documents', async () => {
    expect(await executionsOfMessage(node, 'bounded', 60)).toBe(mostOnTopic);
  });

  it('[P13] control: cost as many executions as there are documents without the bound', async () => {
    expect(await executionsOfMessage(unbounded, 'unbounded', 60)).toBe(60);
  });

  it('[P13] are refused over the socket and over HTTP if one alone costs too much', async () => {
    const { ann, eve, id } = await meeting(node, 'too-much');
    await using _ann = ann;
    await using _eve = eve;
    const document =
      'subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { ... on MessageSent { message { conversation { members(first: 100) { edges { node { role user { id username } } } } } } } } }';
    const refusal = { code: 'TOO_COMPLEX', message: expect.stringContaining('eventMaxCost') };
    expect(await eve.follow(document, { roomId: id }).ended()).toMatchObject(refusal);
    const { errors } = await overEvents(eve, document, { roomId: id });
    expect(errors[0]).toMatchObject({
      message: refusal.message,
      extensions: { code: 'TOO_COMPLEX' },
    });
  });

  it('are executed once for subscribers with different undeclared variables', async () => {
    const { ann, eve, id } = await meeting(node, 'undeclared');
    await using _ann = ann;
    await using _eve = eve;
    const before = await metric(node, 'live_operations');
    const document =
      'subscription ($roomId: ID!, $last: Int = 0) { roomMessages(roomId: $roomId, last: $last) { __typename } }';
    const others = [{}, { last: 0 }, { last: 5 }, { more: 1 }, { more: 2, another: 'x' }];
    const received = others.map((more) => eve.follow(document, { roomId: id, ...more }));
    for (const one of received) await one.count(1);
    expect((await metric(node, 'live_operations')) - before).toBe(1);
  });
});

describe('the cost of a subscription is given back', () => {
  /** Follows with all that is allowed, lets it end, and sees that as much is allowed again. */
  const endings: [string, (eve: Person, id: string, ann: Person) => Promise<void>][] = [
    [
      'when they are ended',
      async (eve, id) => {
        const received = followAll(eve, id);
        for (const one of received) await one.count(1);
        expect(await heldCost()).toBeGreaterThan(1000);
        for (const one of received) one.stop();
      },
    ],
    [
      'when the socket is closed',
      async (eve, id) => {
        const socket = eve.connect();
        for (const one of followAll(eve, id, socket)) await one.count(1);
        await socket.dispose();
      },
    ],
    [
      'when the user leaves the room',
      async (eve, id) => {
        const received = followAll(eve, id);
        for (const one of received) await one.count(1);
        await leaveRoom(eve, { roomId: id });
        for (const one of received) expect(await one.ended()).toMatchObject({ code: 'FORBIDDEN' });
        await joinRoom(eve, { roomId: id });
      },
    ],
    [
      'when they are refused at the start',
      async (_eve, id) => {
        await using stranger = await person(node, `stranger-${id.slice(0, 8)}`);
        for (const one of followAll(stranger, id))
          expect(await one.ended()).toMatchObject({ code: 'FORBIDDEN' });
      },
    ],
    [
      'when somebody without a token is refused',
      async (_eve, id) => {
        for (let place = 0; place < mostOnTopic; place++) {
          const { errors } = await overEvents(undefined, expensive(place), { roomId: id });
          expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
        }
      },
    ],
    [
      'when a stream of server-sent events is aborted',
      async (eve, id) => {
        const abort = new AbortController();
        for (let place = 0; place < mostOnTopic; place++)
          await overEvents(eve, expensive(place), { roomId: id }, abort.signal);
        expect(await heldCost()).toBeGreaterThan(1000);
        abort.abort();
      },
    ],
  ];

  const followAll = (eve: Person, roomId: string, socket = eve.socket) =>
    Array.from({ length: mostOnTopic }, (_, place) =>
      eve.follow(expensive(place), { roomId }, socket),
    );

  it.each(endings)('[P13] %s', async (name, end) => {
    const { ann, eve, id } = await meeting(node, name.replaceAll(/\W/g, '').slice(-20));
    await using _ann = ann;
    await using _eve = eve;
    await expect.poll(subscribers).toBe(0);
    await end(eve, id, ann);
    await expect.poll(heldCost).toBe(0);
    await expect.poll(subscribers).toBe(0);
    const again = followAll(eve, id);
    for (const one of again) await one.count(1);
    expect(again.filter(({ ending }) => ending)).toEqual([]);
    expect(await eve.follow(expensive(100), { roomId: id }).ended()).toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringContaining('eventCostPerTopic'),
    });
    // The same document costs nothing more.
    await eve.follow(expensive(0), { roomId: id }).count(1);
  });
});

/** The first result of a subscription over server-sent events. */
async function overEvents(
  who: Person | undefined,
  document: string,
  variables: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<any> {
  const response = await fetch(node.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(who && { authorization: `Bearer ${who.token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
    signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const { value, done } = await reader.read();
    text += value ?? '';
    const data = /^data: (\{.*\})$/m.exec(text);
    if (data) return JSON.parse(data[1]!);
    if (done) return JSON.parse(text);
  }
}

it('lists its limits for clients', async () => {
  const { serverInfo } = await query(
    node.url,
    '{ serverInfo { limits { queryMaxCost eventMaxCost eventCostPerTopic eventCostPerUser queryMaxDefinitions queryMaxComparisons queryMaxSelections newDocumentsBurst newDocumentsPerSecond } } }',
  );
  expect(serverInfo.limits).toEqual({
    queryMaxCost: 35_000,
    eventMaxCost: 500,
    eventCostPerTopic: 3000,
    eventCostPerUser: 100_000,
    queryMaxDefinitions: 60,
    queryMaxComparisons: 2000,
    queryMaxSelections: 2000,
    newDocumentsBurst: 150_000,
    newDocumentsPerSecond: 15_000,
  });
});

describe('[P13] the memory of the subscriptions of a user', () => {
  const subscriptionBytesPerUser = 100_000;
  /** About 20 KB of memory each. */
  const large = (place: number) =>
    `subscription S${place}($roomId: ID!) { roomMessages(roomId: $roomId) { __typename cursor ${Array.from({ length: 20 }, (_, alias) => `a${alias}: cursor`).join(' ')} } }`;

  /** The refusals of subscriptions with different documents over several sockets. */
  async function codesOf(at: TestNode, name: string, count: number) {
    const { ann, eve, id } = await meeting(at, name);
    await using _ann = ann;
    await using _eve = eve;
    const sockets = Array.from({ length: 4 }, () => eve.connect());
    const codes: (string | undefined)[] = [];
    for (let place = 0; place < count; place++) {
      const one = eve.follow(large(place), { roomId: id }, sockets[place % sockets.length]);
      await one.until(({ events, ending }) => events.length > 0 || ending);
      codes.push(one.ending?.error?.code);
    }
    return codes;
  }

  it('is bounded over all sockets', async () => {
    await using small = await startNode({
      settings: { RATE_LIMITS: 'off' },
      limits: { subscriptionBytesPerUser },
    });
    const codes = await codesOf(small, 'small', 12);
    expect(codes[0]).toBeUndefined();
    expect(codes.at(-1)).toBe('TOO_COMPLEX');
  });

  it('control: is not refused with a larger limit', async () => {
    expect(new Set(await codesOf(node, 'large', 12))).toEqual(new Set([undefined]));
  });
});
