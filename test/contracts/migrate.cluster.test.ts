import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  filters,
  listMigrations,
  migrationsPath,
  openSchemaEngine,
} from '../../scripts/schema-engine.ts';
import { openEmbedded, type Embedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

/** A directory of migrations, each a name and its SQL. */
async function migrationsOf(migrations: Record<string, string>): Promise<string> {
  const directory = temporaryDirectory();
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'migration.sql'), sql);
  }
  return directory;
}

const listedConversations = '20261128082619_listed_conversations';

const textsOf = async (names: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [
        name,
        await readFile(join(migrationsPath, name, 'migration.sql'), 'utf8'),
      ]),
    ),
  );

const rooms = { '1_rooms': 'create table rooms (id int);' };

describe('migrations of the embedded database', () => {
  let embedded: Embedded;
  beforeAll(async () => {
    embedded = await openEmbedded('memory', silentLog);
  });
  afterAll(() => embedded.close());
  suite(async () => {
    const pool = new pg.Pool(embedded.connection);
    await pool.query('drop schema public cascade; create schema public');
    return pool;
  });
});
describeWithPostgres('migrations of PostgreSQL', () => {
  suite(async () => new pg.Pool({ connectionString: await createDatabase('empty') }));

  it('are applied once when ten nodes start at once', async () => {
    const connectionString = await createDatabase('empty');
    const pools = Array.from({ length: 10 }, () => new pg.Pool({ connectionString }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool)));
    expect(applied.flat().toSorted()).toEqual(await committedMigrations());
    expect((await pools[0]!.query('select count(*)::int as count from database_id')).rows).toEqual([
      { count: 1 },
    ]);
    await Promise.all(pools.map((pool) => pool.end()));
  });

  it('keep the order of listed conversations, before all that comes later', async () => {
    const pool = new pg.Pool({ connectionString: await createDatabase('empty') });
    const names = await committedMigrations();
    const before = names.slice(0, names.indexOf(listedConversations));
    await migrate(pool, await migrationsOf(await textsOf(before)));
    const id = (digit: number) => `00000000-0000-5000-8000-00000000000${digit}`;
    await pool.query(
      `insert into users (id, username, display_name) select id, 'user' || right(id::text, 1), 'User' from unnest($1::uuid[]) as given (id)`,
      [[1, 2, 3, 4].map(id)],
    );
    await pool.query(
      `insert into conversations (id, kind, lesser_user_id, greater_user_id, last_message_at) values
        ($1, 'DIRECT', $1, $2, '2026-01-01'), ($2, 'DIRECT', $1, $3, '2026-01-03'), ($3, 'DIRECT', $1, $4, '2026-01-02')`,
      [1, 2, 3, 4].map(id),
    );
    await pool.query(
      `insert into conversations (id, kind, customer_id, last_message_at) values ($1, 'SUPPORT', $1, '2026-01-04')`,
      [id(4)],
    );
    await pool.query('insert into topics (id, head) values ($1, 7)', [`direct:${id(1)}`]);
    await migrate(pool, await migrationsOf(await textsOf([...before, listedConversations])));
    const { rows } = await pool.query(
      `select topic, conversation_id as id, event_seq::int as seq from listed_conversations where topic in ('support', $1) order by topic, seq desc`,
      [`direct:${id(1)}`],
    );
    expect(rows).toEqual([
      { topic: `direct:${id(1)}`, id: id(2), seq: 7 },
      { topic: `direct:${id(1)}`, id: id(3), seq: 6 },
      { topic: `direct:${id(1)}`, id: id(1), seq: 5 },
      { topic: 'support', id: id(4), seq: 0 },
    ]);
    await pool.end();
  });

  it('wait for a slow migration, and for the lock of Prisma itself', async () => {
    const connectionString = await createDatabase('empty');
    const slow = await migrationsOf({ '1_slow': 'select pg_sleep(1.5);' });
    const pools = Array.from(
      { length: 3 },
      () => new pg.Pool({ connectionString, statement_timeout: 200, lock_timeout: 200 }),
    );
    const applied = await Promise.all(pools.map((pool) => migrate(pool, slow)));
    expect(applied.flat()).toEqual(['1_slow']);
    // The pool's own limits are back.
    await expect(pools[0]!.query('select pg_sleep(1)')).rejects.toThrow('statement timeout');
    await Promise.all(pools.map((pool) => pool.end()));
  });

  it('form a history that Prisma accepts, without edits, gaps or drift', async () => {
    const connectionString = await createDatabase('empty');
    const pool = new pg.Pool({ connectionString });
    await migrate(pool);
    await pool.end();
    const { engine } = await openSchemaEngine(new PrismaPg({ connectionString }));
    const diagnosis = await engine.diagnoseMigrationHistory({
      migrationsList: await listMigrations(),
      optInToShadowDatabase: true,
      filters,
    });
    expect(diagnosis).toEqual({
      hasMigrationsTable: true,
      editedMigrationNames: [],
      failedMigrationNames: [],
      history: null,
    });
  });
});

