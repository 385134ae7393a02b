import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, query, type Person } from '../support/person.ts';
import { createRoom, inviteToRoom, joinRoom, leaveRoom, type Page } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';

const pageDocument = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { conversation(id: $id) {
  messages(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { seq body } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
const read = async (who: Person, id: string, page: Page = {}) =>
  (await who.query(pageDocument, { id, ...page })).conversation.messages;
const bodiesOn = (page: any): string[] => page.edges.map(({ node }: any) => node.body);
const refusal = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (result) => Promise.reject(new Error(`not refused: ${JSON.stringify(result)}`)),
    (error) => error,
  );

let node: TestNode;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
});
afterAll(() => node[Symbol.asyncDispose]());

const newRoom = async (visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC'): Promise<string> =>
  (await createRoom(ann, { name: randomUUID(), visibility })).id;
const sendAll = async (who: Person, room: string, bodies: string[]) => {
  for (const body of bodies) await send(who, room, body);
};

describe('the history of a conversation', () => {
  let room: string;
  beforeAll(async () => {
    room = await newRoom();
    await sendAll(ann, room, bodiesUpTo(60));
  });

  it('is read oldest first: the first 50 without arguments, the newest with `last`', async () => {
    const first = await read(bob, room);
    expect(bodiesOn(first)).toEqual(bodiesUpTo(50));
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
      endCursor: first.edges[49].cursor,
    });
    const newest = await read(bob, room, { last: 3 });
    expect(bodiesOn(newest)).toEqual(['58', '59', '60']);
    expect(newest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(bodiesOn(await read(bob, room, { before: newest.pageInfo.startCursor }))).toEqual(
      bodiesUpTo(57, 8),
    );
  });

  it.each([
    ['forwards', 'first', 'after', 'endCursor', 'hasNextPage'],
    ['backwards', 'last', 'before', 'startCursor', 'hasPreviousPage'],
  ] as const)(
    'is complete and without a repeat, page by page %s',
    async (_, size, from, cursor, more) => {
      for (const count of [1, 7, 20, 60, 100]) {
        const seen: string[][] = [];
        let page = await read(bob, room, { [size]: count });
        for (seen.push(bodiesOn(page)); page.pageInfo[more]; seen.push(bodiesOn(page)))
          page = await read(bob, room, { [size]: count, [from]: page.pageInfo[cursor] });
        expect((from === 'before' ? seen.toReversed() : seen).flat()).toEqual(bodiesUpTo(60));
        expect(seen).toHaveLength(Math.ceil(60 / count));
      }
    },
  );

  it.each([
    ['forwards', 'first', 'after', 'endCursor', 'hasNextPage'],
    ['backwards', 'last', 'before', 'startCursor', 'hasPreviousPage'],
  ] as const)(
    'has no gap and no repeat when it is read %s while messages arrive',
    async (_, size, from, cursor, more) => {
      const busy = await newRoom();
      await joinRoom(bob, { roomId: busy });
      await sendAll(ann, busy, bodiesUpTo(30));
      const coming = Promise.all([ann, bob].map((who) => sendAll(who, busy, bodiesUpTo(25))));
      const seen: number[][] = [];
      const seqsOn = (page: any): number[] => page.edges.map((edge: any) => edge.node.seq);
      let page = await read(bob, busy, { [size]: 4 });
      for (seen.push(seqsOn(page)); page.pageInfo[more]; seen.push(seqsOn(page)))
        page = await read(bob, busy, { [size]: 4, [from]: page.pageInfo[cursor] });
      await coming;
      const seqs = (from === 'before' ? seen.toReversed() : seen).flat();
      expect(seqs.length).toBeGreaterThanOrEqual(30);
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, place) => place + 1));
      expect((await read(bob, busy, { last: 1 })).edges[0].node.seq).toBe(80);
    },
  );

  it('is limited to the messages between two cursors if both are given', async () => {
    const { edges } = await read(bob, room, { first: 20 });
    const between = { after: edges[4].cursor, before: edges[10].cursor };
    expect(bodiesOn(await read(bob, room, between))).toEqual(bodiesUpTo(10, 6));
    expect(bodiesOn(await read(bob, room, { ...between, last: 2 }))).toEqual(['9', '10']);
    expect(bodiesOn(await read(bob, room, { ...between, first: 2 }))).toEqual(['6', '7']);
  });

  it('[P12] refuses pages over the limit and cursors of other lists', async () => {
    expect(bodiesOn(await read(bob, room, { first: 0 }))).toEqual([]);
    for (const page of [{ first: 101 }, { last: 101 }, { first: -1 }, { first: 1, last: 1 }])
      expect(await refusal(read(bob, room, page))).toMatchObject({ code: 'INVALID' });
    const forged = [
      'nonsense',
      'null',
      '"1"',
      '1.5',
      '-1',
      '1e99',
      '99999999999',
      '[1]',
      '{"gt":0}',
    ].flatMap((text) => [text, Buffer.from(text).toString('base64url')]);
    for (const cursor of forged)
      for (const name of ['after', 'before'])
        expect(await refusal(read(bob, room, { [name]: cursor }))).toMatchObject({
          code: 'INVALID',
        });
  });

  it('[P11] is readable for all signed-in users in a public room, and for members only in a private one', async () => {
    expect(bodiesOn(await read(bob, room, { first: 1 }))).toEqual(['1']);
    expect(await refusal(query(node.url, pageDocument, { id: room }))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const secret = await newRoom('PRIVATE');
    await send(ann, secret, 'secret');
    expect((await bob.query(pageDocument, { id: secret })).conversation).toBeNull();
    await inviteToRoom(ann, { roomId: secret, userIds: [bob.id] });
    expect(bodiesOn(await read(bob, secret))).toEqual(['secret']);
    const leave = (selection: string) =>
      bob.query(
        `mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id ${selection} } } }`,
        { input: { roomId: secret } },
      );
    expect((await leave('messages { edges { node { body } } }')).leaveRoom.room).toEqual({
      id: secret,
      messages: { edges: [] },
    });
    await inviteToRoom(ann, { roomId: secret, userIds: [bob.id] });
    expect((await leave('lastMessage { body }')).leaveRoom.room).toEqual({
      id: secret,
      lastMessage: null,
    });
  });

  it('shows all fields of each message, and whether it is the viewer’s own', async () => {
    const talk = await newRoom();
    await joinRoom(bob, { roomId: talk });
    const first = await send(ann, talk, 'who is @bob?');
    const second = await send(bob, talk, 'me', { replyToId: first.id });
    const document = `query ($id: ID!) { room(id: $id) { lastMessage { seq } messages { edges { node { __typename id seq body createdAt isMine author { username } mentions { username } conversation { __typename id } replyTo { id body author { username } } } } } } }`;
    const conversation = { __typename: 'Room', id: talk };
    const shown = async (who: Person) => (await who.query(document, { id: talk })).room;
    const { messages, lastMessage } = await shown(bob);
    expect(messages.edges.map((edge: any) => edge.node)).toMatchObject([
      {
        __typename: 'Message',
        id: first.id,
        seq: 1,
        body: 'who is @bob?',
        isMine: false,
        author: { username: 'ann' },
        mentions: [{ username: 'bob' }],
        replyTo: null,
        conversation,
      },
      {
        __typename: 'Message',
        id: second.id,
        seq: 2,
        body: 'me',
        isMine: true,
        author: { username: 'bob' },
        mentions: [],
        replyTo: { id: first.id, body: 'who is @bob?', author: { username: 'ann' } },
        conversation,
      },
    ]);
    expect(lastMessage).toEqual({ seq: 2 });
    expect((await shown(ann)).messages.edges.map((edge: any) => edge.node.isMine)).toEqual([
      true,
      false,
    ]);
  });
});

