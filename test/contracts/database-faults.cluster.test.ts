import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { isUnavailable } from '../../src/db/unavailable.ts';
import { StartError } from '../../src/errors.ts';
import { openEventLog } from '../../src/events/event-log.ts';
import { transact } from '../../src/events/transactions.ts';
import { conversationTopic } from '../../src/events/topics.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { freePort } from '../support/server-process.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

const open = (url: string) =>
  openDatabase(
    readConfig({ DATABASE_URL: url, JWT_SECRET: 'a secret that only tests know of' }),
    silentLog,
  );

describeWithPostgres('a node whose PostgreSQL fails', () => {
  let postgres: Postgres;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await createDatabase(postgres.urlOf('postgres'));
    database = await open(url);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  });

  /** Stores one event after another until it is stopped. */
  function startWriting() {
    const conversationId = randomUUID();
    const published: number[] = [];
    const refused: unknown[] = [];
    let acknowledged = 0;
    let writing = true;
    const publish = (fresh: readonly { event: { seq: number } }[]) =>
      void published.push(...fresh.map(({ event }) => event.seq));
    const write = async () => {
      while (writing)
        await transact({ database, publish }, async (_, record) =>
          record({ type: 'RoomUpdated', data: { conversationId } }),
        ).then(
          () => acknowledged++,
          (error) => {
            refused.push(error);
            return delay(20);
          },
        );
    };
    const writers = [write(), write(), write()];
    return {
      refused,
      published,
      /** How many were acknowledged, and the numbers that the log holds. */
      async stop() {
        writing = false;
        await Promise.all(writers);
        const stored = (await openEventLog(database).read(
          conversationTopic(conversationId),
          0,
          1_000_000,
        ))!.events.map(({ seq }) => seq);
        return { acknowledged, stored };
      },
    };
  }

  it.each([
    [
      'loses its backends',
      () =>
        postgres.admin((client) =>
          client.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causerie'`,
          ),
        ),
    ],
    ['crashes and comes back', () => postgres.restart()],
    ['is killed and comes back', () => postgres.kill().then(() => postgres.restart())],
  ])(
    '[P6] stores every acknowledged event without a gap, and publishes none that is not stored, when PostgreSQL %s',
    async (_, fail) => {
      const writing = startWriting();
      for (let turn = 0; turn < 3; turn++) {
        const before = writing.published.length;
        const refusedBefore = writing.refused.length;
        await until('writers are at it', () => writing.published.length > before + 10);
        await fail();
        await until('the failure is felt', () => writing.refused.length > refusedBefore);
        await until(
          'writers are at it again',
          () => writing.published.length > before + 20,
          30_000,
        );
      }
      const { acknowledged, stored } = await writing.stop();
      expect(stored).toEqual(stored.map((_, place) => place + 1));
      expect(writing.published).toHaveLength(acknowledged);
      expect(new Set(writing.published).size).toBe(acknowledged);
      expect(stored).toEqual(
        expect.arrayContaining(writing.published.toSorted((a, b) => a - b).slice(-50)),
      );
      expect(stored.length).toBeGreaterThanOrEqual(acknowledged);
      expect(writing.refused.filter((error) => !isUnavailable(error))).toEqual([]);
    },
  );

  it('waits for a ping only as long as requested', async () => {
    postgres.freeze();
    const start = performance.now();
    await expect(database.ping(300)).rejects.toThrow('the database did not answer within 300 ms');
    expect(performance.now() - start).toBeLessThan(12_000);
    postgres.thaw();
    await database.ping(5000);
  });

  it('leaves no pending query behind when pings fail', async () => {
    await postgres.kill();
    for (let turn = 0; turn < 5; turn++) await expect(database.ping(200)).rejects.toThrow();
    await postgres.restart();
    await until('it answers again', () =>
      database.ping(1000).then(
        () => true,
        () => false,
      ),
    );
  });

  it('reports at the start what is wrong and what to check', async () => {
    const port = await freePort();
    const nobody = open(`postgresql://postgres@127.0.0.1:${port}/causerie`);
    await expect(nobody).rejects.toThrow(
      `The database at 127.0.0.1:${port} cannot be used: connect ECONNREFUSED 127.0.0.1:${port}. Check DATABASE_URL`,
    );
    await expect(nobody).rejects.toBeInstanceOf(StartError);
    await expect(open(postgres.urlOf('missing'))).rejects.toThrow(
      'database "missing" does not exist',
    );
    await expect(open(url.replace('postgres@', 'nobody@'))).rejects.toThrow(
      'role "nobody" does not exist',
    );
  });
});