describe('prisma/migrations', () => {
  it('lead to the schema in prisma/schema.prisma', async () => {
    const { engine, schema } = await openSchemaEngine();
    const from = { tag: 'migrations', ...(await listMigrations()) };
    const difference = await engine.diff({
      from,
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters,
    });
    expect(difference.stdout ?? '').toMatch(/^\s*(-- This is an empty migration\.)?\s*$/);
    expect(difference.exitCode).toBe(0);
  });

  it('are found to lack a table that only the schema has', async () => {
    const { engine, schema } = await openSchemaEngine();
    const [{ path, content }] = schema.files as [{ path: string; content: string }];
    const grown = {
      files: [{ path, content: `${content}\nmodel Forgotten {\n  id String @id\n}\n` }],
    };
    const from = { tag: 'migrations', ...(await listMigrations()) };
    const difference = await engine.diff({
      from,
      to: { tag: 'schemaDatamodel', ...grown },
      script: true,
      exitCode: true,
      filters,
    });
    expect(difference.exitCode).toBe(2);
    expect(difference.stdout).toContain('CREATE TABLE "Forgotten"');
  });
});

async function committedMigrations(): Promise<string[]> {
  const entries = await readdir(migrationsPath, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** The behaviour on both databases. */
function suite(openEmpty: () => Promise<pg.Pool>): void {
  const withEmpty = async (work: (pool: pg.Pool) => Promise<void>) => {
    const pool = await openEmpty();
    try {
      await work(pool);
    } finally {
      await pool.end();
    }
  };
  const tables = async (pool: pg.Pool) =>
    (
      await pool.query(
        `select tablename as name from pg_tables where schemaname = 'public' and tablename not like '\\_%' order by 1`,
      )
    ).rows.map(({ name }) => name);

  it('are applied in order and once each', () =>
    withEmpty(async (pool) => {
      const both = await migrationsOf({
        ...rooms,
        '2_members': 'create table members (room int); insert into rooms values (1), (2);',
      });
      expect(await migrate(pool, both)).toEqual(['1_rooms', '2_members']);
      expect(await migrate(pool, both)).toEqual([]);
      expect((await pool.query('select id from rooms order by id')).rows).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    }));

  it('include all committed ones', () =>
    withEmpty(async (pool) => {
      expect(await migrate(pool)).toEqual(await committedMigrations());
      expect(await tables(pool)).toContain('events');
    }));

  it('can contain functions with semicolons in their bodies', () =>
    withEmpty(async (pool) => {
      const directory = await migrationsOf({
        '1_function': `create function answer() returns int language plpgsql as $$ declare n int := 41; begin n := n + 1; return n; end $$;\ncreate table after_it (id int);`,
      });
      await migrate(pool, directory);
      expect((await pool.query('select answer()')).rows).toEqual([{ answer: 42 }]);
      expect(await tables(pool)).toEqual(['after_it']);
    }));

  it('are rolled back completely if they fail, and applied again by the next start', () =>
    withEmpty(async (pool) => {
      const directory = await migrationsOf({
        ...rooms,
        '2_members': 'create table members (room int); select 1 / 0;',
      });
      await expect(migrate(pool, directory)).rejects.toThrow(
        'The migration 2_members failed and was undone: division by zero',
      );
      expect(await tables(pool)).toEqual(['rooms']);
      await writeFile(
        join(directory, '2_members', 'migration.sql'),
        'create table members (room int);',
      );
      expect(await migrate(pool, directory)).toEqual(['2_members']);
      expect(await tables(pool)).toEqual(['members', 'rooms']);
    }));

  it('that this program does not know are refused as those of a newer database', () =>
    withEmpty(async (pool) => {
      await migrate(
        pool,
        await migrationsOf({ ...rooms, '2_members': 'create table members (room int);' }),
      );
      const older = await migrationsOf(rooms);
      await expect(migrate(pool, older)).rejects.toThrow(
        'The database is newer than this program: it has the migration 2_members. Start the newer version, or use another database.',
      );
      expect(await tables(pool)).toEqual(['members', 'rooms']);
    }));

  it('are refused if they were edited after they were applied', () =>
    withEmpty(async (pool) => {
      const directory = await migrationsOf(rooms);
      await migrate(pool, directory);
      const file = join(directory, '1_rooms', 'migration.sql');
      await writeFile(file, `${await readFile(file, 'utf8')}-- and more`);
      await expect(migrate(pool, directory)).rejects.toThrow(
        'The migration 1_rooms was edited after it was applied. Restore the file.',
      );
    }));

  it('leave no lock behind, even if they are refused', () =>
    withEmpty(async (pool) => {
      await migrate(pool, await migrationsOf(rooms));
      await expect(migrate(pool, await migrationsOf({}))).rejects.toThrow('newer');
      const { rows } = await pool.query(
        `select count(*)::int as count from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      );
      expect(rows).toEqual([{ count: 0 }]);
      expect(await migrate(pool, await migrationsOf(rooms))).toEqual([]);
    }));
}
