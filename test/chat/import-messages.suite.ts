import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage, followMessages } from '../support/messages.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { directConversations, peersOn, sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const fields =
  'id seq body createdAt importedAt externalId sentBy metadata author { username } mentions { username } replyTo { externalId }';

export function describeImports({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person;
  let shop: TestService;
  beforeAll(async () => {
    node = await startNode({ isEmbedded, settings: { RATE_LIMITS: 'off' } });
    [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
    shop = await service(node);
    await shop.mutate(
      'upsertUsers',
      'UpsertUsersInput',
      { users: [{ externalId: 'u-1', username: 'old-hand' }] },
      'createdCount',
    );
  });
  afterAll(async () => {
    for (const someone of [ann, bob]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  let rooms = 0;
  const newRoom = async (): Promise<string> => {
    const { id: roomId } = await createRoom(ann, { name: `room ${++rooms}` });
    await joinRoom(bob, { roomId });
    return roomId;
  };
  const importInto = (conversationId: string, messages: readonly object[]): Promise<any> =>
    shop.mutate(
      'importMessages',
      'ImportMessagesInput',
      { conversationId, messages },
      'importedCount skippedCount',
    );
  const written = (externalId: string, more: object = {}) => ({
    externalId,
    authorId: 'external:u-1',
    body: `text of ${externalId}`,
    createdAt: '2020-02-03T04:05:06.000Z',
    ...more,
  });
  const many = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => written(`${prefix}-${index}`));
  const historyOf = async (someone: Person, id: string): Promise<any[]> =>
    (
      await someone.query(
        `query ($id: ID!) { conversation(id: $id) { messages(last: 100) { edges { node { ${fields} } } } } }`,
        { id },
      )
    ).conversation.messages.edges.map(({ node: message }: any) => message);
  const unreadOf = async (someone: Person, id: string): Promise<number> =>
    (await someone.query('query ($id: ID!) { conversation(id: $id) { unreadCount } }', { id }))
      .conversation.unreadCount;
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      ({ code, message }) => `${code} ${message}`,
    );

  it('adds messages with author, time, reply, mentions and metadata; a repeat changes nothing', async () => {
    const roomId = await newRoom();
    await send(ann, roomId, 'first');
    const messages = [
      written('a', { body: 'hello @ann', metadata: { color: 'red' } }),
      written('b', { createdAt: '2019-01-01T00:00:00.000Z', replyToExternalId: 'a' }),
    ];
    expect(await importInto(roomId, messages)).toEqual({ importedCount: 2, skippedCount: 0 });
    expect(await importInto(roomId, messages)).toEqual({ importedCount: 0, skippedCount: 2 });
    const more = [...messages, written('c', { replyToExternalId: 'b' })];
    expect(await importInto(roomId, more)).toEqual({ importedCount: 1, skippedCount: 2 });
    const history = await historyOf(bob, roomId);
    expect(history).toMatchObject([
      { seq: 1, importedAt: null },
      {
        seq: 2,
        body: 'hello @ann',
        externalId: 'a',
        createdAt: '2020-02-03T04:05:06.000Z',
        sentBy: 'shop',
        metadata: { color: 'red' },
        author: { username: 'old-hand' },
        mentions: [{ username: 'ann' }],
        replyTo: null,
      },
      { seq: 3, createdAt: '2019-01-01T00:00:00.000Z', replyTo: { externalId: 'a' } },
      { seq: 4, replyTo: { externalId: 'b' } },
    ]);
    expect(history[3].importedAt).not.toBeNull();
  });

  it('notifies nobody, and counts nothing as unread, also after deletions', async () => {
    const roomId = await newRoom();
    await send(ann, roomId, 'one');
    await importInto(roomId, many('q', 3));
    await send(ann, roomId, 'two');
    await importInto(roomId, [written('r', { body: '@bob' }), written('s')]);
    expect(await unreadOf(bob, roomId)).toBe(2);
    expect(await unreadOf(ann, roomId)).toBe(0);
    await shop.mutate(
      'sendMessage',
      'SendMessageInput',
      { conversationId: roomId, authorId: ann.id, body: 'line', kind: 'SYSTEM' },
      'duplicate',
    );
    const { id: own } = await send(ann, roomId, 'three');
    expect(await unreadOf(bob, roomId)).toBe(3);
    await deleteMessage(ann, { messageId: own });
    expect(await unreadOf(bob, roomId)).toBe(2);
    await bob.query(
      'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }',
      { input: { conversationId: roomId, upToSeq: 3 } },
    );
    expect(await unreadOf(bob, roomId)).toBe(1);
    expect(await notificationsOf(bob)).toEqual([]);
  });

  it('[P17] does not bring back a deleted message', async () => {
    const roomId = await newRoom();
    const messages = [written('gone', { authorId: ann.id }), written('kept')];
    await importInto(roomId, messages);
    const [{ id }] = await historyOf(ann, roomId);
    await deleteMessage(ann, { messageId: id });
    expect(await unreadOf(bob, roomId)).toBe(0);
    expect(await importInto(roomId, messages)).toEqual({ importedCount: 0, skippedCount: 2 });
    expect((await historyOf(ann, roomId))[0].body).toBeNull();
  });

  it('reaches followers as one event, with which the old state becomes the new one, among live sends', async () => {
    const roomId = await newRoom();
    await send(ann, roomId, 'before');
    const before = await historyOf(bob, roomId);
    const received = bob.follow(
      `subscription ($id: ID!) { roomMessages(roomId: $id) { __typename ... on MessageSent { message { ${fields} } } ... on MessagesImported { fromSeq toSeq conversation { id } } } }`,
      { id: roomId },
    );
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    const [first, second] = [many('x', 20), many('y', 20)];
    await Promise.all([
      importInto(roomId, first),
      importInto(roomId, first),
      importInto(roomId, second),
      ...Array.from({ length: 10 }, (_, index) => send(ann, roomId, `live ${index}`)),
    ]);
    await send(ann, roomId, 'last');
    await received.find(({ message }) => message?.body === 'last');
    const state = new Map(before.map((message) => [message.seq, message]));
    for (const { message } of received.events) if (message) state.set(message.seq, message);
    const ranges = received.events.filter(({ __typename }) => __typename === 'MessagesImported');
    for (const { fromSeq, toSeq } of ranges) {
      const { conversation } = await bob.query(
        `query ($id: ID!, $first: Int!, $after: String) { conversation(id: $id) { messages(first: $first, after: $after) { edges { cursor node { ${fields} } } } } }`,
        { id: roomId, first: 100 },
      );
      for (const { node: message } of conversation.messages.edges)
        if (message.seq >= fromSeq && message.seq <= toSeq) state.set(message.seq, message);
    }
    expect(ranges).toHaveLength(2);
    const now = await historyOf(bob, roomId);
    expect(now.map(({ seq }) => seq)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
    expect([...state.values()].toSorted((one, other) => one.seq - other.seq)).toEqual(now);
    const replayed = followMessages(bob, roomId, { last: 30 });
    await replayed.find(({ __typename }) => __typename === 'CaughtUp');
    expect(
      replayed.events.filter(({ message }) => message).map(({ message }) => message.seq),
    ).toEqual(Array.from({ length: 30 }, (_, index) => index + 23));
  });

  it('lists a direct conversation that has imported messages only', async () => {
    await sendPrivate(ann, bob, 'hello');
    const page = await directConversations(ann);
    expect(peersOn(page)).toEqual(['bob']);
    const { id } = page.edges[0].node;
    expect(await importInto(id, [written('d-1', { authorId: bob.id })])).toMatchObject({
      importedCount: 1,
    });
    expect(await unreadOf(ann, id)).toBe(0);
    expect((await historyOf(ann, id)).at(-1)).toMatchObject({ externalId: 'd-1' });
  });

  describe('refuses as a whole, and names the message:', () => {
    let elsewhere: string;
    beforeAll(async () => void (elsewhere = await newRoom()));
    it.each([
      ['an unknown author', { authorId: 'external:?' }, /^NOT_FOUND `messages\[1\]`: .*authorId/],
      ['an unknown reply', { replyToExternalId: '?' }, /^NOT_FOUND `messages\[1\]`: .*\?/],
      ['an empty text', { body: ' ' }, /^INVALID `messages\[1\]`/],
      ['a time to come', { createdAt: '2999-01-01T00:00:00Z' }, /^INVALID `messages\[1\]`: .*now/],
      ['a message of another room', { externalId: 'elsewhere' }, /^CONFLICT `messages\[1\]`/],
      ['a repeated id', { externalId: 'fine' }, /^INVALID `messages\[1\]`/],
    ])('%s', async (_what, more, message) => {
      await importInto(elsewhere, [written('elsewhere')]);
      const roomId = await newRoom();
      expect(await refusal(importInto(roomId, [written('fine'), written('bad', more)]))).toMatch(
        message,
      );
      expect(await historyOf(ann, roomId)).toEqual([]);
    });

    it('an unknown conversation, and a call without messages', async () => {
      expect(await refusal(importInto('external:none', many('z', 1)))).toMatch(/^NOT_FOUND/);
      expect(await refusal(importInto(await newRoom(), []))).toMatch(/^INVALID .*1 to 1000/);
    });
  });
}
