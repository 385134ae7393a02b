import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blockUser, unblockUser } from '../support/blocking.ts';
import {
  addReaction,
  deleteMessage,
  editMessage,
  pinMessage,
  search,
} from '../support/messages.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { conversationSeenBy, directConversations, sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom, joinRoom, memberNames } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

export function describeBlocks({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person;
  let roomId: string;
  /** Of ann, who blocks bob, and of cat, who does not; from before the block. */
  const conversations: Record<string, string> = {};
  const earlier: Record<string, { id: string }> = {};

  beforeAll(async () => {
    node = await startNode({ isEmbedded, settings: { RATE_LIMITS: 'off' } });
    [ann, bob, cat] = (await Promise.all(
      ['ann', 'bob', 'cat'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
    ({ id: roomId } = await createRoom(ann, { name: 'shared' }));
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId });
    for (const peer of [ann, cat]) {
      const sent = await sendPrivate(bob, peer, 'from before');
      conversations[peer.username] = sent.conversation.id;
      earlier[peer.username] = sent.message;
      await sendPrivate(peer, bob, 'an answer');
    }
    await blockUser(ann, bob);
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      ({ code }) => code,
    );
  const selection = `__typename
    ... on MessageSent { message { body } } ... on MessageEdited { message { body } }
    ... on MessageDeleted { message { seq } } ... on ReactionsChanged { message { seq } }
    ... on PinChanged { message { seq } } ... on MessagesRead { user { username } }`;
  /** Everything that a user follows about others. */
  const followAll = (someone: Person) => [
    someone.follow(`subscription { privateMessages { ${selection} } }`),
    someone.follow(`subscription ($id: ID) { privateMessages(withUserId: $id) { ${selection} } }`, {
      id: bob.id,
    }),
    someone.follow(
      'subscription { notifications { __typename ... on NotificationReceived { notification { type message } } } }',
    ),
    someone.follow(
      'subscription ($id: ID!) { typing(conversationId: $id) { user { username } isTyping } }',
      { id: roomId },
    ),
    someone.follow('subscription { signals { type sender { username } } }'),
    someone.follow(
      'subscription ($id: ID) { signals(conversationId: $id) { type sender { username } } }',
      { id: roomId },
    ),
    someone.follow(
      'subscription ($id: ID!) { roomPresence(roomId: $id) { __typename ... on UserCameOnline { user { username } } ... on UserWentOffline { user { username } } ... on PresenceSnapshot { users { username } } } }',
      { id: roomId },
    ),
  ];

  /** What bob does towards a user: each with what he sees as its answer. */
  const attempts: Record<string, (peer: Person) => Promise<unknown>> = {
    sendPrivateMessage: async (peer) => {
      const { duplicate, delivered, message } = await sendPrivate(bob, peer, 'psst', {
        idempotencyKey: 'psst',
      });
      return [duplicate, delivered, message.seq, message.body];
    },
    'a repeat of sendPrivateMessage': async (peer) => {
      const { duplicate, delivered } = await sendPrivate(bob, peer, 'psst', {
        idempotencyKey: 'psst',
      });
      return [duplicate, delivered];
    },
    sendMessage: async (peer) =>
      (await send(bob, conversations[peer.username]!, `hello @${peer.username}`)).seq,
    'sendMessage as a reply': async (peer) =>
      (
        await send(bob, conversations[peer.username]!, 'so', {
          replyToId: earlier[peer.username]!.id,
        })
      ).seq,
    editMessage: async (peer) => {
      const { body, seq } = await editMessage(bob, {
        messageId: earlier[peer.username]!.id,
        body: 'edited',
      });
      return [body, seq];
    },
    markRead: async (peer) =>
      (
        await bob.query(
          'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { unreadCount } } }',
          { input: { conversationId: conversations[peer.username], upToSeq: 99 } },
        )
      ).markRead,
    addReaction: async (peer) => {
      const answer = await answerOf(peer);
      return (await addReaction(bob, { messageId: answer.id, emoji: '👍' })).reactions;
    },
    pinMessage: async (peer) =>
      (await pinMessage(bob, { messageId: (await answerOf(peer)).id })).seq,
    setTyping: async (peer) =>
      bob.query('mutation ($input: SetTypingInput!) { setTyping(input: $input) { ok } }', {
        input: { conversationId: conversations[peer.username], isTyping: true },
      }),
    'setTyping in a shared room': () =>
      bob.query('mutation ($input: SetTypingInput!) { setTyping(input: $input) { ok } }', {
        input: { conversationId: roomId, isTyping: true },
      }),
    sendSignal: (peer) =>
      outcome(
        bob.query('mutation ($input: SendSignalInput!) { sendSignal(input: $input) { ok } }', {
          input: { userIds: [peer.id], type: 'ring' },
        }),
      ),
    'sendSignal in a shared room': () =>
      outcome(
        bob.query('mutation ($input: SendSignalInput!) { sendSignal(input: $input) { ok } }', {
          input: { conversationId: roomId, type: 'wave' },
        }),
      ),
    inviteToRoom: async (peer) => {
      const { id } = await createRoom(bob, {
        name: `trap ${peer.username}`,
        visibility: 'PRIVATE',
      });
      return outcome(inviteToRoom(bob, { roomId: id, userIds: [peer.id] }));
    },
    'a mention in a shared room': async (peer) =>
      typeof (await send(bob, roomId, `@${peer.username} look`)).seq,
    user: async (peer) =>
      (
        await bob.query(
          'query ($id: ID!) { user(id: $id) { isOnline lastSeenAt viewerBlocked isGuest } }',
          { id: peer.id },
        )
      ).user,
    conversation: async (peer) =>
      (
        await bob.query(
          'query ($id: ID!) { conversation(id: $id) { unreadCount lastMessage { body isRead replyCount } messages { edges { node { seq body isRead isMine replyTo { body } } } } } }',
          { id: conversations[peer.username] },
        )
      ).conversation,
    directConversations: async (peer) => {
      const { edges } = await directConversations(bob);
      const found = edges.find(({ node: one }: any) => one.peer.username === peer.username);
      return [found.node.unreadCount, found.node.lastMessage];
    },
    searchMessages: async (peer) =>
      (await search(bob, 'psst', { conversationId: conversations[peer.username]! })).edges.map(
        ({ node: one }: any) => one.body,
      ),
    exportMyData: async (peer) => {
      const { exportMyData } = await bob.query('mutation { exportMyData { data } }');
      return exportMyData.data.messages
        .filter(({ conversationId }: any) => conversationId === conversations[peer.username])
        .map(({ seq, body }: any) => [seq, body]);
    },
  };
  const answerOf = async (peer: Person) =>
    (
      await bob.query(
        'query ($id: ID!) { conversation(id: $id) { messages { edges { node { id seq body } } } } }',
        { id: conversations[peer.username] },
      )
    ).conversation.messages.edges[1].node;
  const named = (value: unknown, peer: Person) =>
    JSON.parse(JSON.stringify(value ?? null).replaceAll(peer.username, 'peer'));

  it('[P19] nothing of the blocked user reaches the blocker, and no answer tells the blocked user', async () => {
    // Cat is offline, as ann must seem to be. Ann is online.
    const streams = followAll(ann);
    const own = bob.follow(
      `subscription ($id: ID) { privateMessages(withUserId: $id) { ${selection} } }`,
      { id: ann.id },
    );
    await own.find(({ __typename }) => __typename === 'CaughtUp');
    for (const place of [0, 1, 2])
      await streams[place]!.find(({ __typename }) => __typename === 'CaughtUp');
    await streams[6]!.count(1);
    const before = await conversationSeenBy(ann, conversations.ann!);
    for (const [name, attempt] of Object.entries(attempts)) {
      const [towardsAnn, towardsCat] = [await attempt(ann), await attempt(cat)];
      expect([name, named(towardsAnn, ann)]).toEqual([name, named(towardsCat, cat)]);
    }
    // Something by another user, after everything of bob.
    await sendPrivate(cat, ann, 'the end');
    await send(cat, roomId, '@ann the end');
    await until('the last notification', async () =>
      (await notificationsOf(ann)).some(({ message }) => message === '@ann the end'),
    );
    await streams[0]!.find(({ message }) => message?.body === 'the end');
    const received = streams.map(({ events }) =>
      events.filter(
        ({ __typename, message, notification }) =>
          __typename !== 'CaughtUp' &&
          message?.body !== 'the end' &&
          !notification?.message.endsWith('the end'),
      ),
    );
    const users = received[6]!.flatMap(({ user, users: all }) => [
      ...(all ?? []).map(({ username }: any) => username),
      user?.username,
    ]);
    expect(received.slice(0, 6)).toEqual([[], [], [], [], [], []]);
    expect(users).not.toContain('bob');
    expect(streams.map(({ ending }) => ending)).toEqual(streams.map(() => undefined));
    // Bob's own devices receive what he did.
    await own.find(({ message }) => message?.body === 'psst');
    await own.find(({ __typename }) => __typename === 'MessageEdited');
    const now = await ann.query(
      'query ($id: ID!) { conversation(id: $id) { unreadCount unreadMentionCount lastMessage { body } messages { edges { node { body } } } } }',
      { id: conversations.ann },
    );
    expect(now.conversation).toEqual({
      unreadCount: 0,
      unreadMentionCount: 0,
      lastMessage: { body: 'an answer' },
      messages: { edges: [{ node: { body: 'an answer' } }] },
    });
    expect(before).not.toBe(null);
    expect((await search(ann, 'psst')).edges).toEqual([]);
    expect(
      (await directConversations(ann)).edges.map(({ node: one }: any) => one.peer.username),
    ).toEqual(['cat', 'bob']);
    const rooms = await ann.query('{ rooms(joined: true) { edges { node { name } } } }');
    expect(rooms.rooms.edges.map(({ node: one }: any) => one.name)).toEqual(['lobby', 'shared']);
    for (const stream of [...streams, own]) stream.stop();
  });

  it('messages in shared rooms stay visible, and are marked', async () => {
    await send(bob, roomId, 'in the room');
    const marks = async (someone: Person) => {
      const { conversation } = await someone.query(
        'query ($id: ID!) { conversation(id: $id) { messages(last: 1) { edges { node { body author { viewerBlocked } } } } } }',
        { id: roomId },
      );
      return conversation.messages.edges[0].node;
    };
    expect(await marks(ann)).toEqual({ body: 'in the room', author: { viewerBlocked: true } });
    expect(await marks(cat)).toEqual({ body: 'in the room', author: { viewerBlocked: false } });
    expect(await memberNames(ann, roomId)).toContain('bob');
  });

  it('the blocker does not see the presence of the blocked user, and cannot write to them', async () => {
    bob.follow('subscription { lobby { __typename } }');
    await delay(100);
    const { user } = await ann.query('query ($id: ID!) { user(id: $id) { isOnline } }', {
      id: bob.id,
    });
    expect(user).toEqual({ isOnline: false });
    expect(await outcome(sendPrivate(ann, bob, 'hello?'))).toBe('FORBIDDEN');
    expect(await outcome(send(ann, conversations.ann!, 'hello?'))).toBe('FORBIDDEN');
  });

  it('the lobby lists neither to the other, from the first snapshot on, and both to everybody else', async () => {
    const lobby = `subscription { lobby {
      ... on LobbySnapshot { rooms { room { id } usernames } }
      ... on LobbyRoomChanged { room { room { id } usernames } } } }`;
    const followers = [ann, bob, cat].map((someone) => ({
      received: someone.follow(lobby),
      hidden: { ann: 'bob', bob: 'ann', cat: 'nobody' }[someone.username]!,
    }));
    /** The lists of names of the shared room, as they came. */
    const listsIn = (received: (typeof followers)[number]['received']): string[][] =>
      received.events
        .flatMap(({ rooms, room }) => rooms ?? room)
        .filter(({ room }) => room.id === roomId)
        .map(({ usernames }) => usernames);
    const dan = await person(node, 'dan of the lobby'.replaceAll(' ', '-'));
    await joinRoom(dan, { roomId });
    const danFollows = dan.follow('subscription { lobby { __typename } }');
    for (const { received } of followers)
      await received.until(() => listsIn(received).some((names) => names.includes(dan.username)));
    for (const { received, hidden } of followers) {
      const present = ['ann', 'bob', 'cat', dan.username].filter((name) => name !== hidden);
      await received.until(() => present.every((name) => listsIn(received).at(-1)!.includes(name)));
      expect(listsIn(received).flat()).not.toContain(hidden);
      received.stop();
    }
    danFollows.stop();
    await dan[Symbol.asyncDispose]();
  });

  it('a first message to the blocker opens no conversation for them', async () => {
    const [dan, eve] = [await person(node, 'dan'), await person(node, 'eve')];
    await blockUser(dan, eve);
    expect((await sendPrivate(eve, dan, 'hi')).delivered).toBe(false);
    expect((await directConversations(dan)).edges).toEqual([]);
    expect((await directConversations(eve)).edges.length).toBe(1);
    for (const someone of [dan, eve]) await someone[Symbol.asyncDispose]();
  });

  it('a deletion reaches both, and what was hidden stays hidden after the block', async () => {
    const sent = await sendPrivate(bob, ann, 'hidden for good');
    await unblockUser(ann, bob);
    const received = ann.follow(`subscription { privateMessages { ${selection} } }`);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    await sendPrivate(bob, ann, 'visible again', { replyToId: sent.message.id });
    await received.find(({ message }) => message?.body === 'visible again');
    const { conversation } = await ann.query(
      'query ($id: ID!) { conversation(id: $id) { unreadCount messages { edges { node { body replyTo { body } } } } } }',
      { id: conversations.ann },
    );
    expect(conversation).toEqual({
      unreadCount: 1,
      messages: {
        edges: [
          { node: { body: 'an answer', replyTo: null } },
          { node: { body: 'visible again', replyTo: null } },
        ],
      },
    });
    await deleteMessage(bob, { messageId: sent.message.id });
    await sendPrivate(bob, ann, 'after the deletion');
    await received.find(({ message }) => message?.body === 'after the deletion');
    expect(received.events.map(({ __typename }) => __typename)).toEqual([
      'CaughtUp',
      'MessageSent',
      'MessageSent',
    ]);
    received.stop();
  });

  it('are listed with the last one first, reach the other devices, and are exported', async () => {
    const device = ann.follow(
      'subscription { notifications { __typename ... on BlockChanged { user { username } isBlocked } } }',
    );
    await device.find(({ __typename }) => __typename === 'CaughtUp');
    for (const someone of [cat, bob, bob]) await blockUser(ann, someone);
    const listed = async () =>
      (await ann.query('{ blockedUsers { edges { node { username } } } }')).blockedUsers.edges.map(
        ({ node: one }: any) => one.username,
      );
    expect(await listed()).toEqual(['bob', 'cat']);
    await unblockUser(ann, cat);
    const changes = () => device.events.filter(({ __typename }) => __typename === 'BlockChanged');
    await until('three changes', () => changes().length >= 3);
    expect(changes().map(({ user, isBlocked }) => [user.username, isBlocked])).toEqual([
      ['cat', true],
      ['bob', true],
      ['cat', false],
    ]);
    expect(await listed()).toEqual(['bob']);
    const { exportMyData } = await ann.query('mutation { exportMyData { data } }');
    expect(exportMyData.data.blockedUsers).toMatchObject([{ blockedId: bob.id }]);
    expect(await outcome(blockUser(ann, ann))).toBe('CONFLICT');
    device.stop();
  });
}
