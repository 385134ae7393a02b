import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import {
  followReading,
  followReadingLive,
  markRead,
  readMarks,
  standingAfter,
  standingOf,
  type Standing,
} from '../support/reading.ts';
import { createRoom, guest, joinRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { followLive, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

const refusal = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (result) => Promise.reject(new Error(`not refused: ${JSON.stringify(result)}`)),
    (error) => error,
  );

let node: TestNode;
let ann: Person, bob: Person;
let people = 0;
const someone = () => person(node, `reader${++people}`);
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
});
afterAll(() => node[Symbol.asyncDispose]());

describe('deleted messages', () => {
  const unread = async (viewer: Person, id: string): Promise<number> =>
    (await viewer.query('query ($id: ID!) { conversation(id: $id) { unreadCount } }', { id }))
      .conversation.unreadCount;

  it('are not unread, in any conversation', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await createRoom(ann, { name: randomUUID() });
    await joinRoom(bob, { roomId: room.id });
    const { conversation, message } = await sendPrivate(ann, bob, 'first');
    for (const id of [room.id, conversation.id]) {
      await markRead(bob, id, id === room.id ? 0 : message.seq);
      const before = id === room.id ? 0 : message.seq;
      const sent = [];
      for (let number = 1; number <= 5; number++) sent.push(await send(ann, id, `${number}`));
      expect(await unread(bob, id)).toBe(5);
      for (const { id: messageId } of [sent[0]!, sent[3]!]) await deleteMessage(ann, { messageId });
      expect(await unread(bob, id)).toBe(3);
      await deleteMessage(ann, { messageId: sent[0]!.id });
      expect(await unread(bob, id)).toBe(3);
      await markRead(bob, id, before + 2);
      expect(await unread(bob, id)).toBe(2);
      await deleteMessage(ann, { messageId: sent[1]!.id });
      expect(await unread(bob, id)).toBe(2);
      for (const { id: messageId } of [sent[2]!, sent[4]!]) await deleteMessage(ann, { messageId });
      expect(await unread(bob, id)).toBe(0);
      await send(ann, id, 'another');
      expect(await unread(bob, id)).toBe(1);
      await markRead(bob, id, before + 6);
      expect(await unread(bob, id)).toBe(0);
    }
  });
});

describe('a read marker', () => {
  const markersFor = async (viewer: Person, id: string): Promise<Record<string, number | null>> => {
    const { conversation } = await viewer.query(
      'query ($id: ID!) { conversation(id: $id) { members { edges { node { lastReadSeq user { username } } } } } }',
      { id },
    );
    return Object.fromEntries(
      conversation.members.edges.map(({ node: { user, lastReadSeq } }: any) => [
        user.username,
        lastReadSeq,
      ]),
    );
  };

  it('is shown to its owner only in a room, and to both participants of a direct conversation', async () => {
    const room = await createRoom(ann, { name: randomUUID() });
    await joinRoom(bob, { roomId: room.id });
    await send(ann, room.id, 'x');
    await markRead(bob, room.id, 1);
    expect(await markersFor(ann, room.id)).toEqual({ [ann.username]: 1, [bob.username]: null });
    expect(await markersFor(bob, room.id)).toEqual({ [ann.username]: null, [bob.username]: 1 });

    const { conversation } = await sendPrivate(ann, bob, 'x');
    const markers = { [ann.username]: 1, [bob.username]: 0 };
    expect(await markersFor(ann, conversation.id)).toEqual(markers);
    expect(await markersFor(bob, conversation.id)).toEqual(markers);
  });

  it('belongs to a member with an id that is the same for everybody', async () => {
    const { id } = await createRoom(ann, { name: randomUUID() });
    await joinRoom(bob, { roomId: id });
    const seenBy = async (viewer: Person): Promise<string[]> => {
      const { conversation } = await viewer.query(
        'query ($id: ID!) { conversation(id: $id) { members { edges { node { ... on Node { id } } } } } }',
        { id },
      );
      return conversation.members.edges.map(({ node }: any) => node.id);
    };
    const ids = await seenBy(ann);
    expect(new Set(ids).size).toBe(2);
    expect(await seenBy(bob)).toEqual(ids);
    const { conversation } = await bob.query(
      'query ($id: ID!) { conversation(id: $id) { viewerMember { id } } }',
      { id },
    );
    expect(conversation.viewerMember.id).toBe(ids[1]);
  });
});

