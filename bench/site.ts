import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { createLog } from '../src/log.ts';
import { createDatabase, startPostgres } from '../test/support/postgres.ts';
import { startRedis } from '../test/support/redis.ts';
import { temporaryDirectory } from '../test/support/server-process.ts';
import { jwtSecret, planSeed, type Seed } from './seed.ts';
import { startServer, type Server } from './server.ts';

/** What the measured servers stand on, and how they are started. */
export interface Site extends AsyncDisposable {
  readonly seed: Seed;
  /** A node of Causerie; those started here act as one. */
  startCauserie(): Promise<Server>;
  /** Causerie on its embedded database, with the same in it. */
  startEmbedded(): Promise<Server>;
  /** Causerie on a database that is still empty. */
  startFirst(database: 'PostgreSQL' | 'embedded'): Promise<Server>;
  startVanilla(): Promise<Server>;
  startRaw(messageBytes: number): Promise<Server>;
}

/** A user holds at most 20 connections. */
export const followersPerUser = 20;

/** PostgreSQL and Redis of the bench's own, with a database for each peer, and users enough for so many followers. */
export async function openSite(followers: number): Promise<Site> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const settings = { JWT_SECRET: jwtSecret, PORT: '0', HOST: '127.0.0.1', RATE_LIMITS: 'off' };
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
  const [ours, theirs] = [await copyOf(template), await copyOf(template)];
  // What it does not do, it need not pay for: it numbers nothing.
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
    startCauserie: () => startServer('main.js', { ...clustered, DATABASE_URL: ours }),
    startEmbedded: async () =>
      startServer('main.js', { ...settings, DATA_DIR: await (embedded ??= fillEmbedded()) }),
    startFirst: async (database) =>
      startServer(
        'main.js',
        database === 'embedded'
          ? { ...settings, DATA_DIR: temporaryDirectory() }
          : { ...clustered, DATABASE_URL: await copyOf() },
      ),
    startVanilla: () =>
      startServer('bench/bench/peers/vanilla.js', {
        JWT_SECRET: jwtSecret,
        DATABASE_URL: theirs,
        REDIS_URL: redis.url,
      }),
    startRaw: (messageBytes) =>
      startServer('bench/bench/peers/raw.js', { MESSAGE_BYTES: String(messageBytes) }),
    async [Symbol.asyncDispose]() {
      await postgres[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
