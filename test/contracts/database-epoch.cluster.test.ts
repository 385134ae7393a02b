import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { openEventLog } from '../../src/events/event-log.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { transact } from '../../src/events/transactions.ts';
import { conversationTopic } from '../../src/events/topics.ts';
import {
  createDatabase,
  postgresPrograms,
  startPostgres,
  type Postgres,
} from '../support/postgres.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

const run = promisify(execFile);
const open = (url: string) =>
  openDatabase(
    readConfig({ DATABASE_URL: url, JWT_SECRET: 'a secret that only tests know of' }),
    silentLog,
  );
const epochOf = async (url: string) => {
  await using database = await open(url);
  return database.epoch;
};

describeWithPostgres('the epoch of a PostgreSQL database', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  it('[P2] is the same on every node and after a crash of PostgreSQL', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'));
    const epoch = await epochOf(url);
    expect(await epochOf(url)).toBe(epoch);
    await postgres.kill();
    await postgres.restart();
    expect(await epochOf(url)).toBe(epoch);
  });

  it('[P3] a dump restored elsewhere has another, so that a cursor of the one is foreign to the other', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'));
    const conversationId = randomUUID();
    const topic = conversationTopic(conversationId);
    const dump = join(temporaryDirectory(), 'dump');
    let cursor: string;
    {
      await using database = await open(url);
      await transact({ database, publish: () => {} }, async (_, record) =>
        record({ type: 'RoomUpdated', data: { conversationId } }),
      );
      cursor = cursorsOf(database.epoch).encode({ topic, seq: 1 });
      expect(cursorsOf(database.epoch).decode(cursor, topic)).toBe(1);
    }
    await run(join(postgresPrograms()!, 'pg_dump'), ['--format=custom', `--file=${dump}`, url]);
    const restoredUrl = await createDatabase(postgres.urlOf('postgres'));
    await run(join(postgresPrograms()!, 'pg_restore'), [`--dbname=${restoredUrl}`, dump]);
    await using restored = await open(restoredUrl);
    expect((await openEventLog(restored).read(topic, 0, 10))?.length).toBe(1);
    expect(cursorsOf(restored.epoch).decode(cursor, topic)).toBeUndefined();
  });

  it('[P3] a dump restored in place, under the same name, has another', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'), undefined, 'in_place');
    const epoch = await epochOf(url);
    const dump = join(temporaryDirectory(), 'dump');
    await run(join(postgresPrograms()!, 'pg_dump'), ['--format=custom', `--file=${dump}`, url]);
    await postgres.admin((client) => client.query('drop database in_place'));
    await run(join(postgresPrograms()!, 'pg_restore'), [
      `--dbname=${await createDatabase(postgres.urlOf('postgres'), undefined, 'in_place')}`,
      dump,
    ]);
    expect(await epochOf(url)).not.toBe(epoch);
  });

  it('[P3] a copy within the server has another', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'), undefined, 'original');
    const epoch = await epochOf(url);
    expect(await epochOf(await createDatabase(postgres.urlOf('postgres'), 'original'))).not.toBe(
      epoch,
    );
  });

  it('[P3] a recovery to an earlier point in time has another', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'));
    const epoch = await epochOf(url);
    await postgres.recover();
    expect(await epochOf(url)).not.toBe(epoch);
  });
});
