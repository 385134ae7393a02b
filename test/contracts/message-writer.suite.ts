import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kinds } from '../../src/chat/kinds.ts';
import { createSendStatement } from '../../src/chat/messages/send-statement.ts';
import {
  addRoom,
  addUsers,
  newMessage,
  openWritingNode,
  readRoom,
  stored,
  upTo,
  type WritingNode,
} from '../support/writing.ts';

const { text } = createSendStatement(kinds);

/** The behaviour of the writer on both databases. */
export function describeMessageWriter(
  settings: () => Promise<Record<string, string>>,
  concurrency: number,
): void {
  let node: WritingNode;
  let ann: string;
  let bob: string;
  let eve: string;
  let room: string;
  let send: WritingNode['writer']['send'];
  beforeAll(async () => {
    node = await openWritingNode(await settings(), concurrency);
    [ann, bob, eve] = (await addUsers(node.database, 3)) as [string, string, string];
    send = node.writer.send;
  });
  beforeAll(async () => void (room = await addRoom(node.database, [ann, bob])));
  afterAll(() => node[Symbol.asyncDispose]());
  const newRoom = () => addRoom(node.database, [ann, bob]);
  const outcomes = async (...sends: ReturnType<typeof send>[]) =>
    (await Promise.all(sends)).map(({ outcome }) => outcome);

  it('[P6] answers when the message, its event and its number are stored, and notifies followers', async () => {
    const room = await newRoom();
    const first = stored(await send(newMessage(room, ann, { body: 'one' })));
    const second = stored(
      await send(newMessage(room, bob, { body: 'two', replyToId: first.message.id })),
    );
    expect(first).toMatchObject({
      duplicate: false,
      message: {
        seq: 1,
        conversationId: room,
        authorId: ann,
        body: 'one',
        replyToId: null,
        mentionedUserIds: [],
      },
      author: { id: ann, displayName: 'Somebody', isGuest: false, role: 'USER' },
    });
    expect(second.message).toMatchObject({ seq: 2, authorId: bob, replyToId: first.message.id });
    expect(first.author).not.toHaveProperty('passwordHash');
    const { lastSeq, messages, events, head } = await readRoom(node.database, room);
    expect({ lastSeq, head }).toEqual({ lastSeq: 2, head: 2 });
    expect(messages).toMatchObject(
      [first.message, second.message].map(({ id, seq, body, createdAt }) => ({
        id,
        seq,
        eventSeq: BigInt(seq),
        body,
        createdAt,
      })),
    );
    expect(events).toMatchObject(
      messages.map(({ id, seq, createdAt }) => ({
        seq,
        type: 'MessageSent',
        occurredAt: createdAt,
        data: { conversationId: room, messageId: id },
      })),
    );
    const published = node.published.filter(({ event }) => event.topic === `conversation:${room}`);
    expect(published.map(({ event }) => event)).toEqual(
      events.map(({ occurredAt, ...event }) => ({ ...event, occurredAt: occurredAt.getTime() })),
    );
    expect(published[0]!.facts).toEqual({
      message: { [first.message.id]: first.message },
      user: { [ann]: first.author },
      reactions: { [first.message.id]: [] },
    });
    expect(JSON.stringify(published)).toContain('"one"');
  });

  it("moves only the author's read marker to the message", async () => {
    const room = await newRoom();
    for (const author of [ann, bob, ann]) stored(await send(newMessage(room, author)));
    const members = await node.database.prisma.member.findMany({ where: { conversationId: room } });
    expect(new Map(members.map(({ userId, lastReadSeq }) => [userId, lastReadSeq]))).toEqual(
      new Map([
        [ann, 3],
        [bob, 2],
      ]),
    );
  });

  it('[P6] answers a repeat with the first message, and refuses its key for another body or another reply', async () => {
    const room = await newRoom();
    const target = stored(await send(newMessage(room, bob)));
    const message = newMessage(room, ann, {
      idempotencyKey: 'k',
      body: 'once',
      replyToId: target.message.id,
    });
    const first = stored(await send(message));
    const before = node.published.length;
    expect(stored(await send(message))).toEqual({
      ...first,
      duplicate: true,
      isFollowedUp: false,
    });
    expect(
      await outcomes(send({ ...message, body: 'twice' }), send({ ...message, replyToId: null })),
    ).toEqual(['conflict', 'conflict']);
    expect(stored(await send({ ...message, authorId: bob })).duplicate).toBe(false);
    expect(
      stored(await send({ ...message, conversationId: await newRoom(), replyToId: null }))
        .duplicate,
    ).toBe(false);
    expect((await readRoom(node.database, room)).messages).toHaveLength(3);
    expect(node.published).toHaveLength(before + 2);
  });

  it('[P6] answers a repeat that arrives together with the first send with the first message', async () => {
    const room = await newRoom();
    const message = newMessage(room, ann, { idempotencyKey: 'k' });
    const sent = await Promise.all([
      send(message),
      send(message),
      send({ ...message, body: 'other' }),
      send(message),
    ]);
    const ids = new Set(sent.map((one) => one.outcome === 'stored' && one.message.id));
    expect(sent.map((one) => (one.outcome === 'stored' ? one.duplicate : one.outcome))).toEqual([
      false,
      true,
      'conflict',
      true,
    ]);
    expect(ids.size).toBe(2);
    expect((await readRoom(node.database, room)).messages).toHaveLength(1);
  });

  it('stores each send without a key as a message of its own', async () => {
    const room = await newRoom();
    const sent = (await Promise.all(upTo(5).map(() => send(newMessage(room, ann))))).map(stored);
    expect(sent.map(({ message, duplicate }) => [message.seq, duplicate])).toEqual(
      upTo(5).map((seq) => [seq, false]),
    );
  });

  it('refuses a forbidden send without failing the others of its batch', async () => {
    const archived = await newRoom();
    await node.database.prisma.conversation.update({
      where: { id: archived },
      data: { archivedAt: new Date() },
    });
    const elsewhere = stored(await send(newMessage(await newRoom(), ann)));
    const statements = node.statements.length;
    const sent = await outcomes(
      send(newMessage(room, ann)),
      send(newMessage(room, eve)),
      send(newMessage(archived, ann)),
      send(newMessage(randomUUID(), ann)),
      send(newMessage(room, ann, { replyToId: elsewhere.message.id })),
      send(newMessage(room, bob, { replyToId: randomUUID() })),
      send(newMessage(room, bob)),
    );
    expect(sent).toEqual([
      'stored',
      'closed',
      'closed',
      'closed',
      'no-reply-target',
      'no-reply-target',
      'stored',
    ]);
    expect(node.statements.slice(statements)).toEqual([7]);
    expect((await readRoom(node.database, archived)).lastSeq).toBe(0);
    const { lastSeq, messages, head } = await readRoom(node.database, room);
    expect([lastSeq, head, messages.length]).toEqual([2, 2, 2]);
    expect(
      (await node.database.prisma.conversation.findMany({ where: { name: null } })).length,
    ).toBe(0);
  });

  it('finds the mentioned users, each once and in order, by the longest name that exists', async () => {
    const room = await newRoom();
    const users = await node.database.prisma.user.findMany({
      where: { id: { in: [ann, bob, eve] } },
    });
    const nameOf = (id: string) => users.find((user) => user.id === id)!.username;
    const message = newMessage(room, bob, {
      mentions: [
        [nameOf(eve)],
        ['nobody', 'nobody-else'],
        ['nobody', nameOf(ann), nameOf(bob)],
        [nameOf(eve), nameOf(ann)],
      ],
      idempotencyKey: 'k',
    });
    expect(stored(await send(message)).message.mentionedUserIds).toEqual([eve, ann]);
    expect(stored(await send(message)).message.mentionedUserIds).toEqual([eve, ann]);
  });

  it('stores at most 128 sends of one turn in one statement, in the order of their arrival', async () => {
    const room = await newRoom();
    const statements = node.statements.length;
    const sent = (
      await Promise.all(
        upTo(300).map((number) =>
          send(newMessage(room, number % 2 ? ann : bob, { body: `${number}` })),
        ),
      )
    ).map(stored);
    expect(sent.map(({ message }) => message.seq)).toEqual(upTo(300));
    expect(node.statements.slice(statements)).toEqual([128, 128, 44]);
    const { messages, events, lastSeq, head } = await readRoom(node.database, room);
    expect(messages.map(({ body }) => body)).toEqual(upTo(300).map(String));
    expect(events.map(({ data }) => data.messageId)).toEqual(messages.map(({ id }) => id));
    expect([lastSeq, head]).toEqual([300, 300]);
  });

  it('sends at once when no statement is running', async () => {
    const statements = node.statements.length;
    for (let number = 0; number < 5; number++) stored(await send(newMessage(room, ann)));
    expect(node.statements.slice(statements)).toEqual([1, 1, 1, 1, 1]);
  });

  /** The generic plan of the statement, which every connection uses after a few executions. */
  const planOf = (text: string) =>
    node.database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRawUnsafe('set local plan_cache_mode = force_generic_plan');
      await transaction.$executeRawUnsafe(`prepare sends (json, int) as ${text}`);
      const lines = await transaction.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
        'explain execute sends (null, null)',
      );
      await transaction.$executeRawUnsafe('deallocate sends');
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });

  /** Enough rows that the planner chooses an index because it is cheaper, not by default. */
  async function fillTables(): Promise<void> {
    const newRooms = `insert into conversations (id, kind, visibility, name)
      select gen_random_uuid(), 'ROOM', 'PUBLIC', 'Room ' || n from generate_series(1, 2000) as n`;
    const newUsers = `insert into users (id, username, display_name)
      select gen_random_uuid(), 'filler' || n, 'Somebody' from generate_series(1, 2000) as n`;
    const newMembers = `insert into members (conversation_id, user_id)
      select $1::uuid, id from users where username like 'filler%'`;
    const newMessages = `insert into messages (id, conversation_id, seq, event_seq, author_id, body, idempotency_key)
      select gen_random_uuid(), $1::uuid, n, n, $2::uuid, 'hello', 'filler' || n from generate_series(1, 5000) as n`;
    const newTopics = `insert into topics (id, head) select 'filler:' || n, 1 from generate_series(1, 2000) as n`;
    const newEvents = `insert into events (topic, seq, type, data)
      select 'filler:' || n, 1, 'MessageSent', '{}' from generate_series(1, 2000) as n`;
    const newFiles = `insert into files (id, owner_id, store, file_name, content_type, size_bytes, part_bytes)
      select gen_random_uuid(), id, 'disk', 'a', 'text/plain', 1, 1 from users where username like 'filler%'`;
    const sentFiles = `insert into message_files (file_id, message_id)
      select files.id, (select id from messages limit 1) from files`;
    const filled = await newRoom();
    const run = (text: string, ...values: string[]) =>
      node.database.prisma.$executeRawUnsafe(text, ...values);
    for (const text of [newRooms, newUsers, newTopics, newEvents]) await run(text);
    await run(newMembers, filled);
    await run(newMessages, filled, ann);
    for (const text of [newFiles, sentFiles]) await run(text);
    await run('analyze');
  }

  it('reads no table sequentially, without and with rows and statistics', async () => {
    const plans = [await planOf(text)];
    await fillTables();
    plans.push(await planOf(text));
    for (const plan of plans) {
      expect(plan).toMatch(/Index (Only )?Scan using messages_/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });

  it('control: the same statement without a lookup by index reads a table sequentially', async () => {
    const lookup = 'where username = reading.username limit 1';
    expect(text).toContain(lookup);
    const plan = await planOf(
      text.replace(lookup, 'where lower(username) = reading.username limit 1'),
    );
    expect(plan).toMatch(/Seq Scan on users/);
  });
}
