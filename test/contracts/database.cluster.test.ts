import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEventLog, type EventLog } from '../../src/events/event-log.ts';
import { origin, type FreshEvent } from '../../src/events/event.ts';
import { transact } from '../../src/events/transactions.ts';
import { conversationTopic } from '../../src/events/topics.ts';
import { createDatabase, describeWithPostgres, embeddedDirectory } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

const secret = 'a secret that only tests know of';

describe('the database, embedded in memory', () => suite(async () => ({ DATA_DIR: 'memory' })));
describe('the database, embedded in a directory', () =>
  suite(async () => ({ DATA_DIR: await embeddedDirectory() })));
describeWithPostgres('the database, PostgreSQL', () =>
  suite(async () => ({ DATABASE_URL: await createDatabase(), JWT_SECRET: secret })),
);

/** The behaviour of both databases that all other code relies on. */
function suite(settings: () => Promise<Record<string, string>>): void {
  let database: Database;
  let log: EventLog;
  beforeAll(async () => {
    database = await openDatabase(readConfig(await settings()), silentLog);
    log = openEventLog(database);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const newRoom = () => {
    const conversationId = randomUUID();
    return { conversationId, topic: conversationTopic(conversationId) };
  };
  /** Records one RoomUpdated in each of the rooms, in one transaction. */
  const update = (rooms: { conversationId: string }[], published: FreshEvent[] = []) =>
    transact({ database, publish: (fresh) => published.push(...fresh) }, async (_, record) => {
      for (const { conversationId } of rooms)
        record({ type: 'RoomUpdated', data: { conversationId } });
    });
  const seqsOf = async (topic: string) =>
    (await log.read(topic, 0, 10_000))?.events.map(({ seq }) => seq);
  const upTo = (count: number) => Array.from({ length: count }, (_, place) => place + 1);

  it('[P1] numbers events 1, 2, 3 … within their topic, and returns them as they were published', async () => {
    const [room, other] = [newRoom(), newRoom()];
    const published: FreshEvent[] = [];
    const before = Date.now();
    await update([room, other, room], published);
    await update([room], published);
    const { events } = (await log.read(room.topic, 0, 10))!;
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(events).toEqual(
      published.map(({ event }) => event).filter(({ topic }) => topic === room.topic),
    );
    expect(events[0]).toMatchObject({
      type: 'RoomUpdated',
      topic: room.topic,
      data: { conversationId: room.conversationId },
    });
    expect(events[0]?.occurredAt).toBeGreaterThan(before - 1000);
    expect(events[0]?.occurredAt).toBeLessThan(Date.now() + 1000);
    expect(await seqsOf(other.topic)).toEqual([1]);
  });

  it('[P2] reads the events after a number, page by page', async () => {
    const room = newRoom();
    await update([room, room, room, room, room]);
    expect((await log.read(room.topic, 2, 2))?.events.map(({ seq }) => seq)).toEqual([3, 4]);
    expect((await log.read(room.topic, 5, 2))?.events).toEqual([]);
    expect(await log.read(newRoom().topic, 0, 2)).toEqual({
      after: origin,
      events: [],
      head: origin,
    });
    expect(await log.read(room.topic, 6, 2)).toBeUndefined();
    expect(await log.read(newRoom().topic, 1, 2)).toBeUndefined();
  });

  it('[P15] stores with each event the tag of the one before it, and with the head the newest tag', async () => {
    const room = newRoom();
    await update([room, room]);
    await update([room]);
    await update([room, room, room]);
    const { events } = (await log.read(room.topic, 0, 10))!;
    const tags = events.map(({ tag }) => tag);
    expect(events.map(({ follows }) => follows)).toEqual([0, ...tags.slice(0, -1)]);
    expect(new Set(tags).size).toBe(3);
    expect((await log.heads([room.topic])).get(room.topic)).toEqual({ seq: 6, tag: tags.at(-1) });
    for (const after of [0, 1, 2, 5, 6])
      expect((await log.read(room.topic, after, 10))!.after).toEqual({
        seq: after,
        tag: tags[after - 1] ?? 0,
      });
    await database.prisma.event.deleteMany({ where: { topic: room.topic, seq: { lte: 3 } } });
    expect((await log.read(room.topic, 3, 10))!.after).toEqual({ seq: 3, tag: tags[2] });
  });

  it('[P3] reports a read that starts before the trimmed events, also when no event is left', async () => {
    const room = newRoom();
    await update([room, room, room, room]);
    await database.prisma.event.deleteMany({ where: { topic: room.topic, seq: { lte: 2 } } });
    expect(await log.read(room.topic, 1, 10)).toBeUndefined();
    expect((await log.read(room.topic, 2, 10))?.events.map(({ seq }) => seq)).toEqual([3, 4]);
    await database.prisma.event.deleteMany({ where: { topic: room.topic } });
    expect(await log.read(room.topic, 3, 10)).toBeUndefined();
    expect((await log.read(room.topic, 4, 10))?.events).toEqual([]);
  });

  it('returns the heads of the requested topics, and none for a topic without an event', async () => {
    const [room, other, empty] = [newRoom(), newRoom(), newRoom()];
    await update([room, room, other]);
    const heads = await log.heads([room.topic, empty.topic]);
    expect([...heads].map(([topic, { seq }]) => [topic, seq])).toEqual([[room.topic, 2]]);
    expect(await log.heads([])).toEqual(new Map());
  });

  it('[P1] leaves no gap under concurrent writers, and a concurrent reader sees a prefix', async () => {
    const rooms = [newRoom(), newRoom(), newRoom()];
    const seen: (number[] | undefined)[] = [];
    let writing = true;
    const reading = (async () => {
      while (writing) {
        for (const { topic } of rooms) seen.push(await seqsOf(topic));
        await delay(1);
      }
    })();
    await Promise.all(
      upTo(8).map(async (writer) => {
        // Each writer takes the rooms in another order; none may wait for another in a circle.
        for (let turn = 0; turn < 20; turn++)
          await update(rooms.map((_, place) => rooms[(place + writer + turn) % 3]!));
      }),
    );
    writing = false;
    await reading;
    for (const { topic } of rooms) expect(await seqsOf(topic)).toEqual(upTo(160));
    for (const seqs of seen) expect(seqs).toEqual(upTo(seqs!.length));
    expect(new Set(seen.map((seqs) => seqs!.length)).size).toBeGreaterThan(2);
  });

  it('[P1] publishes nothing before it is committed', async () => {
    const room = newRoom();
    const visible: Promise<number[] | undefined>[] = [];
    await transact(
      { database, publish: () => void visible.push(seqsOf(room.topic)) },
      async (transaction, record) => {
        await transaction.topic.findMany();
        record({ type: 'RoomUpdated', data: { conversationId: room.conversationId } });
      },
    );
    expect(await Promise.all(visible)).toEqual([[1]]);
  });

  it('stores neither rows nor events of a refused rule, and gives its numbers to the next', async () => {
    const room = newRoom();
    const published: FreshEvent[] = [];
    const refused = transact(
      { database, publish: (fresh) => published.push(...fresh) },
      async (transaction, record) => {
        record({ type: 'RoomUpdated', data: { conversationId: room.conversationId } });
        await transaction.user.create({
          data: { username: `refused-${room.conversationId}`, displayName: 'Nobody' },
        });
        throw new Error('no');
      },
    );
    await expect(refused).rejects.toThrow('no');
    expect(published).toEqual([]);
    expect(
      await database.prisma.user.count({ where: { username: `refused-${room.conversationId}` } }),
    ).toBe(0);
    expect(await log.heads([room.topic])).toEqual(new Map());
    await update([room]);
    expect(await seqsOf(room.topic)).toEqual([1]);
  });

  it('[P6] reports a failed commit as an error, and publishes nothing', async () => {
    const room = newRoom();
    await database.prisma.$executeRawUnsafe(
      'create table if not exists kept_promises (id text primary key, kept text references kept_promises deferrable initially deferred)',
    );
    const published: FreshEvent[] = [];
    const failing = transact(
      { database, publish: (fresh) => published.push(...fresh) },
      async (transaction, record) => {
        record({ type: 'RoomUpdated', data: { conversationId: room.conversationId } });
        await transaction.$executeRawUnsafe(
          'insert into kept_promises values ($1, $2)',
          randomUUID(),
          'nothing of the kind',
        );
      },
    );
    await expect(failing).rejects.toThrow();
    expect(published).toEqual([]);
    expect(await seqsOf(room.topic)).toEqual([]);
  });

  it('publishes nothing for a transaction without events', async () => {
    const published: FreshEvent[] = [];
    await transact({ database, publish: (fresh) => published.push(...fresh) }, (transaction) =>
      transaction.topic.count(),
    );
    expect(published).toEqual([]);
  });

  it('prepares statements once, and returns int8 as a number', async () => {
    const statement = { name: 'counted', text: 'select $1::int8 + 1 as next, now() as time' };
    const rows = await Promise.all([
      database.query<{ next: number; time: Date }>(statement, [1]),
      database.query<{ next: number }>(statement, [2]),
    ]);
    expect(rows.flat().map(({ next }) => next)).toEqual([2, 3]);
    expect(rows[0]?.[0]?.time).toBeInstanceOf(Date);
  });

  it('answers a ping', () => database.ping(1000));
}
