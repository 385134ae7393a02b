import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage, editMessage, followMessages } from '../support/messages.ts';
import { inSeconds, muteMember } from '../support/moderating.ts';
import { notificationsOf, signBySecret } from '../support/notifications.ts';
import { Person, person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { goOnline } from '../support/presence.ts';
import { createRoom, joinRoom, updateRoom } from '../support/rooms.ts';
import { followLive, send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const fields =
  'id seq kind body metadata externalId sentBy importedAt createdAt isMine author { id username isBot } mentions { username }';

export function describeBackendMessages({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person;
  let shop: TestService;
  let botId: string;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'ann' },
    });
    [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
    shop = await service(node);
    botId = (
      await shop.mutate(
        'upsertUsers',
        'UpsertUsersInput',
        { users: [{ externalId: 'bot-1', username: 'helper', isBot: true }] },
        'users { id isBot }',
      )
    ).users[0].id;
  });
  afterAll(async () => {
    for (const someone of [ann, bob]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  const newRoom = async (members: readonly Person[] = [bob]): Promise<string> => {
    const { id: roomId } = await createRoom(ann, { name: `room ${Math.random()}` });
    for (const someone of members) await joinRoom(someone, { roomId });
    return roomId;
  };
  const sendAs = async (input: Record<string, unknown>): Promise<any> =>
    (
      await shop.mutate(
        'sendMessage',
        'SendMessageInput',
        { body: 'hello', ...input },
        `duplicate message { ${fields} }`,
      )
    ).message;
  const sendAsUser = async (someone: Person, input: Record<string, unknown>): Promise<any> =>
    (
      await someone.query(
        `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { ${fields} } } }`,
        { input: { body: 'hello', ...input } },
      )
    ).sendMessage.message;
  const standingOf = async (someone: Person, id: string): Promise<any> => {
    const { conversation } = await someone.query(
      'query ($id: ID!) { conversation(id: $id) { unreadCount viewerMember { lastReadSeq } } }',
      { id },
    );
    return {
      unread: conversation.unreadCount,
      readUpTo: conversation.viewerMember?.lastReadSeq,
    };
  };
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      ({ code, message }) => `${code} ${message}`,
    );

  describe('a service that sends', () => {
    it('writes in the name of a member, and the message says so', async () => {
      const roomId = await newRoom();
      const received = await followLive(bob, roomId);
      const message = await sendAs({
        conversationId: roomId,
        authorId: ann.id,
        metadata: { orderId: 42 },
      });
      expect(message).toMatchObject({
        kind: 'TEXT',
        body: 'hello',
        metadata: { orderId: 42 },
        sentBy: 'shop',
        externalId: null,
        importedAt: null,
        isMine: false,
        author: { id: ann.id, isBot: false },
      });
      const { message: sent } = await received.find(({ message: one }) => one?.id === message.id);
      expect(sent).toMatchObject({ body: 'hello' });
      expect(await standingOf(ann, roomId)).toEqual({ unread: 0, readUpTo: 1 });
      expect(await standingOf(bob, roomId)).toEqual({ unread: 1, readUpTo: 0 });
    });

    it('can pass the ids of the application, and is in the audit log', async () => {
      await shop.mutate(
        'upsertRooms',
        'UpsertRoomsInput',
        { rooms: [{ externalId: 'order-1', ownerId: 'external:bot-1' }] },
        'createdCount',
      );
      const message = await sendAs({
        conversationId: 'external:order-1',
        authorId: 'external:bot-1',
      });
      expect(message).toMatchObject({ sentBy: 'shop', author: { id: botId, isBot: true } });
      const { auditLog } = await ann.query(
        '{ auditLog(first: 1) { edges { node { action service user { id } target } } } }',
      );
      expect(auditLog.edges).toMatchObject([
        {
          node: {
            action: 'sendMessage',
            service: 'shop',
            user: { id: botId },
            target: 'external:order-1 external:bot-1',
          },
        },
      ]);
    });

    it('needs an author who is a member, in a room that is open', async () => {
      const roomId = await newRoom([]);
      const attempt = (input: Record<string, unknown>) =>
        refusal(sendAs({ conversationId: roomId, authorId: ann.id, ...input }));
      expect(await attempt({ authorId: undefined })).toMatch(/^INVALID Pass `authorId`/);
      expect(await attempt({ authorId: bob.id })).toMatch(/^FORBIDDEN The author is not a member/);
      expect(await attempt({ authorId: 'external:nobody' })).toMatch(/^NOT_FOUND .*authorId/);
      expect(await attempt({ conversationId: 'external:none' })).toMatch(/^NOT_FOUND/);
      expect(await attempt({ conversationId: bob.id })).toMatch(/^NOT_FOUND/);
      expect(await attempt({ body: ' ' })).toMatch(/^INVALID/);
      await updateRoom(ann, { roomId, archived: true });
      expect(await attempt({})).toMatch(/^FORBIDDEN .*archived/);
    });

    it('is not slowed, but a mute of the author holds', async () => {
      const roomId = await newRoom();
      await updateRoom(ann, { roomId, slowModeSeconds: 600 });
      const text = { conversationId: roomId, authorId: bob.id };
      await sendAs(text);
      await sendAs(text);
      expect(await refusal(sendAsUser(bob, { conversationId: roomId }))).toMatch(/^RATE_LIMITED/);
      await muteMember(ann, { roomId, userId: bob.id, until: inSeconds(600) });
      expect(await refusal(sendAs(text))).toMatch(/^FORBIDDEN .*muted/);
      expect(await sendAs({ ...text, kind: 'SYSTEM' })).toMatchObject({ seq: 3, kind: 'SYSTEM' });
    });
  });

  describe('a system message', () => {
    it('does not count as unread, deleted or not, and moves no read marker', async () => {
      const roomId = await newRoom();
      const system = { conversationId: roomId, authorId: ann.id, kind: 'SYSTEM' };
      await send(ann, roomId, 'one');
      const { id } = await sendAs(system);
      await sendAs(system);
      await send(ann, roomId, 'two');
      await sendAs(system);
      expect(await standingOf(bob, roomId)).toEqual({ unread: 2, readUpTo: 0 });
      expect(await standingOf(ann, roomId)).toEqual({ unread: 0, readUpTo: 4 });
      await deleteMessage(ann, { messageId: id });
      expect(await standingOf(bob, roomId)).toMatchObject({ unread: 2 });
    });

    it('mentions without a notification', async () => {
      const roomId = await newRoom();
      const line = { conversationId: roomId, authorId: ann.id, body: '@bob joined the order' };
      expect(await sendAs({ ...line, kind: 'SYSTEM' })).toMatchObject({
        mentions: [{ username: 'bob' }],
      });
      const { id } = await sendAs(line);
      await until('the mention', async () =>
        (await notificationsOf(bob)).some(({ data }) => data.messageId === id),
      );
      const inRoom = (await notificationsOf(bob)).filter(
        ({ data }) => data.conversationId === roomId,
      );
      expect(inRoom).toHaveLength(1);
    });
  });

  describe('metadata of a message', () => {
    it('can come from its sender, up to 8 KiB, and goes with a deletion [P17]', async () => {
      const roomId = await newRoom();
      const metadata = { note: 'x'.repeat(8000) };
      const { id } = await sendAsUser(ann, { conversationId: roomId, metadata });
      const exported = async (): Promise<any> =>
        (await ann.query('mutation { exportMyData { data } }')).exportMyData.data.messages.find(
          (one: any) => one.id === id,
        );
      expect(await exported()).toMatchObject({ metadata, kind: 'TEXT', sentBy: null });
      await deleteMessage(ann, { messageId: id });
      expect(await exported()).toMatchObject({ body: null, metadata: {} });
      expect(
        await refusal(
          sendAsUser(ann, { conversationId: roomId, metadata: { note: 'x'.repeat(9000) } }),
        ),
      ).toMatch(/^INVALID .*8192/);
    });

    it('makes another message of a repeated key [P6]', async () => {
      const roomId = await newRoom();
      const first = { conversationId: roomId, idempotencyKey: 'k', metadata: { a: 1, b: [2] } };
      const { id } = await sendAsUser(ann, first);
      expect(await sendAsUser(ann, { ...first, metadata: { b: [2], a: 1 } })).toMatchObject({ id });
      expect(await refusal(sendAsUser(ann, { ...first, metadata: {} }))).toMatch(/^CONFLICT/);
    });
  });

  describe('a service that changes messages', () => {
    const change = async (name: 'edit' | 'delete', input: Record<string, unknown>): Promise<any> =>
      (
        await shop.mutate(
          `${name}Message`,
          name === 'edit' ? 'EditMessageInput' : 'DeleteMessageInput',
          input,
          `message { ${fields} editedAt deletedAt }`,
        )
      ).message;

    it('edits messages of bots and of users; a new text has the name of the service', async () => {
      const roomId = await newRoom();
      const received = followMessages(bob, roomId);
      await received.find(({ __typename }) => __typename === 'CaughtUp');
      const { id: messageId } = await sendAsUser(bob, { conversationId: roomId });
      const annotated = await change('edit', { messageId, metadata: { language: 'en' } });
      expect(annotated).toMatchObject({
        body: 'hello',
        metadata: { language: 'en' },
        sentBy: null,
        editedAt: null,
      });
      const edited = await change('edit', { messageId, body: 'hello @ann' });
      expect(edited).toMatchObject({
        body: 'hello @ann',
        metadata: { language: 'en' },
        mentions: [{ username: 'ann' }],
        sentBy: 'shop',
        author: { id: bob.id },
        editedAt: expect.any(String),
      });
      const { message } = await received.find(({ message: one }) => one?.body === 'hello @ann');
      expect(message).toMatchObject({ id: messageId });
      received.stop();

      await shop.mutate(
        'addMembers',
        'AddMembersInput',
        { roomId, userIds: [botId] },
        'changedCount',
      );
      const { id: ofBot } = await sendAs({ conversationId: roomId, authorId: botId });
      expect(await change('edit', { messageId: ofBot, body: 'step 2' })).toMatchObject({
        body: 'step 2',
      });
    });

    it('edits while the author may write; a mute does not concern system messages', async () => {
      const roomId = await newRoom();
      const { id: messageId } = await sendAsUser(bob, { conversationId: roomId });
      const { id: ofSystem } = await sendAs({
        conversationId: roomId,
        authorId: bob.id,
        kind: 'SYSTEM',
      });
      const attempt = (id: string) => refusal(change('edit', { messageId: id, body: 'x' }));
      await muteMember(ann, { roomId, userId: bob.id, until: inSeconds(600) });
      expect(await attempt(messageId)).toMatch(/^FORBIDDEN .*muted/);
      expect(await attempt(ofSystem)).toBe('done');
      await updateRoom(ann, { roomId, archived: true });
      expect(await attempt(ofSystem)).toMatch(/^FORBIDDEN .*archived/);
      await updateRoom(ann, { roomId, archived: false });
      await shop.mutate(
        'removeMembers',
        'RemoveMembersInput',
        { roomId, userIds: [bob.id] },
        'changedCount',
      );
      expect(await attempt(messageId)).toMatch(
        /^FORBIDDEN The author of this message is no longer/,
      );
      expect(await change('delete', { messageId })).toMatchObject({ body: null });
      expect(await attempt(messageId)).toMatch(/^FORBIDDEN/);
    });

    it('deletes messages of all authors, also in private rooms and direct conversations', async () => {
      const { message } = await sendPrivate(ann, bob, 'secret');
      const { id: room } = await createRoom(bob, {
        name: `room ${Math.random()}`,
        visibility: 'PRIVATE',
      });
      const inRoom = await sendAsUser(bob, { conversationId: room });
      for (const { id: messageId } of [message, inRoom])
        expect(await change('delete', { messageId })).toMatchObject({
          body: null,
          deletedAt: expect.any(String),
        });
      expect(await refusal(change('edit', { messageId: inRoom.id, body: 'x' }))).toMatch(
        /^CONFLICT/,
      );
    });

    it('is in the audit log, with the author, and not in the moderation log', async () => {
      const roomId = await newRoom();
      const { id: messageId } = await sendAsUser(bob, { conversationId: roomId });
      await change('edit', { messageId, body: 'x' });
      await change('delete', { messageId });
      const { auditLog, moderationLog } = await ann.query(
        `query ($roomId: ID!) {
          auditLog(first: 2) { edges { node { action service user { id } target } } }
          moderationLog(roomId: $roomId) { edges { node { id } } }
        }`,
        { roomId },
      );
      const entry = { service: 'shop', user: { id: bob.id }, target: messageId };
      expect(auditLog.edges.map(({ node: one }: any) => one)).toEqual([
        { action: 'deleteMessage', ...entry },
        { action: 'editMessage', ...entry },
      ]);
      expect(moderationLog.edges).toEqual([]);
    });

    it('can name imported messages by the id of the application', async () => {
      const roomId = await newRoom();
      await shop.mutate(
        'importMessages',
        'ImportMessagesInput',
        {
          conversationId: roomId,
          messages: [
            {
              externalId: 'old-1',
              authorId: bob.id,
              body: 'hello',
              createdAt: '2020-01-01T00:00:00Z',
            },
          ],
        },
        'importedCount',
      );
      const messageId = 'external:old-1';
      expect(await change('edit', { messageId, body: 'hi' })).toMatchObject({
        body: 'hi',
        externalId: 'old-1',
      });
      expect(await change('delete', { messageId })).toMatchObject({ body: null });
    });

    it('receives refusals that say what is wrong', async () => {
      const roomId = await newRoom();
      const { id: messageId } = await sendAs({ conversationId: roomId, authorId: ann.id });
      for (const unknown of ['external:unknown', 'unknown', roomId])
        for (const name of ['edit', 'delete'] as const)
          expect(
            await refusal(
              change(name, { messageId: unknown, ...(name === 'edit' && { body: 'x' }) }),
            ),
          ).toMatch(/^NOT_FOUND/);
      expect(await refusal(change('delete', { messageId, reason: 'spam' }))).toMatch(
        /^INVALID .*audit log/,
      );
    });

    it('[P11] keeps its system messages and its metadata from their author', async () => {
      const roomId = await newRoom();
      const line = { conversationId: roomId, authorId: bob.id, metadata: { isPaid: false } };
      const [text, system] = [await sendAs(line), await sendAs({ ...line, kind: 'SYSTEM' })];
      const attempt = (messageId: string, more: object) =>
        refusal(editMessage(bob, { messageId, ...more }));
      expect(await attempt(text.id, { metadata: { isPaid: true } })).toMatch(
        /^FORBIDDEN .*backend/,
      );
      expect(await attempt(system.id, { body: 'paid' })).toMatch(/^FORBIDDEN .*backends/);
      expect(await attempt(text.id, { body: 'hi' })).toBe('done');
    });
  });

  it('[P11] users cannot name an author or a kind', async () => {
    const roomId = await newRoom();
    for (const more of [{ authorId: bob.id }, { authorId: ann.id }, { kind: 'SYSTEM' }])
      expect(await refusal(sendAsUser(ann, { conversationId: roomId, ...more }))).toMatch(
        /^FORBIDDEN Only backends/,
      );
  });

  describe('a bot', () => {
    it('is never online, while a user is', async () => {
      const accessToken = await signBySecret(node, { sub: 'bot-1' });
      await using bot = new Person(node, {
        accessToken,
        refreshToken: null,
        user: { id: botId, username: 'helper' },
      });
      await goOnline(bot);
      await goOnline(bob);
      const isOnline = async (id: string): Promise<boolean> =>
        (await ann.query('query ($id: ID!) { user(id: $id) { isOnline } }', { id })).user.isOnline;
      await until('bob is online', () => isOnline(bob.id));
      expect(await isOnline(botId)).toBe(false);
    });

    it('remains one, until the backend says otherwise', async () => {
      const upsert = async (more: object): Promise<any> =>
        (
          await shop.mutate(
            'upsertUsers',
            'UpsertUsersInput',
            { users: [{ externalId: 'bot-2', ...more }] },
            'users { isBot }',
          )
        ).users[0].isBot;
      expect(await upsert({})).toBe(false);
      expect(await upsert({ isBot: true })).toBe(true);
      expect(await upsert({ displayName: 'Bot' })).toBe(true);
      expect(await upsert({ isBot: false })).toBe(false);
    });
  });
}
