import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEventLog } from '../../src/events/event-log.ts';
import { transact } from '../../src/events/transactions.ts';
import { trimLog, type Retention } from '../../src/events/trim-log.ts';
import { silentLog } from '../support/silent-log.ts';

export function describeTrimLog(settings: () => Promise<Record<string, string>>): void {
  let database: Database;
  beforeAll(
    async () => void (database = await openDatabase(readConfig(await settings()), silentLog)),
  );
  afterAll(() => database[Symbol.asyncDispose]());

  /** Creates a topic with events of this age in days. */
  async function write(topic: string, ages: readonly number[]): Promise<void> {
    const { prisma } = database;
    await prisma.topic.create({ data: { id: topic, head: ages.length } });
    await prisma.event.createMany({
      data: ages.map((days, place) => ({
        topic,
        seq: place + 1,
        type: 'RoomUpdated',
        data: {},
        occurredAt: new Date(Date.now() - days * 86_400_000),
      })),
    });
  }
  const left = async (topic: string) =>
    (await database.prisma.event.findMany({ where: { topic }, orderBy: { seq: 'asc' } })).map(
      ({ seq }) => Number(seq),
    );
  async function trim(retention: Retention): Promise<number[]> {
    const bites: number[] = [];
    for (;;) {
      const { topics, trimmed } = await database.prisma.$transaction((transaction) =>
        trimLog(transaction, retention),
      );
      if (topics === 0) break;
      bites.push(trimmed);
    }
    return bites;
  }
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, place) => from + place);

  it('[P3] deletes expired events from the beginning, and leaves no gap', async () => {
    await write('old', [9, 8, 6, 5]);
    await write('crooked', [9, 6, 8, 5, 9]);
    await write('all', [9, 9, 9]);
    await write('young', [1, 0]);
    await write('empty', []);
    await trim({ days: 7, events: 1000 });
    expect(await Promise.all(['old', 'crooked', 'all', 'young', 'empty'].map(left))).toEqual([
      [3, 4],
      [2, 3, 4, 5],
      [],
      [1, 2],
      [],
    ]);
    const log = openEventLog(database);
    expect([
      await log.read('old', 1, 10),
      await log.read('all', 2, 10),
      (await log.read('all', 3, 10))?.events,
    ]).toEqual([undefined, undefined, []]);
    expect((await log.read('old', 2, 10))?.events.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(await log.heads(['all'])).toEqual(new Map([['all', { seq: 3, tag: 0 }]]));
  });

  it('deletes the events beyond the limit of every topic, except that of the application', async () => {
    await Promise.all(
      ['many', 'more'].map((topic) =>
        write(
          topic,
          range(1, 30).map(() => 0),
        ),
      ),
    );
    await write(
      'just',
      range(1, 20).map(() => 0),
    );
    await write('application', [9, ...range(2, 30).map(() => 0)]);
    await trim({ days: 7, events: 20 });
    expect(await Promise.all(['many', 'more', 'just', 'application'].map(left))).toEqual([
      range(11, 30),
      range(11, 30),
      range(1, 20),
      range(2, 30),
    ]);
  });

  it('processes any number of topics in small batches', async () => {
    await write(
      'long',
      range(1, 5000).map(() => 8),
    );
    for (const name of range(1, 250)) await write(`topic ${name}`, [8, 1]);
    const bites = await trim({ days: 7, events: 100_000 });
    expect(bites.reduce((sum, trimmed) => sum + trimmed)).toBe(5250);
    expect(Math.max(...bites)).toBeLessThanOrEqual(2000);
    expect(await left('long')).toEqual([]);
    expect(await database.prisma.event.count({ where: { topic: { startsWith: 'topic ' } } })).toBe(
      250,
    );
    expect(await trim({ days: 7, events: 100_000 })).toEqual([]);
  });

  it('looks only at topics that are due: by time, or after 10,000 events', async () => {
    const retention = { days: 7, events: 25 };
    const isDue = async (topic: string) => {
      const [row] = await database.prisma.$queryRaw<{ due: string | null }[]>`
        select oldest_at::text as due from topics where id = ${topic}`;
      return row!.due;
    };
    const publish = () => {};
    const append = (count: number) =>
      transact({ database, publish }, async (_transaction, record) => {
        for (let event = 0; event < count; event++)
          record({ type: 'UserRemoved', data: { userId: 'nobody' } });
      });
    await append(30);
    await trim(retention);
    expect(await left('access')).toHaveLength(30);

    await database.prisma.topic.update({ where: { id: 'access' }, data: { head: 9999 } });
    await database.prisma.event.updateMany({
      where: { topic: 'access', seq: 30 },
      data: { seq: 9999 },
    });
    await append(1);
    expect(await isDue('access')).toBe('-infinity');
    await trim(retention);
    expect(await left('access')).toEqual([9999, 10_000]);
    expect(await trim(retention)).toEqual([]);

    await trim({ days: 0, events: 25 });
    expect(await left('access')).toEqual([]);
    expect(await isDue('access')).toBe(null);
    await append(1);
    expect(await isDue('access')).not.toBe(null);
  });
}
