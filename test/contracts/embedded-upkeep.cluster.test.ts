import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import type { Limits } from '../../src/limits.ts';
import { embeddedDirectory } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

const mebibyte = 1024 * 1024;
/** The bound that docs/operations.md promises. */
const logMaxBytes = 96 * mebibyte;

const open = (directory: string, limits: Partial<Limits>) =>
  openDatabase(readConfig({ DATA_DIR: directory }, { upkeepMs: 50, ...limits }), silentLog);

async function logBytes(directory: string): Promise<number> {
  const files = join(directory, 'postgres', 'pg_wal');
  const sizes = (await readdir(files, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(async ({ name }) => (await stat(join(files, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const createTable = 'create table filler (id int primary key, text text not null)';

/**
 * Writes about 6 MB of table, and a little more of log, in rows that take the numbers from `from`.
 */
async function fill({ prisma }: Database, from: number): Promise<void> {
  await prisma.$executeRawUnsafe(
    `insert into filler select id, repeat(md5(id::text), 30) from generate_series(${from}, ${from + 5999}) id`,
  );
}

/**
 * The most that the log took while 200 MB were written, at no more than twice the pace of the
 * fastest sends.
 */
async function mostLogBytes(directory: string, limits: Partial<Limits>): Promise<number> {
  await using database = await open(directory, limits);
  await database.prisma.$executeRawUnsafe(createTable);
  let most = 0;
  for (let round = 0; round < 32; round++) {
    await fill(database, round * 6000);
    most = Math.max(most, await logBytes(directory));
    await delay(60);
  }
  return most;
}

describe('the write-ahead log of the embedded database', () => {
  it('[P13] stays below its bound under any number of writes', async () => {
    expect(await mostLogBytes(await embeddedDirectory(), {})).toBeLessThan(logMaxBytes);
  });

  it('shrinks to its bound, and exceeds it without checkpoints', async () => {
    const directory = await embeddedDirectory();
    expect(await mostLogBytes(directory, { checkpointBytes: 2 ** 40 })).toBeGreaterThan(
      1.5 * logMaxBytes,
    );
    await using database = await open(directory, {});
    for (let round = 0; round < 8; round++) {
      await fill(database, -6000 * (round + 1));
      await delay(60);
    }
    expect(await logBytes(directory)).toBeLessThan(logMaxBytes);
  });
});

describe('the space of deleted rows in the embedded database', () => {
  /** How much larger the table is after its rows were deleted and written again five times. */
  async function growth(limits: Partial<Limits>): Promise<number> {
    await using database = await open(await embeddedDirectory(), limits);
    const { prisma } = database;
    const size = async () => {
      const [row] = await prisma.$queryRaw<
        { bytes: bigint }[]
      >`select pg_table_size('filler') as bytes`;
      return Number(row!.bytes);
    };
    await prisma.$executeRawUnsafe(createTable);
    await fill(database, 0);
    const before = await size();
    for (let round = 1; round <= 5; round++) {
      await prisma.$executeRawUnsafe('delete from filler');
      await delay(500);
      await fill(database, round * 6000);
    }
    return (await size()) / before;
  }

  it('[P13] is used again', async () => {
    expect(await growth({ maintenanceMs: 100 })).toBeLessThan(2);
  });

  it('is not used again without VACUUM', async () => {
    expect(await growth({})).toBeGreaterThan(4);
  });
});
