import pg from 'pg';
import { parseDatabaseUrl, type DatabaseUrl } from '../database-url.ts';
import { createEmbeddedPool, createPool } from './database-pool.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { createLog } from '../log.ts';

const pageRows = 1000;
const quote = pg.escapeIdentifier;

/**
 * Copies an embedded data directory into an empty PostgreSQL database, in one transaction. The
 * directory is not changed. Returns the number of copied rows per table. Throws if the database is
 * not empty, or if one side has migrations that the other lacks. `copyFiles` runs before the rows
 * are copied, while no server can open the directory.
 */
export async function moveToPostgres(
  directory: string,
  url: string,
  copyFiles: () => Promise<void> = async () => {},
): Promise<Record<string, number>> {
  const target = createPool(parseTarget(url));
  const embedded = await openEmbedded(directory, createLog('warn'));
  const source = createEmbeddedPool(embedded.connection);
  try {
    await migrate(source);
    await migrate(target);
    await requireEmpty(target);
    await copyFiles();
    return await inTransaction(target, (connection) => copyAll(source, connection));
  } finally {
    await target.end();
    await source.end();
    await embedded.close();
  }
}

function parseTarget(url: string): DatabaseUrl {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    throw new Error(`The target URL ${(error as Error).message}.`, { cause: error });
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (connection: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback');
    throw error;
  } finally {
    connection.release();
  }
}

const tablesOf = (connection: pg.Pool | pg.PoolClient): Promise<string[]> =>
  names(
    connection,
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('_prisma_migrations', 'database_id') order by 1`,
  );

async function requireEmpty(target: pg.Pool | pg.PoolClient): Promise<void> {
  for (const table of await tablesOf(target)) {
    const { rows } = await target.query(`select 1 from ${quote(table)} limit 1`);
    if (rows.length > 0)
      throw new Error(
        `The database is not empty: table ${table} has rows. Create a new database and use its URL.`,
      );
  }
}

async function copyAll(source: pg.Pool, target: pg.PoolClient): Promise<Record<string, number>> {
  // A server may have been started meanwhile.
  await requireEmpty(target);
  const tables = await tablesOf(target);
  // Rows refer to each other across tables and pages, so foreign keys are checked after all rows
  // are copied.
  const foreignKeys = await names(
    target,
    `select format('table %s alter constraint %I', conrelid::regclass, conname) as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  for (const key of foreignKeys) await target.query(`alter ${key} deferrable initially deferred`);
  // The triggers would count the members a second time.
  await target.query('alter table members disable trigger user');
  const counts: Record<string, number> = {};
  // The new database continues the history of the directory, so subscribers can resume.
  await target.query('delete from database_id');
  await copyTable(source, target, 'database_id');
  for (const table of tables) counts[table] = await copyTable(source, target, table);
  await target.query('set constraints all immediate');
  await target.query('alter table members enable trigger user');
  for (const key of foreignKeys) await target.query(`alter ${key} not deferrable`);
  return counts;
}

/** Copies pages as JSON text. This process does not parse them, so large numbers stay exact. */
async function copyTable(source: pg.Pool, target: pg.PoolClient, table: string): Promise<number> {
  let copied = 0;
  let last = '(0,0)';
  for (;;) {
    const { rows } = await source.query(
      `select count(*)::int as count, max(position)::text as last, jsonb_agg(value)::text as page from (
         select row.ctid as position, to_jsonb(row) as value from ${quote(table)} as row where row.ctid > $1::tid order by row.ctid limit ${pageRows}) as page`,
      [last],
    );
    const [{ count, page, last: lastOfPage }] = rows;
    if (count === 0) return copied;
    await target.query(
      `insert into ${quote(table)} select * from jsonb_populate_recordset(null::${quote(table)}, $1::jsonb)`,
      [page],
    );
    copied += count;
    last = lastOfPage;
  }
}

async function names(connection: pg.Pool | pg.PoolClient, query: string): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(query);
  return rows.map(({ name }) => name);
}