describe('lastMessage', () => {
  it('is the newest message of each of many rooms, null for a room without messages', async () => {
    const rooms = await Promise.all(
      ['none', 'one', 'three'].map((name) => createRoom(ann, { name: `last ${name}` })),
    );
    await send(ann, rooms[1].id, '1');
    await sendAll(ann, rooms[2].id, bodiesUpTo(3));
    const { rooms: page } = await ann.query(
      '{ rooms(search: "last ") { edges { node { name lastMessage { body author { username } } } } } }',
    );
    expect(
      Object.fromEntries(page.edges.map((edge: any) => [edge.node.name, edge.node.lastMessage])),
    ).toEqual({
      'last none': null,
      'last one': { body: '1', author: { username: 'ann' } },
      'last three': { body: '3', author: { username: 'ann' } },
    });
  });
});

describe('roomMessages', () => {
  const document = `subscription ($roomId: ID!, $after: Cursor, $last: Int) { roomMessages(roomId: $roomId, after: $after, last: $last) {
    __typename cursor occurredAt ... on MessageSent { message { seq body createdAt } } } }`;
  const seqs = (events: any[]) => events.flatMap(({ message }) => (message ? [message.seq] : []));

  it('starts with the newest messages that `last` requests, also with other events in between', async () => {
    const room = await newRoom();
    await sendAll(ann, room, bodiesUpTo(3));
    await joinRoom(bob, { roomId: room });
    await sendAll(ann, room, bodiesUpTo(5, 4));
    const received = bob.follow(document, { roomId: room, last: 3 });
    const caughtUp = await received.find(({ __typename }) => __typename === 'CaughtUp');
    expect(received.events.map(({ __typename }) => __typename)).toEqual([
      'MessageSent',
      'MessageSent',
      'MessageSent',
      'CaughtUp',
    ]);
    expect(seqs(received.events)).toEqual([3, 4, 5]);
    expect(received.events[0].occurredAt).toBe(received.events[0].message.createdAt);
    const resumed = bob.follow(document, {
      roomId: room.toUpperCase(),
      last: 3,
      after: received.events[0].cursor,
    });
    await resumed.count(4);
    expect(resumed.events.map(({ __typename }) => __typename)).toEqual([
      'MemberJoined',
      'MessageSent',
      'MessageSent',
      'CaughtUp',
    ]);
    await send(ann, room, '6');
    await Promise.all([received.count(5), resumed.count(5)]);
    expect([received, resumed].map(({ events }) => events.at(-1).message.seq)).toEqual([6, 6]);
    expect(received.events.at(-1).cursor).not.toBe(caughtUp.cursor);
    received.stop();
    resumed.stop();
  });

  it('[P11] is for members of the room, and [P12] for pages within the limit', async () => {
    const [open, secret] = [await newRoom(), await newRoom('PRIVATE')];
    const refused = async (who: Person, variables: Record<string, unknown>) =>
      (await who.follow(document, variables).ended())?.code;
    expect(await refused(bob, { roomId: open })).toBe('FORBIDDEN');
    for (const roomId of [secret, randomUUID(), 'nonsense', 'a\0b', ''])
      expect(await refused(bob, { roomId })).toBe('NOT_FOUND');
    for (const last of [-1, 101]) {
      expect(await refused(ann, { roomId: open, last })).toBe('INVALID');
      expect(await refused(bob, { roomId: secret, last })).toBe('NOT_FOUND');
    }
    await joinRoom(bob, { roomId: open });
    await leaveRoom(bob, { roomId: open });
    expect(await refused(bob, { roomId: open })).toBe('FORBIDDEN');
    const empty = ann.follow(document, { roomId: open, last: 0 });
    await empty.find(({ __typename }) => __typename === 'CaughtUp');
    empty.stop();
  });
});
