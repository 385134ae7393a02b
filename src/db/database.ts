import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';
import { openEmbedded } from './embedded.ts';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { codeDriverErrors } from './unavailable.ts';

/** Inside a transaction: everything of the client but what would open another one. */
export type Transaction = Prisma.TransactionClient;

/** A connection that carries nothing stays open for hours; longer than any statement may take there is no answer to wait for. */
const answerMs = 20_000;

export interface Statement {
  /** Prepared once on each connection under this name. */
  readonly name: string;
  readonly text: string;
}

export interface Database extends AsyncDisposable {
  readonly prisma: PrismaClient;
  /** One statement past the ORM, for the paths that are measured. int8 comes back as a number. Rejects when there is no answer within 20 s. */
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** Names this database and its copies, in every cursor. */
  readonly id: string;
  /** Names this database among its copies: a dump restored beside it has another, a standby that takes its place has the same. */
  readonly instance: string;
  /** What to tell the person who starts the node. */
  readonly description: string;
  /** The secret kept beside an embedded database; undefined with PostgreSQL. */
  readonly keptSecret: string | undefined;
  /** Rejects when the database does not answer within the time. */
  ping(timeoutMs: number): Promise<void>;
}

/** Embedded in DATA_DIR, or the PostgreSQL of DATABASE_URL; migrated, and the same from here on. Throws StartError. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  const embedded = config.DATABASE_URL ? undefined : await openEmbedded(config.DATA_DIR, log);
  const pool = new pg.Pool({
    ...(embedded
      ? embedded.connection
      : { connectionString: config.DATABASE_URL, max: config.DATABASE_POOL }),
    application_name: 'causerie',
    connectionTimeoutMillis: 5000,
    // One connection serves everything embedded, so a wait for it is a wait in the pool, which these do not bound.
    // A connection made anew would find the statements that the one before it prepared: the embedded database has one session for all.
    ...(embedded
      ? {
          idleTimeoutMillis: 0,
          onConnect: (connection) => connection.query('discard all') as never,
        }
      : {
          statement_timeout: 15_000,
          lock_timeout: 5000,
          idle_in_transaction_session_timeout: 15_000,
        }),
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  });
  codeDriverErrors(pool);
  pool.on('error', (error) =>
    log.warn({ error: error.message }, 'an idle database connection was lost'),
  );
  // Passed from one to the next a connection is nobody's for a moment. Lost then, it would end the process; so the next finds it unusable.
  pool.on('connect', (connection) =>
    connection.on('error', (error) =>
      log.debug({ error: error.message }, 'a database connection was lost'),
    ),
  );
  try {
    const applied = await migrate(pool);
    if (applied.length > 0) log.info({ applied }, 'migrated the database');
    const identity = await readIdentity(pool);
    /** Part of the names of statements that had to be prepared again. */
    let preparation = 0;
    const ask = async (statement: Statement, values: readonly unknown[]) =>
      (
        await pool.query({
          text: statement.text,
          name: preparation > 0 ? `${statement.name} ${preparation}` : statement.name,
          values: [...values],
          query_timeout: answerMs,
        } as pg.QueryConfig)
      ).rows;
    const prisma = new PrismaClient({
      adapter: new PrismaPg(pool),
      transactionOptions: { maxWait: 10_000, timeout: 15_000 },
    });
    return {
      prisma,
      ...identity,
      description: embedded
        ? embedded.description
        : `PostgreSQL at ${new URL(config.DATABASE_URL!).host}`,
      keptSecret: embedded?.secret,
      async query<Row>(statement: Statement, values: readonly unknown[]) {
        const prepared = preparation;
        try {
          return (await ask(statement, values)) as Row[];
        } catch (error) {
          if (!isOutdatedPlan(error)) throw error;
          if (prepared === preparation) preparation++;
          return (await ask(statement, values)) as Row[];
        }
      },
      ping: async (timeoutMs) => {
        const late = AbortSignal.timeout(timeoutMs);
        await Promise.race([
          pool.query('select 1'),
          new Promise((_, reject) =>
            late.addEventListener('abort', () =>
              reject(new Error(`the database did not answer within ${timeoutMs} ms`)),
            ),
          ),
        ]);
      },
      async [Symbol.asyncDispose]() {
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

/** A dump was restored over the tables: statements prepared before have to be prepared again. Nothing of this one was done. */
const isOutdatedPlan = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery';

function explain(error: unknown, config: Config): string {
  const reason =
    error instanceof Error
      ? error.message || String((error as { code?: string }).code)
      : String(error);
  if (!config.DATABASE_URL)
    return `The embedded database in ${config.DATA_DIR} does not open: ${reason}`;
  return `The database at ${new URL(config.DATABASE_URL).host} cannot be used: ${reason}. Check DATABASE_URL, and that PostgreSQL runs and lets this address in.`;
}
