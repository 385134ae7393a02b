import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { StartError } from '../errors.ts';

/**
 * The advisory lock that Prisma's own engine takes, so that `prisma migrate deploy` and this
 * exclude each other.
 */
const prismaLock = 72_707_369;
const migrationsDirectory = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies the missing migrations of `prisma/migrations`, with Prisma's table and checksums, each in
 * a transaction of its own. Any number of nodes may start at once: each migration is applied by one
 * of them. Returns the names of those that this call applied. Throws StartError if the database is
 * newer than this program, or an applied migration was edited.
 */
export async function migrate(pool: pg.Pool, directory = migrationsDirectory): Promise<string[]> {
  const known = await readMigrations(directory);
  const applied: string[] = [];
  const connection = await pool.connect();
  try {
    for (;;) {
      const name = await applyNext(connection, known);
      if (name === undefined) return applied;
      applied.push(name);
    }
  } finally {
    connection.release();
  }
}

/**
 * Applies the first missing migration and returns its name. Lock, settings and changes end with one
 * transaction, so they work through a pooler in transaction mode.
 */
async function applyNext(
  connection: pg.PoolClient,
  known: readonly Migration[],
): Promise<string | undefined> {
  await connection.query('begin');
  try {
    await connection.query('set local lock_timeout = 0; set local statement_timeout = 0');
    await connection.query('select pg_advisory_xact_lock($1)', [prismaLock]);
    await connection.query(`create table if not exists "_prisma_migrations" (
      "id" varchar(36) primary key not null, "checksum" varchar(64) not null, "finished_at" timestamptz,
      "migration_name" varchar(255) not null, "logs" text, "rolled_back_at" timestamptz,
      "started_at" timestamptz not null default now(), "applied_steps_count" integer not null default 0)`);
    const [migration] = await findMissing(connection, known);
    if (migration) await apply(connection, migration);
    await connection.query('commit');
    return migration?.name;
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function findMissing(
  connection: pg.PoolClient,
  known: readonly Migration[],
): Promise<Migration[]> {
  const { rows } = await connection.query(
    'select migration_name as name, checksum, finished_at as "finishedAt" from "_prisma_migrations" where rolled_back_at is null',
  );
  for (const row of rows) {
    const migration = known.find(({ name }) => name === row.name);
    if (!migration)
      throw new StartError(
        `The database is newer than this program: it has the migration ${row.name}. Start the newer version, or use another database.`,
      );
    if (!row.finishedAt)
      throw new StartError(
        `The migration ${row.name} failed halfway. Repair the database, then remove its row from _prisma_migrations.`,
      );
    if (row.checksum !== migration.checksum)
      throw new StartError(
        `The migration ${row.name} was edited after it was applied. Restore the file.`,
      );
  }
  return known.filter(({ name }) => !rows.some((row) => row.name === name));
}

async function apply(connection: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await connection.query(sql);
    await connection.query(
      'insert into "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
  } catch (error) {
    throw new StartError(
      `The migration ${name} failed and was undone: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}
