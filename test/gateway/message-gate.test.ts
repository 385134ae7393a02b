import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import { startGatedNode, type GatedNode } from '../support/gate.ts';
import { bytesOf, sendFiles, upload } from '../support/files.ts';
import { deleteMessage, editMessage, followMessages, messagesNow } from '../support/messages.ts';
import { inSeconds, muteMember } from '../support/moderating.ts';
import { signBySecret } from '../support/notifications.ts';
import { Person, person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, guest, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { metric } from '../support/unread.ts';

let gated: GatedNode;
let ann: Person, bob: Person, cat: Person;
let shop: TestService;
beforeAll(async () => {
  gated = await startGatedNode();
  [ann, bob, cat] = (await Promise.all(
    ['ann', 'bob', 'cat'].map((name) => person(gated.node, name)),
  )) as [Person, Person, Person];
  shop = await service(gated.node);
});
afterAll(async () => {
  for (const someone of [ann, bob, cat]) await someone[Symbol.asyncDispose]();
  await gated[Symbol.asyncDispose]();
});
beforeEach(() => gated.decideWith(() => ({ action: 'allow' })));

let rooms = 0;
/** Owned by ann, with bob in it. */
async function newRoom(): Promise<string> {
  const { id: roomId } = await createRoom(ann, { name: `room ${++rooms}` });
  await joinRoom(bob, { roomId });
  return roomId;
}
const asked = () => gated.questions.map(({ body: { data } }) => data.message.body);
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    ({ code, message }) => `${code} ${message}`,
  );
const sendOnce = async (someone: Person, input: Record<string, unknown>): Promise<any> =>
  (
    await someone.query(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { id body } } }',
      { input },
    )
  ).sendMessage;

