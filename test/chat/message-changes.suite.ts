import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addReaction,
  bodiesFound,
  deleteMessage,
  editMessage,
  followMessages,
  messagesNow,
} from '../support/messages.ts';
import {
  banMember,
  inSeconds,
  kickMember,
  moderationLog,
  muteMember,
  reportMessage,
  reports,
  setMemberRole,
} from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import {
  createRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  updateRoom,
} from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

export function describeMessageChanges({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person, root: Person;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    [ann, bob, cat, root] = (await Promise.all(
      ['ann', 'bob', 'cat', 'root'].map((name) => person(node, name)),
    )) as [Person, Person, Person, Person];
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat, root]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  let rooms = 0;
  /** Owned by ann, with bob in it. */
  async function newRoom(visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC'): Promise<string> {
    const { id } = await createRoom(ann, { name: `room ${++rooms}`, visibility });
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id] });
    return id;
  }
  const live = async (someone: Person, roomId: string) => {
    const received = followMessages(someone, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    return received;
  };
  const refused = (code: string) => expect.objectContaining({ code });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );
  const someId = '01890000-0000-7000-8000-000000000000';

  it('an edit changes the text, the mentions and the time, and is published', async () => {
    const roomId = await newRoom();
    const received = await live(ann, roomId);
    const { id } = await send(bob, roomId, 'hello @ann');
    const edited = await editMessage(bob, {
      messageId: id.toUpperCase(),
      body: '  hello @cat.smith, `@bob`, @nobody and @cat \r\n',
    });
    expect(edited).toMatchObject({
      id,
      seq: 1,
      body: 'hello @cat.smith, `@bob`, @nobody and @cat',
      mentions: [{ username: 'cat' }],
      deletedAt: null,
    });
    expect(Date.parse(edited.editedAt)).toBeGreaterThanOrEqual(Date.parse(edited.createdAt));
    expect(
      (await received.find(({ __typename }) => __typename === 'MessageEdited')).message,
    ).toMatchObject({
      body: edited.body,
      mentions: [{ username: 'cat' }],
      editedAt: edited.editedAt,
    });
    expect(await messagesNow(ann, roomId)).toMatchObject([
      { body: edited.body, editedAt: edited.editedAt },
    ]);
    received.stop();
  });

  it('an edit of the metadata replaces it, leaves text, mentions and time, and is published', async () => {
    const roomId = await newRoom();
    const received = await live(ann, roomId);
    const { id: messageId } = await send(bob, roomId, 'hello @ann');
    expect(await editMessage(bob, { messageId, metadata: { a: 1, b: [2] } })).toMatchObject({
      body: 'hello @ann',
      mentions: [{ username: 'ann' }],
      metadata: { a: 1, b: [2] },
      editedAt: null,
    });
    const { message } = await received.find(({ __typename }) => __typename === 'MessageEdited');
    expect(message).toMatchObject({ id: messageId, metadata: { a: 1, b: [2] }, editedAt: null });
    const both = await editMessage(bob, { messageId, body: 'bye', metadata: { c: 3 } });
    expect(both).toMatchObject({ body: 'bye', mentions: [], metadata: { c: 3 } });
    expect(both.editedAt).not.toBeNull();
    expect(await messagesNow(ann, roomId)).toMatchObject([{ body: 'bye', metadata: { c: 3 } }]);
    received.stop();
  });

  it('an edit needs something to change, and metadata within its limits', async () => {
    const roomId = await newRoom();
    const { id: messageId } = await send(bob, roomId, 'hello');
    const large = { text: 'x'.repeat(8 * 1024) };
    for (const input of [{}, { metadata: large }, { body: 'bye', metadata: large }])
      await expect(editMessage(bob, { messageId, ...input })).rejects.toEqual(refused('INVALID'));
    expect(await messagesNow(bob, roomId)).toMatchObject([{ body: 'hello', metadata: {} }]);
  });

  it('a repeat of a send is recognised after an edit of its metadata [P6]', async () => {
    const roomId = await newRoom();
    const repeat = () =>
      bob.query(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { id } } }',
        {
          input: { conversationId: roomId, body: 'x', idempotencyKey: 'k', metadata: { a: 1 } },
        },
      );
    const { message } = (await repeat()).sendMessage;
    await editMessage(bob, { messageId: message.id, metadata: { a: 2 } });
    expect((await repeat()).sendMessage).toEqual({ duplicate: true, message });
  });

  it('an edit to the same text or metadata changes nothing', async () => {
    const roomId = await newRoom();
    const received = await live(ann, roomId);
    const { id } = await send(bob, roomId, 'same');
    for (const same of [{ body: ' same ' }, { metadata: {} }, { body: 'same', metadata: {} }])
      expect(await editMessage(bob, { messageId: id, ...same })).toMatchObject({ editedAt: null });
    await send(bob, roomId, 'next');
    await received.find(({ message }) => message?.body === 'next');
    expect(received.events.some(({ __typename }) => __typename === 'MessageEdited')).toBe(false);
    received.stop();
  });

  it('only the author can edit a message, and only while they may send there', async () => {
    const roomId = await newRoom();
    const { id: messageId } = await send(bob, roomId, 'mine');
    const edit = (someone: Person) => outcome(editMessage(someone, { messageId, body: 'theirs' }));
    expect([await edit(ann), await edit(cat), await edit(root)]).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    const until = inSeconds(60);
    await muteMember(ann, { roomId, userId: bob.id, until });
    await expect(editMessage(bob, { messageId, body: 'loud' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      extensions: { until },
    });
    await muteMember(ann, { roomId, userId: bob.id, until: null });
    await updateRoom(ann, { roomId, archived: true });
    expect(await edit(bob)).toBe('FORBIDDEN');
    await updateRoom(ann, { roomId, archived: false });
    await banMember(ann, { roomId, userId: bob.id, until });
    await expect(editMessage(bob, { messageId, body: 'loud' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      extensions: { until },
    });
    expect(await messagesNow(ann, roomId)).toMatchObject([{ body: 'mine', editedAt: null }]);
  });

  it('[P11] a message in a hidden private room is answered like an unknown one', async () => {
    const roomId = await newRoom('PRIVATE');
    const { id } = await send(bob, roomId, 'secret');
    await kickMember(ann, { roomId, userId: bob.id });
    for (const someone of [bob, cat, root])
      for (const attempt of [
        (messageId: string) => editMessage(someone, { messageId, body: '' }),
        (messageId: string) => deleteMessage(someone, { messageId }),
        (messageId: string) => addReaction(someone, { messageId, emoji: 'no emoji' }),
      ]) {
        const answer = (messageId: string) =>
          attempt(messageId).catch(({ code, message }) => ({ code, message }));
        expect(await answer(id)).toEqual(await answer(someId));
        expect(await answer('nonsense')).toMatchObject({ code: 'NOT_FOUND' });
      }
  });

  it('an edit follows the rules of a send: length, characters, words', async () => {
    const roomId = await newRoom();
    const { id: messageId } = await send(bob, roomId, 'short');
    for (const body of [' ', 'x'.repeat(4001), 'nul \0'])
      await expect(editMessage(bob, { messageId, body })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'body' },
      });
    expect(await editMessage(bob, { messageId, body: '💬'.repeat(4000) })).toMatchObject({
      body: '💬'.repeat(4000),
    });
  });

  it('a deleted message keeps its position and number, and nothing else of it remains', async () => {
    const roomId = await newRoom();
    const received = await live(ann, roomId);
    const { id } = await send(bob, roomId, 'unspeakable @ann');
    const answer = await send(ann, roomId, 'what?', { replyToId: id });
    await addReaction(ann, { messageId: id, emoji: '👍' });
    await reportMessage(cat, { messageId: id, reason: 'rude' });
    const deletion = await deleteMessage(bob, { messageId: id });
    expect(deletion).toMatchObject({
      id,
      seq: 1,
      body: null,
      mentions: [],
      reactions: [],
      deletedAt: expect.any(String),
      author: { username: 'bob' },
    });
    expect(
      (await received.find(({ __typename }) => __typename === 'MessageDeleted')).message,
    ).toEqual(deletion);
    expect(await messagesNow(ann, roomId)).toMatchObject([
      deletion,
      { id: answer.id, seq: 2, replyTo: { id, body: null } },
    ]);
    expect(await bodiesFound(ann, 'unspeakable')).toEqual([]);
    expect((await reports(ann, { roomId }))[0]).toMatchObject({
      reason: 'rude',
      message: { id, body: null },
    });
    const { exportMyData } = await bob.query('mutation { exportMyData { data } }');
    expect(exportMyData.data.messages.find((message: any) => message.id === id)).toMatchObject({
      body: null,
      deletedAt: deletion.deletedAt,
    });
    for (const from of [{ last: 10 }, { after: received.events[0].cursor }]) {
      const replay = followMessages(ann, roomId, from);
      await replay.find(({ __typename }) => __typename === 'CaughtUp');
      expect(replay.events.find(({ message }) => message?.id === id)).toMatchObject({
        __typename: 'MessageSent',
        message: { body: null },
      });
      expect(JSON.stringify(replay.events)).not.toContain('unspeakable');
      replay.stop();
    }
    expect(await outcome(editMessage(bob, { messageId: id, body: 'back' }))).toBe('CONFLICT');
    expect(await outcome(addReaction(ann, { messageId: id, emoji: '👍' }))).toBe('CONFLICT');
    expect(await outcome(reportMessage(root, { messageId: id, reason: 'late' }))).toBe('CONFLICT');
    received.stop();
  });

  it('a second deletion changes nothing', async () => {
    const roomId = await newRoom();
    const received = await live(ann, roomId);
    const { id: messageId } = await send(bob, roomId, 'once');
    const first = await deleteMessage(ann, { messageId, reason: 'spam' });
    expect(await deleteMessage(ann, { messageId })).toEqual(first);
    expect(await deleteMessage(bob, { messageId })).toEqual(first);
    expect((await moderationLog(ann, roomId)).edges.map(({ node }: any) => node)).toMatchObject([
      {
        action: 'delete_message',
        reason: 'spam',
        user: { username: 'bob' },
        message: { id: messageId, body: null },
      },
    ]);
    await send(ann, roomId, 'next');
    await received.find(({ message }) => message?.body === 'next');
    expect(
      received.events.filter(({ __typename }) => __typename === 'MessageDeleted'),
    ).toHaveLength(1);
    received.stop();
  });

  it('moderators and admins can delete messages of users with a lower role, and other users cannot', async () => {
    const roomId = await newRoom();
    await joinRoom(cat, { roomId });
    await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
    const byOwner = await send(ann, roomId, 'of the owner');
    const byModerator = await send(bob, roomId, 'of a moderator');
    const byMember = await send(cat, roomId, 'of a member');
    const attempt = (someone: Person, { id }: { id: string }) =>
      outcome(deleteMessage(someone, { messageId: id }));
    expect([
      await attempt(cat, byModerator),
      await attempt(cat, byOwner),
      await attempt(bob, byOwner),
    ]).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect([
      await attempt(bob, byMember),
      await attempt(ann, byModerator),
      await attempt(root, byOwner),
    ]).toEqual(['done', 'done', 'done']);
    const own = await send(ann, roomId, 'my own');
    expect(await attempt(ann, own)).toBe('done');
    expect(
      (await moderationLog(ann, roomId)).edges.map(
        ({ node }: any) => `${node.moderator.username} ${node.action} ${node.user.username}`,
      ),
    ).toEqual([
      'root delete_message ann',
      'ann delete_message bob',
      'bob delete_message cat',
      'ann set_role bob',
    ]);
  });

  it('authors can delete a message while they can see it: after leaving a public room, muted, banned, or in an archived room', async () => {
    const roomId = await newRoom();
    const gus = await guest(node, 'Gus');
    await joinRoom(gus, { roomId });
    const sent = [
      await send(bob, roomId, 'one'),
      await send(bob, roomId, 'two'),
      await send(bob, roomId, 'three'),
    ];
    const byGuest = await send(gus, roomId, 'four');
    await muteMember(ann, { roomId, userId: bob.id, until: inSeconds(60) });
    await deleteMessage(bob, { messageId: sent[0]!.id });
    await leaveRoom(bob, { roomId });
    await banMember(ann, { roomId, userId: bob.id });
    await deleteMessage(bob, { messageId: sent[1]!.id });
    await updateRoom(ann, { roomId, archived: true });
    await deleteMessage(bob, { messageId: sent[2]!.id });
    await deleteMessage(gus, { messageId: byGuest.id });
    expect((await messagesNow(ann, roomId)).map(({ seq, body }) => [seq, body])).toEqual([
      [1, null],
      [2, null],
      [3, null],
      [4, null],
    ]);
  });

  it('[P6] a repeat of the send is recognised after edits and a deletion, and returns the current message; another body is a conflict', async () => {
    const roomId = await newRoom();
    const sendMine = async (body: string, more: Record<string, unknown> = {}) =>
      (
        await bob.query(
          'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { id body editedAt deletedAt reactions { emoji } } } }',
          { input: { conversationId: roomId, body, idempotencyKey: 'k', ...more } },
        )
      ).sendMessage;
    const {
      message: { id },
    } = await sendMine('first');
    await editMessage(bob, { messageId: id, body: 'second' });
    await editMessage(bob, { messageId: id, body: 'third' });
    await addReaction(ann, { messageId: id, emoji: '🎉' });
    expect(await sendMine(' first ')).toEqual({
      duplicate: true,
      message: {
        id,
        body: 'third',
        editedAt: expect.any(String),
        deletedAt: null,
        reactions: [{ emoji: '🎉' }],
      },
    });
    for (const body of ['second', 'third'])
      await expect(sendMine(body)).rejects.toEqual(refused('CONFLICT'));
    await expect(sendMine('first', { replyToId: id })).rejects.toEqual(refused('CONFLICT'));
    await deleteMessage(ann, { messageId: id });
    expect(await sendMine('first')).toMatchObject({
      duplicate: true,
      message: { id, body: null, deletedAt: expect.any(String), reactions: [] },
    });
    await expect(sendMine('third')).rejects.toEqual(refused('CONFLICT'));
    const straight = await sendMine('gone at once', { idempotencyKey: 'l' });
    await deleteMessage(bob, { messageId: straight.message.id });
    expect(await sendMine('gone at once', { idempotencyKey: 'l' })).toMatchObject({
      duplicate: true,
      message: { id: straight.message.id, body: null },
    });
    await expect(sendMine('other', { idempotencyKey: 'l' })).rejects.toEqual(refused('CONFLICT'));
    expect(await messagesNow(ann, roomId)).toHaveLength(2);
  });
}
