import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person, password, person } from '../support/person.ts';
import { followTyping, goOnline, setTyping, typists } from '../support/presence.ts';
import {
  conversationSeenBy,
  directConversations,
  followPrivate,
  followPrivateLive,
  peersOn,
  sendPrivate,
} from '../support/private.ts';
import { guest, leaveRoom } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodies, follow, kinds, send } from '../support/send-and-follow.ts';

const onPostgres = postgresUrl !== undefined && !process.env.TEST_EMBEDDED;
const refusal = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (result) => Promise.reject(new Error(`not refused: ${JSON.stringify(result)}`)),
    (error) => error,
  );

let node: TestNode;
let ann: Person, bob: Person, eve: Person, root: Person, gus: Person, nobody: Person;
let people = 0;
const someone = () => person(node, `someone${++people}`);
beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    limits: { typingTtlMs: 120_000 },
  });
  [ann, bob, eve, root] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'eve'),
    person(node, 'root'),
  ]);
  gus = await guest(node, 'Gus');
  nobody = new Person(node, {
    accessToken: '',
    refreshToken: null,
    user: { id: randomUUID(), username: 'nobody' },
  });
});
afterAll(() => node[Symbol.asyncDispose]());

describe('sendPrivateMessage', () => {
  it('creates the one direct conversation of two users with the first message of either', async () => {
    const [one, other] = [await someone(), await someone()];
    const first = await sendPrivate(one, other, ' hello ');
    expect(first).toMatchObject({
      duplicate: false,
      message: { seq: 1, body: 'hello', isMine: true, author: { username: one.username } },
      conversation: { peer: { username: other.username } },
    });
    const answer = await sendPrivate(other, { id: one.id.toUpperCase() }, 'hi', {
      replyToId: first.message.id,
    });
    expect(answer).toMatchObject({
      message: { seq: 2, replyTo: { body: 'hello' } },
      conversation: { id: first.conversation.id, peer: { username: one.username } },
    });
    expect((await sendPrivate(one, ann, 'hello')).conversation.id).not.toBe(first.conversation.id);
  });

  it('reports whether the recipient was connected, who finds the message later', async () => {
    const [one, other] = [await someone(), await someone()];
    expect((await sendPrivate(one, other, 'are you there?')).delivered).toBe(false);
    expect(await directConversations(other)).toMatchObject({
      edges: [
        {
          node: {
            unreadCount: 1,
            lastMessage: { body: 'are you there?' },
            peer: { username: one.username },
          },
        },
      ],
    });
    const client = await goOnline(other);
    expect((await sendPrivate(one, other, 'now?')).delivered).toBe(true);
    await client.dispose();
  });

  it('[P6] answers a repeat with the first message, also for the first of the conversation, and refuses its key for another message', async () => {
    const [one, other] = [await someone(), await someone()];
    const sent = await Promise.all(
      Array.from({ length: 10 }, () => sendPrivate(one, other, 'once', { idempotencyKey: 'k' })),
    );
    expect(new Set(sent.map(({ message }) => message.id)).size).toBe(1);
    expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await refusal(sendPrivate(one, other, 'twice', { idempotencyKey: 'k' }))).toMatchObject({
      code: 'CONFLICT',
    });
    expect((await sendPrivate(other, one, 'once', { idempotencyKey: 'k' })).duplicate).toBe(false);
  });

  it('[P12] is refused to oneself, guests and unknown users, and for guests', async () => {
    const gone = await someone();
    await gone.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    expect(await refusal(sendPrivate(ann, ann, 'x'))).toMatchObject({ code: 'INVALID' });
    expect(await refusal(sendPrivate(ann, gus, 'x'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(sendPrivate(gus, ann, 'x'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(sendPrivate(nobody, ann, 'x'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const id of [gone.id, randomUUID(), 'no id'])
      expect(await refusal(sendPrivate(ann, { id }, 'x'))).toMatchObject({ code: 'NOT_FOUND' });
    for (const body of [' ', 'x'.repeat(4001), 'a\u0000b'])
      expect(await refusal(sendPrivate(ann, bob, body))).toMatchObject({ code: 'INVALID' });
  });

  it('creates no conversation for a refused message', async () => {
    const [one, other] = [await someone(), await someone()];
    expect(await refusal(sendPrivate(one, other, 'x', { replyToId: randomUUID() }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refusal(sendPrivate(one, other, ''))).toMatchObject({ code: 'INVALID' });
    expect((await directConversations(one)).edges).toEqual([]);
    const { conversation } = await sendPrivate(one, other, 'first');
    expect(await conversationSeenBy(other, conversation.id)).toMatchObject({
      messages: { edges: [{ node: { seq: 1 } }] },
    });
  });

  it('creates one conversation for any number of simultaneous first messages, in both directions', async () => {
    const [one, other] = [await someone(), await someone()];
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        number % 2 ? sendPrivate(one, other, `${number}`) : sendPrivate(other, one, `${number}`),
      ),
    );
    expect(new Set(sent.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect(sent.map(({ message }) => message.seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, place) => place + 1),
    );
  });
});

describe('a direct conversation', () => {
  it(
    'is unique for two users in the database, independent of the program',
    { skip: !onPostgres },
    async () => {
      const [one, other] = [await someone(), await someone()];
      await sendPrivate(one, other, 'hello');
      const [lesser, greater] = [one.id, other.id].sort();
      const client = new pg.Client(node.settings.DATABASE_URL);
      await client.connect();
      const insert = (
        kind: string,
        first: string | null | undefined,
        second: string | null | undefined,
        version = '5',
      ) =>
        client
          .query(
            'insert into conversations (id, kind, lesser_user_id, greater_user_id) values (overlay(gen_random_uuid()::text placing $4 from 15 for 1)::uuid, $1, $2, $3)',
            [kind, first, second, version],
          )
          .then(
            () => 'stored',
            ({ constraint }) => constraint,
          );
      expect(await insert('DIRECT', lesser, greater)).toBe(
        'conversations_lesser_user_id_greater_user_id_key',
      );
      expect(await insert('DIRECT', lesser, greater, '7')).toBe('conversations_ids_of_kinds');
      for (const [kind, first, second] of [
        ['DIRECT', greater, lesser],
        ['DIRECT', lesser, lesser],
        ['DIRECT', lesser, null],
        ['DIRECT', null, greater],
        ['DIRECT', null, null],
        ['ROOM', lesser, greater],
      ] as const)
        expect(await insert(kind, first, second)).toBe('conversations_two_of_direct');
      await client.end();
    },
  );

  it('accepts sends, reads and typing by its id, from both users', async () => {
    const [one, other] = [await someone(), await someone()];
    const { conversation } = await sendPrivate(one, other, 'first');
    expect(await send(other, conversation.id, 'second')).toMatchObject({ seq: 2 });
    expect(await conversationSeenBy(one, conversation.id)).toMatchObject({
      __typename: 'DirectConversation',
      unreadCount: 1,
      viewerMember: { lastReadSeq: 1 },
      messages: { edges: [{ node: { body: 'first' } }, { node: { body: 'second' } }] },
      members: {
        edges: expect.arrayContaining([
          { node: { user: { username: one.username } } },
          { node: { user: { username: other.username } } },
        ]),
      },
    });
    const received = followTyping(one, conversation.id);
    await setTyping(other, conversation.id);
    await received.until(() => typists(received).join() === other.username);
    await sendPrivate(other, one, 'third');
    await received.until(() => typists(received).length === 0);
    received.stop();
  });

  it('[P11] is answered like an unknown id to all other users, admins included', async () => {
    const { conversation, message } = await sendPrivate(ann, bob, 'for your eyes only');
    for (const outsider of [eve, gus, root]) {
      const answers = async (id: string) => {
        const followed = [follow(outsider, id), followTyping(outsider, id)];
        const codes = [
          await refusal(send(outsider, id, 'x')),
          await refusal(send(outsider, id, 'x', { replyToId: message.id })),
          await refusal(setTyping(outsider, id)),
          await refusal(leaveRoom(outsider, { roomId: id })),
          ...(await Promise.all(followed.map((received) => received.ended()))),
        ];
        return [
          await conversationSeenBy(outsider, id),
          (await outsider.query('query ($id: ID!) { room(id: $id) { id } }', { id })).room,
          ...codes.map((error) => [error.code, error.message.replaceAll(id, '…')]),
        ];
      };
      expect(await answers(conversation.id)).toEqual(await answers(randomUUID()));
    }
    expect(JSON.stringify(await directConversations(eve))).not.toContain(conversation.id);
    for (const insider of [ann, bob])
      expect(
        await refusal(send(insider, conversation.id, 'x', { replyToId: randomUUID() })),
      ).toMatchObject({ code: 'NOT_FOUND' });
    expect(await follow(ann, conversation.id).ended()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stays readable for one user after the other has deleted their account', async () => {
    const [one, other] = [await someone(), await someone()];
    const { conversation } = await sendPrivate(other, one, 'farewell');
    await sendPrivate(one, other, 'and to you', { idempotencyKey: 'k' });
    const received = await followPrivateLive(one);
    const narrow = await followPrivateLive(one, { withUserId: other.id });
    await other.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    for (const each of [received, narrow])
      expect(await each.find(({ __typename }) => __typename === 'MemberLeft')).toMatchObject({
        leaveReason: 'LEFT',
        user: { username: expect.stringMatching(/^deleted-/) },
      });
    expect(await directConversations(one)).toMatchObject({
      edges: [
        {
          node: {
            archivedAt: expect.any(String),
            peer: { username: expect.stringMatching(/^deleted-/) },
            lastMessage: { body: 'and to you' },
          },
        },
      ],
    });
    expect(await refusal(send(one, conversation.id, 'x'))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('deleted their account'),
    });
    expect(await refusal(setTyping(one, conversation.id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(sendPrivate(one, other, 'x'))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('deleted their account'),
    });
    expect(await sendPrivate(one, other, 'and to you', { idempotencyKey: 'k' })).toMatchObject({
      duplicate: true,
      delivered: false,
    });
    const again = await followPrivateLive(one, {
      withUserId: other.id,
      after: narrow.events[0].cursor,
    });
    expect(kinds(again)).toEqual(['MemberLeft', 'CaughtUp']);
    const { exportMyData } = await one.query('mutation { exportMyData { data } }');
    expect(exportMyData.data.memberships).toContainEqual(
      expect.objectContaining({
        conversation: expect.objectContaining({ id: conversation.id, kind: 'DIRECT' }),
      }),
    );
    for (const each of [received, narrow, again]) each.stop();
  });
});

describe('privateMessages', () => {
  it('[P1] delivers both directions of all conversations to every device of the viewer, and nothing else', async () => {
    const [one, other, third] = [await someone(), await someone(), await someone()];
    const devices = [await followPrivateLive(one), await followPrivateLive(one, {}, one.connect())];
    const [others, thirds] = [await followPrivateLive(other), await followPrivateLive(third)];
    await sendPrivate(one, other, '1');
    await sendPrivate(third, one, '2');
    await sendPrivate(other, one, '3');
    const { conversation } = await sendPrivate(other, third, 'not for one');
    await send(third, conversation.id, 'neither');
    await sendPrivate(third, one, '4');
    for (const device of devices) {
      await device.count(5);
      expect(bodies(device)).toEqual(['1', '2', '3', '4']);
    }
    await thirds.count(5);
    expect([bodies(others), bodies(thirds)]).toEqual([
      ['1', '3', 'not for one', 'neither'],
      ['2', 'not for one', 'neither', '4'],
    ]);
    for (const received of [...devices, others, thirds]) received.stop();
  });

  it('[P2] resumes with one cursor for all conversations, without a gap or a repeat', async () => {
    const [one, other, third] = [await someone(), await someone(), await someone()];
    const received = await followPrivateLive(one);
    await sendPrivate(other, one, '1');
    await received.count(2);
    received.stop();
    const { cursor } = received.events[1];
    await sendPrivate(third, one, '2');
    await sendPrivate(one, other, '3');
    const resumed = await followPrivateLive(one, { after: cursor });
    await sendPrivate(third, one, '4');
    await resumed.count(4);
    expect(kinds(resumed)).toEqual(['MessageSent', 'MessageSent', 'CaughtUp', 'MessageSent']);
    expect(bodies(resumed)).toEqual(['2', '3', '4']);
    const foreign = followPrivate(one, { after: cursor, withUserId: other.id });
    expect(await foreign.find(({ __typename }) => __typename === 'StreamReset')).toMatchObject({
      reason: 'UNKNOWN_CURSOR',
    });
    for (const each of [resumed, foreign]) each.stop();
  });

  it('can be limited to one user, also before there is a conversation with them', async () => {
    const [one, other, third] = [await someone(), await someone(), await someone()];
    const narrow = await followPrivateLive(one, { withUserId: other.id.toUpperCase() });
    await sendPrivate(third, one, 'from the third');
    await sendPrivate(other, one, '1');
    await sendPrivate(one, other, '2');
    await narrow.count(3);
    expect(bodies(narrow)).toEqual(['1', '2']);
    expect((await directConversations(third)).edges).toHaveLength(1);
    narrow.stop();
  });

  it('[P11] [P12] is refused to guests and anonymous viewers, and for guests and unknown users', async () => {
    expect(await followPrivate(gus).ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(await followPrivate(ann, { withUserId: ann.id }).ended()).toMatchObject({
      code: 'INVALID',
    });
    expect(await followPrivate(ann, { withUserId: gus.id }).ended()).toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const withUserId of [randomUUID(), 'no id'])
      expect(await followPrivate(ann, { withUserId }).ended()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('delivers every change of the list of conversations', async () => {
    const one = await someone();
    const peers = [await someone(), await someone(), await someone()];
    for (const peer of peers) await sendPrivate(peer, one, `hello from ${peer.username}`);
    const received = await followPrivateLive(one);
    const before = await directConversations(one);
    for (const [from, to, body] of [
      [peers[1]!, one, 'a'],
      [one, peers[0]!, 'b'],
      [peers[1]!, one, 'c'],
      [peers[2]!, one, 'd'],
      [one, peers[1]!, 'e'],
    ] as const)
      await sendPrivate(from, to, body);
    await received.count(6);
    const list: any[] = before.edges.map(({ node }: any) => node);
    for (const { message } of received.events.slice(1)) {
      const conversation = list.find(({ id }) => id === message.conversation.id);
      list.splice(list.indexOf(conversation), 1);
      const unreadCount =
        message.author.username === one.username ? 0 : conversation.unreadCount + 1;
      list.unshift({
        ...conversation,
        unreadCount,
        lastMessage: { seq: message.seq, body: message.body },
      });
    }
    expect((await directConversations(one)).edges.map(({ node }: any) => node)).toEqual(list);
    received.stop();
  });
});

describe('directConversations', () => {
  it('[P1] has the order of the events, also for messages of the same moment', async () => {
    const one = await someone();
    const peers = await Promise.all(Array.from({ length: 8 }, () => someone()));
    for (const peer of peers) await sendPrivate(one, peer, 'x');
    const received = await followPrivateLive(one);
    for (let round = 1; round <= 6; round++) {
      await Promise.all(
        peers.map((peer, index) =>
          index % 2 === 0 ? sendPrivate(one, peer, 'x') : sendPrivate(peer, one, 'x'),
        ),
      );
      await received.count(1 + round * peers.length);
      const ids = received.events.slice(1).map(({ message }) => message.conversation.id);
      const { edges } = await directConversations(one);
      expect(edges.map(({ node }: any) => node.id)).toEqual([...new Set(ids.toReversed())]);
    }
    received.stop();
  });

  it('is sorted by the newest message, and pages stably while others move to the top', async () => {
    const one = await someone();
    const peers = [
      await someone(),
      await someone(),
      await someone(),
      await someone(),
      await someone(),
    ];
    for (const peer of peers) await sendPrivate(one, peer, 'x');
    const names = peers.map(({ username }) => username).reverse();
    expect(peersOn(await directConversations(one))).toEqual(names);
    const first = await directConversations(one, { first: 2 });
    expect(peersOn(first)).toEqual(names.slice(0, 2));
    await sendPrivate(peers[4]!, one, 'y');
    const second = await directConversations(one, { first: 2, after: first.pageInfo.endCursor });
    expect(peersOn(second)).toEqual(names.slice(2, 4));
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(
      peersOn(await directConversations(one, { last: 2, before: second.pageInfo.startCursor })),
    ).toEqual(names.slice(0, 2));
    expect(await refusal(directConversations(one, { after: 'xyz' }))).toMatchObject({
      code: 'INVALID',
    });
    expect(await refusal(directConversations(nobody))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await directConversations(gus)).edges).toEqual([]);
  });
});