describe('markRead', () => {
  it('moves forward only, not beyond the newest message, and returns the unread count', async () => {
    const { id } = await createRoom(ann, { name: randomUUID() });
    await joinRoom(bob, { roomId: id });
    for (let count = 0; count < 5; count++) await send(ann, id, 'x');
    expect(await standingOf(bob, id)).toEqual({ newest: 5, readUpTo: 0, unread: 5 });
    expect(await markRead(bob, id, 3)).toMatchObject({
      unreadCount: 2,
      viewerMember: { lastReadSeq: 3 },
    });
    expect(await markRead(bob, id, 2)).toMatchObject({
      unreadCount: 2,
      viewerMember: { lastReadSeq: 3 },
    });
    expect(await markRead(bob, id, 0)).toMatchObject({ unreadCount: 2 });
    expect(await markRead(bob, id.toUpperCase(), 2 ** 31 - 1)).toMatchObject({
      unreadCount: 0,
      viewerMember: { lastReadSeq: 5 },
    });
    await send(ann, id, 'x');
    expect(await standingOf(bob, id)).toEqual({ newest: 6, readUpTo: 5, unread: 1 });
    await send(bob, id, 'x');
    expect(await standingOf(bob, id)).toEqual({ newest: 7, readUpTo: 7, unread: 0 });
    expect(await standingOf(ann, id)).toEqual({ newest: 7, readUpTo: 6, unread: 1 });
    expect(await refusal(markRead(bob, id, -1))).toMatchObject({ code: 'INVALID' });
  });

  it('is not published to the followers of a room', async () => {
    const { id } = await createRoom(ann, { name: randomUUID() });
    await joinRoom(bob, { roomId: id });
    const received = await followLive(ann, id);
    await send(ann, id, 'one');
    await markRead(bob, id, 1);
    await send(ann, id, 'two');
    await received.count(3);
    expect(received.events.map(({ __typename }) => __typename)).toEqual([
      'CaughtUp',
      'MessageSent',
      'MessageSent',
    ]);
    expect(await readMarks(ann, id)).toEqual([false, false]);
    received.stop();
  });

  it('is published to both users of a direct conversation, once for each step forward, and shown on messages', async () => {
    const [one, other] = [await someone(), await someone()];
    const { conversation } = await sendPrivate(one, other, '1');
    await sendPrivate(one, other, '2');
    await sendPrivate(one, other, '3');
    const [received, others, device] = [
      await followReadingLive(one),
      await followReadingLive(other),
      await followReadingLive(other.at(node)),
    ];
    expect(await readMarks(one, conversation.id)).toEqual([false, false, false]);
    for (const upTo of [2, 2, 1, 9]) await markRead(other, conversation.id, upTo);
    for (const each of [received, others, device]) {
      await each.count(3);
      expect(each.events.slice(1)).toMatchObject(
        [2, 3].map((upToSeq) => ({
          __typename: 'MessagesRead',
          upToSeq,
          user: { username: other.username },
          conversation: { id: conversation.id },
        })),
      );
    }
    expect(await readMarks(one, conversation.id)).toEqual([true, true, true]);
    expect(await readMarks(other, conversation.id)).toEqual([true, true, true]);
    await sendPrivate(one, other, '4');
    expect(await readMarks(one, conversation.id)).toEqual([true, true, true, false]);
    await sendPrivate(other, one, '5');
    expect(await readMarks(one, conversation.id)).toEqual([true, true, true, true, false]);
    await received.count(5);
    const replayed = followReading(one, received.events[0].cursor);
    await replayed.until(({ events }) =>
      events.some(({ __typename }) => __typename === 'CaughtUp'),
    );
    expect(
      replayed.events.filter(({ message }) => message).map(({ message }) => message.isRead),
    ).toEqual([true, false]);
    for (const each of [received, others, device, replayed]) each.stop();
  });

  it('[P11] is for members', async () => {
    const { id } = await createRoom(ann, { name: randomUUID(), visibility: 'PRIVATE' });
    const { id: open } = await createRoom(ann, { name: randomUUID() });
    const gus = await guest(node, 'Gus');
    for (const who of [bob, gus]) {
      expect(await refusal(markRead(who, id, 1))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refusal(markRead(who, open, 1))).toMatchObject({ code: 'FORBIDDEN' });
      for (const nothing of [randomUUID(), 'no id'])
        expect(await refusal(markRead(who, nothing, 1))).toMatchObject({ code: 'NOT_FOUND' });
    }
    await joinRoom(gus, { roomId: open });
    await send(ann, open, 'x');
    expect(await markRead(gus, open, 1)).toMatchObject({ unreadCount: 0 });
  });
});