describe('the message gate', () => {
  it('is asked with a signature that the stock library verifies', async () => {
    await send(ann, await newRoom(), 'hello');
    const { text, id, ...question } = gated.questions[0]!;
    const headers = question.headers as Record<string, string>;
    expect(id).toMatch(/^gate_/);
    expect(new Verifier(gated.secret).verify(text, headers)).toMatchObject({
      type: 'BeforeMessageSent',
    });
    expect(() => new Verifier(gated.secret).verify(`${text} `, headers)).toThrow();
    expect(headers['content-type']).toBe('application/json');
  });

  it('receives the author, the conversation and the message', async () => {
    const {
      rooms: [room],
    } = await shop.mutate(
      'upsertRooms',
      'UpsertRoomsInput',
      { rooms: [{ externalId: 'order-1', name: 'Order 1', metadata: { orderId: '42' } }] },
      'rooms { id }',
    );
    await joinRoom(ann, { roomId: room.id });
    await send(ann, room.id, 'hello', { metadata: { a: 1 } });
    expect(gated.questions[0]!.body).toEqual({
      type: 'BeforeMessageSent',
      timestamp: expect.any(String),
      data: {
        conversationId: room.id,
        message: {
          id: null,
          replyToId: null,
          body: 'hello',
          metadata: { a: 1 },
          attachments: [],
          author: {
            id: ann.id,
            externalId: null,
            username: 'ann',
            displayName: 'ann',
            isGuest: false,
            isBot: false,
          },
          conversation: {
            type: 'Room',
            id: room.id,
            externalId: 'order-1',
            name: 'Order 1',
            topic: null,
            visibility: 'PUBLIC',
            metadata: { orderId: '42' },
          },
        },
      },
    });
  });

  it('decides in all kinds of conversation, about guests, and about bots with a token of their own', async () => {
    const { conversation } = await sendPrivate(ann, bob, 'first');
    await send(bob, conversation.id, 'second');
    const support = await mySupport(ann);
    await send(ann, support.id, 'help');
    const roomId = await newRoom();
    await using visitor = await guest(gated.node, 'Visitor');
    await joinRoom(visitor, { roomId });
    await send(visitor, roomId, 'from a guest');
    await shop.mutate(
      'upsertUsers',
      'UpsertUsersInput',
      { users: [{ externalId: 'bot-1', username: 'helper', isBot: true }] },
      'createdCount',
    );
    await using bot = new Person(gated.node, {
      accessToken: await signBySecret(gated.node, { sub: 'bot-1' }),
      refreshToken: null,
      user: { id: '', username: 'helper' },
    });
    await joinRoom(bot, { roomId });
    await send(bot, roomId, 'from a bot');
    const twoSides = {
      type: 'DirectConversation',
      id: conversation.id,
      userIds: [ann.id, bob.id].toSorted(),
    };
    expect(gated.questions.map(({ body }) => body.data.message)).toMatchObject([
      { body: 'first', conversation: twoSides },
      { body: 'second', conversation: twoSides },
      {
        body: 'help',
        conversation: { type: 'SupportConversation', id: support.id, userIds: [ann.id] },
      },
      { body: 'from a guest', author: { isGuest: true, displayName: 'Visitor' } },
      { body: 'from a bot', author: { isBot: true, externalId: 'bot-1' } },
    ]);
  });

  it('refuses with a text for the sender, and nothing is stored', async () => {
    const roomId = await newRoom();
    gated.decideWith(() => ({ action: 'refuse', message: ' No phone numbers, please. ' }));
    expect(await refusal(send(ann, roomId, '0170 1234'))).toBe(
      'FORBIDDEN No phone numbers, please.',
    );
    expect(await refusal(sendPrivate(ann, cat, 'first'))).toMatch(/^FORBIDDEN No phone/);
    gated.decideWith(() => ({ action: 'refuse', message: `${'x'.repeat(500)}y` }));
    expect(await refusal(send(ann, roomId, 'x'))).toBe(`FORBIDDEN ${'x'.repeat(500)}`);
    for (const message of ['', '\u0000', '\u200b', 7 as unknown as string, undefined]) {
      gated.decideWith(() => ({ action: 'refuse', message }));
      expect(await refusal(send(ann, roomId, 'x'))).toBe(
        'FORBIDDEN This message is not allowed here.',
      );
    }
    expect(await messagesNow(ann, roomId)).toEqual([]);
    const { directConversations } = await ann.query(
      '{ directConversations { edges { node { peer { username } } } } }',
    );
    expect(JSON.stringify(directConversations)).not.toContain('cat');
  });

  it('rewrites body and metadata, with all that follows from them', async () => {
    const roomId = await newRoom();
    const received = followMessages(bob, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    gated.decideWith(() => ({
      action: 'rewrite',
      body: '  Cafe\u0301 with @bob\r\n',
      metadata: { isChecked: true },
    }));
    await send(ann, roomId, 'zanzibar @cat', { metadata: { a: 1 } });
    const stored = {
      body: 'Caf\u00e9 with @bob',
      metadata: { isChecked: true },
      mentions: [{ username: 'bob' }],
      editedAt: null,
    };
    expect(await messagesNow(bob, roomId)).toMatchObject([stored]);
    const { message } = await received.find(({ __typename }) => __typename === 'MessageSent');
    expect(message).toMatchObject(stored);
    const found = await bob.query(
      '{ old: searchMessages(query: "zanzibar") { edges { node { id } } } new: searchMessages(query: "cafe") { edges { node { body } } } }',
    );
    expect(found).toMatchObject({
      old: { edges: [] },
      new: { edges: [{ node: { body: stored.body } }] },
    });
    gated.decideWith(() => ({ action: 'rewrite', metadata: { b: 2 } }));
    await send(ann, roomId, 'as it is');
    expect((await messagesNow(bob, roomId)).at(-1)).toMatchObject({
      body: 'as it is',
      metadata: { b: 2 },
    });
    received.stop();
  });

  it('receives the attachments of the author, and may empty the text of such a message', async () => {
    const roomId = await newRoom();
    const files = [
      await upload(gated.node, ann, bytesOf(10), 'one.bin'),
      await upload(gated.node, ann, bytesOf(20), 'two.bin'),
    ].toReversed();
    const ids = files.map(({ id }) => id);
    const input = { body: 'call me', idempotencyKey: 'files' };
    gated.decideWith(() => ({ action: 'rewrite', body: ' ' }));
    const sent = await sendFiles(ann, roomId, ids, input);
    expect(sent).toMatchObject({ body: '', attachments: files.map(({ id }) => ({ id })) });
    expect(gated.questions[0]!.body.data.message.attachments).toEqual([
      { id: ids[0], fileName: 'two.bin', contentType: expect.any(String), sizeBytes: 20 },
      { id: ids[1], fileName: 'one.bin', contentType: expect.any(String), sizeBytes: 10 },
    ]);
    expect(await sendFiles(ann, roomId, ids, input)).toMatchObject({ id: sent.id });
    await editMessage(ann, { messageId: sent.id, body: 'again' });
    expect(gated.questions.at(-1)!.body.data.message.attachments).toHaveLength(2);
    const ofBob = await upload(gated.node, bob, bytesOf(10), 'secret.bin');
    expect(await refusal(sendFiles(ann, roomId, [ofBob.id], { body: 'x' }))).toMatch(/^NOT_FOUND/);
    expect(gated.questions.at(-1)!.body.data.message.attachments).toEqual([]);
  });

  it('decides about edits, with the message as it will be', async () => {
    const roomId = await newRoom();
    const { id: messageId } = await send(ann, roomId, 'hello', { metadata: { a: 1 } });
    gated.decideWith(() => ({ action: 'rewrite', body: 'h***o' }));
    expect(await editMessage(ann, { messageId, body: 'hallo' })).toMatchObject({
      body: 'h***o',
      metadata: { a: 1 },
    });
    expect(gated.questions[0]!.body).toMatchObject({
      type: 'BeforeMessageEdited',
      data: { message: { id: messageId, body: 'hallo', metadata: { a: 1 } } },
    });
    gated.decideWith(() => ({ action: 'refuse', message: 'No.' }));
    expect(await refusal(editMessage(ann, { messageId, metadata: { a: 2 } }))).toBe(
      'FORBIDDEN No.',
    );
    expect(gated.questions[0]!.body.data.message).toMatchObject({
      body: 'h***o',
      metadata: { a: 2 },
    });
    expect(await messagesNow(ann, roomId)).toMatchObject([{ body: 'h***o', metadata: { a: 1 } }]);
  });

  /** The content as the gate saw it, without what it refused. */
  const seenWhole = () =>
    gated.questions.map(({ body: { data } }) => [data.message.body, data.message.metadata]);

  it('decides about the whole message if its text and its metadata are edited at once', async () => {
    const { id: messageId } = await send(ann, await newRoom(), 'old', { metadata: { a: 'old' } });
    // Another connection, because a node asks about the edits of one user one after another.
    await using elsewhere = await startGatedNode({ settings: gated.node.settings });
    await using annElsewhere = new Person(elsewhere.node, {
      accessToken: ann.token,
      refreshToken: null,
      user: { id: ann.id, username: 'ann' },
    });
    let meet = () => {};
    const haveMet = new Promise<void>((resolve) => (meet = resolve));
    gated.decideWith(async () => {
      if (gated.questions.length > 1) meet();
      await haveMet;
      return { action: 'allow' };
    });
    await Promise.all([
      editMessage(ann, { messageId, body: 'new' }),
      editMessage(annElsewhere, { messageId, metadata: { a: 'new' } }),
    ]);
    const { message } = await ann.query('query ($id: ID!) { message(id: $id) { body metadata } }', {
      id: messageId,
    });
    expect(message).toEqual({ body: 'new', metadata: { a: 'new' } });
    expect(seenWhole()).toContainEqual(['new', { a: 'new' }]);
    expect(gated.questions).toHaveLength(3);
  });

  it('refuses an edit of a message that changes each time it decides', async () => {
    const { id: messageId } = await send(ann, await newRoom(), 'old');
    let edits = 0;
    gated.decideWith(async () => {
      await shop.mutate(
        'editMessage',
        'EditMessageInput',
        { messageId, metadata: { edits: ++edits } },
        'message { id }',
      );
      return { action: 'allow' };
    });
    expect(await refusal(editMessage(ann, { messageId, body: 'new' }))).toMatch(/^CONFLICT/);
    expect(edits).toBe(3);
  });

  it('is not asked about messages that will not be stored', async () => {
    const roomId = await newRoom();
    const { id: messageId } = await send(ann, roomId, 'hello');
    const { id: deletedId } = await send(ann, roomId, 'bye');
    await deleteMessage(ann, { messageId: deletedId });
    await muteMember(ann, { roomId, userId: bob.id, until: inSeconds(600) });
    gated.decideWith(() => ({ action: 'allow' }));
    expect(await refusal(send(cat, roomId, 'x'))).toMatch(/^FORBIDDEN Join/);
    expect(await refusal(send(bob, roomId, 'x'))).toMatch(/^FORBIDDEN .*muted/);
    expect(await refusal(send(ann, ann.id, 'x'))).toMatch(/^NOT_FOUND/);
    expect(await refusal(send(ann, roomId, '\u200b'))).toMatch(/^INVALID/);
    expect(await refusal(editMessage(bob, { messageId, body: 'x' }))).toMatch(/^FORBIDDEN/);
    expect(await refusal(editMessage(ann, { messageId: deletedId, body: 'x' }))).toMatch(
      /^CONFLICT/,
    );
    await editMessage(ann, { messageId, body: 'hello' });
    expect(asked()).toEqual([]);
  });

  it('is not asked about messages of backends', async () => {
    const roomId = await newRoom();
    for (const kind of ['TEXT', 'SYSTEM'])
      await shop.mutate(
        'sendMessage',
        'SendMessageInput',
        { conversationId: roomId, authorId: ann.id, body: 'x', kind },
        'duplicate',
      );
    await shop.mutate(
      'importMessages',
      'ImportMessagesInput',
      {
        conversationId: roomId,
        messages: [
          { externalId: 'm1', authorId: ann.id, body: 'x', createdAt: '2020-01-01T00:00:00Z' },
        ],
      },
      'importedCount',
    );
    await shop.mutate(
      'editMessage',
      'EditMessageInput',
      { messageId: 'external:m1', body: 'y' },
      'message { id }',
    );
    expect(asked()).toEqual([]);
    await send(ann, roomId, 'control');
    expect(asked()).toEqual(['control']);
  });

  it('is asked once about a message that is sent again [P6]', async () => {
    const input = { conversationId: await newRoom(), idempotencyKey: 'k', body: 'hello' };
    gated.decideWith(() => ({ action: 'rewrite', body: 'bonjour', metadata: { a: 1 } }));
    const first = await sendOnce(ann, input);
    expect(first).toMatchObject({ duplicate: false, message: { body: 'bonjour' } });
    expect(await sendOnce(ann, input)).toEqual({ ...first, duplicate: true });
    expect(await refusal(sendOnce(ann, { ...input, body: 'bonjour' }))).toMatch(/^CONFLICT/);
    await editMessage(ann, { messageId: first.message.id, metadata: { b: 2 } });
    expect(await sendOnce(ann, input)).toEqual({ ...first, duplicate: true });
    expect(asked()).toEqual(['hello', 'bonjour']);
  });

  it('may decide differently about a message that is sent twice at once [P6]', async () => {
    for (const first of ['one', undefined]) {
      // Another connection, so that the second send overtakes the first.
      await using elsewhere = await startGatedNode({ settings: gated.node.settings });
      const input = { conversationId: await newRoom(), idempotencyKey: 'k', body: 'hello' };
      const answer = (body?: string) =>
        body === undefined
          ? ({ action: 'allow' } as const)
          : ({ action: 'rewrite', body } as const);
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      let isHeld = false;
      gated.decideWith(async () => {
        if (isHeld) return answer(first);
        isHeld = true;
        await held;
        return answer('two');
      });
      const late = sendOnce(ann, input);
      await expect.poll(() => isHeld, { timeout: 15_000 }).toBe(true);
      await using annElsewhere = new Person(elsewhere.node, {
        accessToken: ann.token,
        refreshToken: null,
        user: { id: ann.id, username: 'ann' },
      });
      const early = await sendOnce(annElsewhere, input);
      release();
      expect(early).toMatchObject({ duplicate: false, message: { body: first ?? 'hello' } });
      expect(await late).toEqual({ ...early, duplicate: true });
    }
  });

  it('keeps the order of the messages of one user', async () => {
    const roomId = await newRoom();
    let isFirst = true;
    gated.decideWith(async () => {
      const delayMs = isFirst ? 300 : 0;
      isFirst = false;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return { action: 'allow' };
    });
    await Promise.all(
      ['1', '2', '3'].map(async (body) => {
        await send(ann, roomId, body);
      }),
    );
    expect((await messagesNow(ann, roomId)).map(({ body }) => body)).toEqual(asked());
  });

  it('is counted in the metrics', async () => {
    const { url } = gated.node;
    const counted = (outcome: string) =>
      metric(url, `causerie_gate_decisions_total{outcome="${outcome}"}`);
    const before = await Promise.all(['allow', 'refuse'].map(counted));
    const answeredBefore = await metric(url, 'causerie_gate_duration_seconds_count');
    const roomId = await newRoom();
    await send(ann, roomId, 'x');
    gated.decideWith(() => ({ action: 'refuse' }));
    await refusal(send(ann, roomId, 'x'));
    expect(await Promise.all(['allow', 'refuse'].map(counted))).toEqual(
      before.map((count) => count + 1),
    );
    expect(await metric(url, 'causerie_gate_duration_seconds_count')).toBe(answeredBefore + 2);
  });
});
