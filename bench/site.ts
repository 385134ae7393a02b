import pg from 'pg';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { createLog } from '../src/log.ts';
import { createDatabase, startPostgres } from '../test/support/postgres.ts';
import { startRedis } from '../test/support/redis.ts';
import { temporaryDirectory } from '../test/support/server-process.ts';
import { postgresCpuMs } from './process-cpu.ts';
import { jwtSecret, planSeed, type Seed } from './seed.ts';
import { startServer, type Server } from './server.ts';

/** The databases of the measured servers, and how to start the servers. */
export interface Site extends AsyncDisposable {
  readonly seed: Seed;
  /** Starts a node. All nodes that are started with this form one cluster. */
  startCauserie(preload?: string, settings?: Record<string, string>): Promise<Server>;
  /** Starts a node on an embedded database with the same data. */
  startEmbedded(): Promise<Server>;
  /** Starts a node on an empty database. */
  startFirst(database: 'PostgreSQL' | 'embedded'): Promise<Server>;
  /** Starts a node on an empty PostgreSQL, with a way to fill it. */
  startEmpty(): Promise<
    {
      server: Server;
      query(text: string, values?: unknown[]): Promise<unknown>;
      /** The CPU time of PostgreSQL. */
      databaseCpuMs(): number;
    } & AsyncDisposable
  >;
  startVanilla(): Promise<Server>;
  startRaw(messageBytes: number): Promise<Server>;
  /** Starts a message gate that allows everything. */
  startGate(): Promise<Server>;
}

/** The server allows a user 20 connections. */
export const followersPerUser = 20;

/**
 * Starts PostgreSQL and Redis, with a database for each peer and enough users for this number of
 * followers.
 */
export async function openSite(followers: number): Promise<Site> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const settings = {
    JWT_SECRET: jwtSecret,
    PORT: '0',
    HOST: '127.0.0.1',
    RATE_LIMITS: 'off',
    WEBHOOKS_ALLOW_PRIVATE: 'on',
  };
  const clustered = { ...settings, REDIS_URL: redis.url };
  const copyOf = (url?: string) =>
    createDatabase(postgres.urlOf('postgres'), url && new URL(url).pathname.slice(1));
  const plan = planSeed(Math.ceil(followers / followersPerUser));
  const fill = async (where: { DATABASE_URL: string } | { DATA_DIR: string }) => {
    const database = await openDatabase(readConfig({ ...settings, ...where }), createLog('silent'));
    await plan.fill(database);
    await database[Symbol.asyncDispose]();
  };

  const template = await copyOf();
  await fill({ DATABASE_URL: template });
  const ours = await copyOf(template);
  const theirs = await copyOf(template);
  // Vanilla does not number messages, so it should not pay for this index.
  await postgres.admin(
    (client) => client.query('drop index messages_conversation_id_seq_key'),
    new URL(theirs).pathname.slice(1),
  );
  let embedded: Promise<string> | undefined;
  const fillEmbedded = async () => {
    const directory = temporaryDirectory();
    await fill({ DATA_DIR: directory });
    return directory;
  };

  return {
    seed: await plan.seed(),
    startCauserie: (preload, more) =>
      startServer('main.js', { ...clustered, DATABASE_URL: ours, ...more }, preload),
    startEmbedded: async () =>
      startServer('main.js', { ...settings, DATA_DIR: await (embedded ??= fillEmbedded()) }),
    async startFirst(database) {
      if (database === 'embedded')
        return startServer('main.js', { ...settings, DATA_DIR: temporaryDirectory() });
      return startServer('main.js', { ...clustered, DATABASE_URL: await copyOf() });
    },
    async startEmpty() {
      const DATABASE_URL = await copyOf();
      const server = await startServer('main.js', { ...clustered, DATABASE_URL });
      const client = new pg.Client(DATABASE_URL);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      return {
        server,
        query: (text, values) => client.query(text, values),
        databaseCpuMs: () => postgresCpuMs(rows[0]!.pid),
        async [Symbol.asyncDispose]() {
          await client.end();
          await server[Symbol.asyncDispose]();
        },
      };
    },
    startVanilla: () =>
      startServer('bench/bench/peers/vanilla.js', {
        JWT_SECRET: jwtSecret,
        DATABASE_URL: theirs,
        REDIS_URL: redis.url,
      }),
    startRaw: (messageBytes) =>
      startServer('bench/bench/peers/raw.js', { MESSAGE_BYTES: String(messageBytes) }),
    startGate: () => startServer('bench/bench/peers/gate.js', {}),
    async [Symbol.asyncDispose]() {
      await postgres[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