type Step = {
  readonly kind: 'send' | 'read' | 'both send';
  readonly by: 0 | 1;
  readonly upTo: number;
};
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('send', 'read', 'both send'),
    by: fc.constantFrom(0, 1),
    upTo: fc.nat(12),
  }),
  { minLength: 1, maxLength: 12 },
);

/**
 * Two users write and read at random. After every step, the state computed from their events equals
 * the state of the server.
 */
async function checkHistories(
  pairOf: () => Promise<[Person, Person]>,
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const pair = await pairOf();
      const { conversation } = await sendPrivate(pair[0], pair[1], 'first');
      const received = await Promise.all(pair.map(followReadingLive));
      const began = await Promise.all(pair.map((who) => standingOf(who, conversation.id)));
      let events = 0;
      for (const { kind, by, upTo } of history) {
        const before = await standingOf(pair[by], conversation.id);
        if (kind === 'read') {
          await markRead(pair[by], conversation.id, upTo);
          if (Math.min(upTo, before.newest) > before.readUpTo) events++;
        } else {
          const senders = kind === 'send' ? [by] : [0, 1];
          await Promise.all(senders.map((sender) => send(pair[sender]!, conversation.id, 'x')));
          events += senders.length;
        }
        for (const [place, who] of pair.entries()) {
          await received[place]!.count(events + 1);
          const known = received[place]!.events.slice(1).reduce(
            (standing: Standing, event: any) => standingAfter(standing, event, who),
            began[place]!,
          );
          expect(known).toEqual(await standingOf(who, conversation.id));
        }
      }
      expect(received.map((each) => each.events.length)).toEqual([events + 1, events + 1]);
      for (const each of received) each.stop();
    }),
    { numRuns: runs },
  );
}

describe('unreadCount', () => {
  it('equals the earlier count with all later events, at every moment of random histories', () =>
    checkHistories(async () => [await someone(), await someone()], 12));

  it('is consistent, also while others send and read', async () => {
    const [one, other] = [await someone(), await someone()];
    const { conversation } = await sendPrivate(one, other, 'first');
    let isOver = false;
    const talk = (async () => {
      for (let count = 0; count < 40; count++) {
        await sendPrivate(other, one, 'to be read');
        await sendPrivate(one, other, 'which reads it');
      }
      isOver = true;
    })();
    const seen = new Set<number>();
    // The other writes once and is answered, so that one is unread at the most.
    while (!isOver) seen.add((await standingOf(one, conversation.id)).unread);
    await talk;
    expect([...seen].every((count) => count === 0 || count === 1)).toBe(true);
  });
});

describeWithServers('read state across nodes', () => {
  let nodes: TestNode[] & AsyncDisposable;
  beforeAll(async () => void (nodes = await startCluster(2, { settings: { RATE_LIMITS: 'off' } })));
  afterAll(() => nodes[Symbol.asyncDispose]());

  it('equals the earlier count with all later events, with the users on two nodes', () =>
    checkHistories(
      async () => [
        await person(nodes[0]!, `near${++people}`),
        (await person(nodes[0]!, `far${++people}`)).at(nodes[1]!),
      ],
      6,
    ));

  it('moves forward only when two nodes mark at once, and publishes each step once and in order', async () => {
    const [one, other] = [await person(nodes[0]!, 'one'), await person(nodes[0]!, 'other')];
    const { conversation } = await sendPrivate(one, other, 'x');
    for (let count = 0; count < 29; count++) await sendPrivate(one, other, 'x');
    const received = await followReadingLive(one);
    const devices = [other, other.at(nodes[1]!)];
    await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        markRead(devices[place % 2]!, conversation.id, ((place * 17) % 30) + 1),
      ),
    );
    await until('all is read', async () => (await standingOf(other, conversation.id)).unread === 0);
    await received.until(({ events }) => events.at(-1).upToSeq === 30);
    const positions = received.events.slice(1).map(({ upToSeq }) => upToSeq);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    await one[Symbol.asyncDispose]();
  });
});
