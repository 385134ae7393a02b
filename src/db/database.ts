import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Config } from '../config.ts';
import { nameServers } from '../database-url.ts';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';
import { checkTimeLimits, createEmbeddedPool, createPool } from './database-pool.ts';
import { startUpkeep } from './embedded-upkeep.ts';
import { openEmbedded } from './embedded.ts';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { createMetrics } from '../metrics.ts';
import { migrate } from './migrate.ts';
import { createStatements, type RunStatement } from './statements.ts';
import { codeDriverErrors } from './unavailable.ts';
import { watchPool } from './watch-pool.ts';

/** The client inside a transaction, which cannot open another one. */
export type Transaction = Prisma.TransactionClient;

export interface Database extends AsyncDisposable {
  readonly prisma: PrismaClient;
  /** Runs one statement without the ORM, for the measured paths. */
  readonly query: RunStatement;
  /** Identifies this database and its copies. Every cursor contains it. */
  readonly id: string;
  /**
   * Identifies this database among its copies. A restored dump beside it has another one; a
   * promoted standby has the same.
   */
  readonly instance: string;
  /** A description for the log at the start. */
  readonly description: string;
  /** The secret that is stored beside an embedded database. Undefined with PostgreSQL. */
  readonly keptSecret: string | undefined;
  /** Rejects if the database does not answer within the time. */
  ping(timeoutMs: number): Promise<void>;
}

/**
 * Opens the PostgreSQL of DATABASE_URL, or the embedded database in DATA_DIR, and migrates it.
 * Callers see no difference. Throws StartError.
 */
export async function openDatabase(
  config: Config,
  log: Log,
  metrics = createMetrics(),
): Promise<Database> {
  const embedded = config.DATABASE_URL ? undefined : await openEmbedded(config.DATA_DIR, log);
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
  };
  const pool = config.DATABASE_URL
    ? createPool(config.DATABASE_URL, { max: config.DATABASE_POOL, types })
    : createEmbeddedPool(embedded!.connection, { types });
  codeDriverErrors(pool);
  watchPool(pool, metrics);
  pool.on('error', (error) =>
    log.warn({ error: error.message }, 'an idle database connection was lost'),
  );
  // Between two callers, a connection has no listener for a moment. If it were lost then, the error
  // would end the process.
  pool.on('connect', (connection) =>
    connection.on('error', (error) =>
      log.debug({ error: error.message }, 'a database connection was lost'),
    ),
  );
  try {
    if (config.DATABASE_URL) await checkTimeLimits(pool, config.DATABASE_URL);
    const applied = await migrate(pool);
    if (applied.length > 0) log.info({ applied }, 'migrated the database');
    const identity = await readIdentity(pool);
    const stopUpkeep = embedded && startUpkeep(pool, config.limits, log);
    const prisma = new PrismaClient({
      adapter: new PrismaPg(pool),
      transactionOptions: { maxWait: 10_000, timeout: 15_000 },
    });
    return {
      prisma,
      ...identity,
      description: embedded
        ? embedded.description
        : `PostgreSQL at ${nameServers(config.DATABASE_URL!)}`,
      keptSecret: embedded?.secret,
      query: createStatements(pool),
      ping: async (timeoutMs) => {
        const timeout = AbortSignal.timeout(timeoutMs);
        await Promise.race([
          pool.query('select 1'),
          new Promise((_, reject) =>
            timeout.addEventListener('abort', () =>
              reject(new Error(`the database did not answer within ${timeoutMs} ms`)),
            ),
          ),
        ]);
      },
      async [Symbol.asyncDispose]() {
        await stopUpkeep?.();
        await prisma.$disconnect();
        await pool.end();
        await embedded?.close();
      },
    };
  } catch (error) {
    await pool.end();
    await embedded?.close();
    throw error instanceof StartError
      ? error
      : new StartError(explain(error, config), { cause: error });
  }
}

async function readIdentity(pool: pg.Pool): Promise<Pick<Database, 'id' | 'instance'>> {
  const { rows } = await pool.query(`
    select id, left(md5(concat_ws('/', id,
      (select system_identifier from pg_control_system()),
      (select oid from pg_database where datname = current_database()))), 12) as instance
    from database_id`);
  return rows[0];
}

function explain(error: unknown, config: Config): string {
  const reason =
    error instanceof Error
      ? error.message || String((error as { code?: string }).code)
      : String(error);
  if (!config.DATABASE_URL)
    return `The embedded database in ${config.DATA_DIR} does not open: ${reason}`;
  return `The database at ${nameServers(config.DATABASE_URL)} cannot be used: ${reason}. Check DATABASE_URL, and that PostgreSQL runs and accepts connections from this address.`;
}
