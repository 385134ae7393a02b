import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, query, type Person } from '../support/person.ts';
import {
  createRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  updateRoom,
} from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const messageFields =
  'id seq body createdAt isMine author { id username } mentions { username } replyTo { id body } conversation { id }';
const sendDocument = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { ${messageFields} } } }`;
const send = async (
  who: Person,
  conversationId: string,
  body: string,
  more: Record<string, unknown> = {},
) => (await who.query(sendDocument, { input: { conversationId, body, ...more } })).sendMessage;
const refusal = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (result) => Promise.reject(new Error(`not refused: ${JSON.stringify(result)}`)),
    (error) => error,
  );

let node: TestNode;
let ann: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: '' } });
  [ann, bob, eve] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'eve'),
  ]);
});
afterAll(() => node[Symbol.asyncDispose]());

async function newRoom(
  visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC',
  members: Person[] = [bob],
): Promise<string> {
  const { id } = await createRoom(ann, { name: randomUUID(), visibility });
  if (members.length > 0)
    await inviteToRoom(ann, { roomId: id, userIds: members.map((member) => member.id) });
  return id;
}

describe('sendMessage', () => {
  it('[P6] returns the message as stored, over HTTP and over the socket', async () => {
    const room = await newRoom();
    const before = Date.now();
    const { message, duplicate } = await send(ann, room, '  hello\r\nworld ');
    expect({ message, duplicate }).toMatchObject({
      duplicate: false,
      message: {
        seq: 1,
        body: 'hello\nworld',
        isMine: true,
        author: { id: ann.id, username: 'ann' },
        mentions: [],
        replyTo: null,
        conversation: { id: room },
      },
    });
    expect(Math.abs(Date.parse(message.createdAt) - before)).toBeLessThan(5000);
    const overSocket = (
      await bob.ask(sendDocument, {
        input: {
          conversationId: room.toUpperCase(),
          body: 'two',
          replyToId: message.id.toUpperCase(),
        },
      })
    ).sendMessage;
    expect(overSocket.message).toMatchObject({
      seq: 2,
      author: { username: 'bob' },
      replyTo: { id: message.id, body: 'hello\nworld' },
      conversation: { id: room },
    });
  });

  it('[P6] answers a repeat with the first message, also if other users send the same key', async () => {
    const room = await newRoom();
    const first = await send(ann, room, ' hello ', { idempotencyKey: 'k' });
    expect(await send(ann, room, 'hello', { idempotencyKey: 'k' })).toEqual({
      ...first,
      duplicate: true,
    });
    expect((await send(bob, room, 'hello', { idempotencyKey: 'k' })).message).toMatchObject({
      seq: 2,
    });
    expect((await send(ann, await newRoom(), 'other', { idempotencyKey: 'k' })).duplicate).toBe(
      false,
    );
    const many = await Promise.all(
      Array.from({ length: 20 }, () => send(bob, room, 'at once', { idempotencyKey: 'crowd' })),
    );
    expect(new Set(many.map(({ message }) => message.id)).size).toBe(1);
    expect(many.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  it('[P6] refuses a key that belongs to another body or another reply with CONFLICT', async () => {
    const room = await newRoom();
    const { message } = await send(ann, room, 'hello', { idempotencyKey: 'k' });
    expect(await refusal(send(ann, room, 'bye', { idempotencyKey: 'k' }))).toMatchObject({
      code: 'CONFLICT',
    });
    expect(
      await refusal(send(ann, room, 'hello', { idempotencyKey: 'k', replyToId: message.id })),
    ).toMatchObject({ code: 'CONFLICT' });
  });

  it('[P12] accepts keys of 1 to 128 characters', async () => {
    const room = await newRoom();
    for (const idempotencyKey of ['k', '😀'.repeat(128)])
      expect((await send(ann, room, 'hello', { idempotencyKey })).duplicate).toBe(false);
    for (const idempotencyKey of ['', 'x'.repeat(129), 'a\0b'])
      expect(await refusal(send(ann, room, 'hello', { idempotencyKey }))).toMatchObject({
        code: 'INVALID',
        extensions: { field: 'idempotencyKey' },
      });
  });

  it('[P12] refuses invalid bodies, and stores valid ones unchanged', async () => {
    const room = await newRoom();
    for (const body of ['', ' \n ', 'a\0b', 'a\x1bb', 'a\rb', '😀'.repeat(4001)])
      expect(await refusal(send(ann, room, body))).toMatchObject({
        code: 'INVALID',
        extensions: { field: 'body' },
      });
    for (const body of [
      '😀'.repeat(4000),
      'a\n\tb',
      '\u202e\u200d\u2028\uffff',
      "'; drop table messages; --",
      '{"a":"\\u0000"}',
      '\\0 %s $1',
    ])
      expect((await send(ann, room, body)).message.body).toBe(body);
  });

  it('finds the users that the body mentions', async () => {
    const room = await newRoom();
    const { message } = await send(
      ann,
      room,
      'hi @Eve. and @bob-the-builder, not nobody@example.com, `@ann` nor @nobody. @bob',
    );
    expect(message.mentions).toEqual([{ username: 'eve' }, { username: 'bob' }]);
  });

  it('[P12] accepts only a message of the same conversation to reply to', async () => {
    const room = await newRoom();
    const elsewhere = (await send(ann, await newRoom(), 'elsewhere')).message.id;
    for (const replyToId of [elsewhere, randomUUID(), 'nonsense', ''])
      expect(await refusal(send(ann, room, 'hello', { replyToId }))).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('replyToId'),
      });
    expect((await send(ann, room, 'hello')).message.seq).toBe(1);
  });

  it('[P11] is for members: FORBIDDEN for users who may join, NOT_FOUND for users who may not see the room', async () => {
    const [open, closed] = [await newRoom('PUBLIC', []), await newRoom('PRIVATE', [])];
    const { message } = await send(ann, closed, 'secret');
    expect(await refusal(send(bob, open, 'hello'))).toMatchObject({
      code: 'FORBIDDEN',
      message: 'Join the room first.',
    });
    const unknown = await refusal(send(bob, randomUUID(), 'hello'));
    expect(unknown.code).toBe('NOT_FOUND');
    for (const more of [
      {},
      { replyToId: message.id },
      { replyToId: randomUUID() },
      { idempotencyKey: 'k' },
    ]) {
      const refused = await refusal(send(bob, closed, 'hello', more));
      expect([refused.code, refused.message]).toEqual([unknown.code, unknown.message]);
    }
    expect(await refusal(send(bob, 'nonsense', 'hello'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await refusal(
        query(node.url, sendDocument, { input: { conversationId: open, body: 'hello' } }),
      ),
    ).toMatchObject({ code: 'UNAUTHENTICATED' });
    const gus = await guest(node, 'Gus');
    await joinRoom(gus, { roomId: open });
    expect((await send(gus, open, 'hello')).message.seq).toBe(1);
  });

  it('[P11] refuses a former member, also with a repeat of an old key in a private room', async () => {
    const [open, closed] = [await newRoom(), await newRoom('PRIVATE')];
    for (const room of [open, closed]) {
      await send(bob, room, 'hello', { idempotencyKey: 'k' });
      await leaveRoom(bob, { roomId: room });
    }
    expect(await refusal(send(bob, open, 'again'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await send(bob, open, 'hello', { idempotencyKey: 'k' })).toMatchObject({
      duplicate: true,
      message: { body: 'hello' },
    });
    for (const body of ['hello', 'again'])
      expect(await refusal(send(bob, closed, body, { idempotencyKey: 'k' }))).toMatchObject({
        code: 'NOT_FOUND',
      });
    expect((await send(ann, closed, 'alone')).message.seq).toBe(2);
  });

  it('is refused in an archived room until it is reopened', async () => {
    const room = await newRoom();
    await updateRoom(ann, { roomId: room, archived: true });
    expect(await refusal(send(bob, room, 'hello'))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('archived'),
    });
    await updateRoom(ann, { roomId: room, archived: false });
    expect((await send(bob, room, 'hello')).message.seq).toBe(1);
  });

  it('marks the message as read for its author only', async () => {
    const room = await newRoom('PUBLIC', [bob, eve]);
    for (const body of ['1', '2']) await send(ann, room, body);
    await send(eve, room, '3');
    const unread = async (who: Person) =>
      (await who.query('query ($id: ID!) { conversation(id: $id) { unreadCount } }', { id: room }))
        .conversation.unreadCount;
    expect(await Promise.all([ann, bob, eve].map(unread))).toEqual([1, 3, 0]);
  });

  it('counts sends by outcome', async () => {
    const sends = async (outcome: string) =>
      Number(
        new RegExp(`causerie_sends_total\\{outcome="${outcome}"\\} (\\d+)`).exec(
          await (await fetch(new URL('/metrics', node.url))).text(),
        )?.[1] ?? 0,
      );
    const before = { stored: await sends('stored'), duplicate: await sends('duplicate') };
    const room = await newRoom();
    for (let number = 0; number < 3; number++)
      await send(ann, room, 'hello', { idempotencyKey: 'k' });
    expect({ stored: await sends('stored'), duplicate: await sends('duplicate') }).toEqual({
      stored: before.stored + 1,
      duplicate: before.duplicate + 2,
    });
  });
});

describe('the rate of sends', () => {
  it('[P12] is 10 in 10 s and 20 at once for each user, over all transports, with the time to wait', async () => {
    await using node = await startNode();
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const input = { conversationId: id, body: 'hello' };
    const sends = await Promise.allSettled(
      Array.from({ length: 24 }, (_, number) =>
        number % 2 ? ann.query(sendDocument, { input }) : ann.ask(sendDocument, { input }),
      ),
    );
    const refused = sends.flatMap((sent) => (sent.status === 'rejected' ? [sent.reason] : []));
    expect(refused).toHaveLength(4);
    for (const { code, extensions } of refused) {
      expect(code).toBe('RATE_LIMITED');
      expect(extensions.retryAfterMs).toBeGreaterThan(0);
      expect(extensions.retryAfterMs).toBeLessThanOrEqual(20_000);
    }
    expect((await send(bob, id, 'hello')).duplicate).toBe(false);
  });
});
