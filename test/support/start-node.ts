import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Limits } from '../../src/limits.ts';
import { createLog, type Log } from '../../src/log.ts';
import { createDatabase, embeddedDirectory, postgresUrl, redisUrl } from './servers.ts';

export interface TestNode extends AsyncDisposable {
  readonly app: App;
  /** The URL of the API, over HTTP and over the socket. */
  readonly url: string;
  readonly wsUrl: string;
  /** Its settings, for a second node beside it. */
  readonly settings: Record<string, string>;
}

export interface NodeOptions {
  readonly settings?: Record<string, string>;
  readonly limits?: Partial<Limits>;
  /** Receives the log instead of standard output. */
  readonly log?: Log;
  /** Uses the embedded database, even where PostgreSQL is installed. */
  readonly isEmbedded?: boolean;
}

/** Lets nodes close at once, and makes sign-ups fast. */
const fastLimits: Partial<Limits> = { drainLeadMs: 0, drainMs: 50, passwordHashKiB: 8 };

const secret = 'a secret that only the tests know, 32+ characters';

/**
 * Starts a complete node in this process, with its own database: PostgreSQL if it is installed,
 * otherwise embedded. It drains at once when it closes.
 */
export async function startNode({
  settings = {},
  limits = {},
  log,
  isEmbedded,
}: NodeOptions = {}): Promise<TestNode> {
  const database =
    settings.DATABASE_URL || settings.DATA_DIR ? {} : await freshDatabase(isEmbedded);
  const all = {
    PORT: '0',
    HOST: '127.0.0.1',
    JWT_SECRET: secret,
    // For files; the embedded database has its own.
    DATA_DIR: join(tmpdir(), `causerie-files-${randomUUID()}`),
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...database,
    ...settings,
  };
  const config = readConfig(all, { ...fastLimits, ...limits });
  const app = await startApp(config, log ?? createLog(config.LOG_LEVEL));
  const url = `${app.url}/graphql`;
  return {
    app,
    url,
    wsUrl: url.replace('http', 'ws'),
    settings: all,
    [Symbol.asyncDispose]: () => app.close(),
  };
}

/** Nodes on one PostgreSQL and one Redis. */
export async function startCluster(
  size: number,
  options: NodeOptions = {},
): Promise<TestNode[] & AsyncDisposable> {
  const shared = {
    DATABASE_URL: await createDatabase(),
    REDIS_URL: redisUrl!,
    DATA_DIR: join(tmpdir(), `causerie-files-${randomUUID()}`),
    ...options.settings,
  };
  const nodes = await Promise.all(
    Array.from({ length: size }, () => startNode({ ...options, settings: shared })),
  );
  return Object.assign(nodes, {
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    },
  });
}

/** The settings of a new database: of PostgreSQL if it is installed, otherwise embedded. */
export const freshDatabase = async (
  isEmbedded = Boolean(process.env.TEST_EMBEDDED),
): Promise<Record<string, string>> =>
  postgresUrl && !isEmbedded
    ? { DATABASE_URL: await createDatabase() }
    : { DATA_DIR: await embeddedDirectory() };
