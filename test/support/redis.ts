import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findProgram, freePort, startProcess, temporaryDirectory } from './server-process.ts';

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Runs work with a separate connection, for example for CLIENT KILL. */
  admin<Result>(work: (client: Redis) => Promise<Result>): Promise<Result>;
  /** SIGKILL. Connections are reset, and refused from then on. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** The folder with redis-server. Undefined if it is not installed. */
export const redisPrograms = (): string | undefined => findProgram('redis-server', ['/usr/bin']);

/** Starts a server that stores nothing on disk. `args` are further options of redis-server. */
export async function startRedis({
  args: more = [],
}: { readonly args?: readonly string[] } = {}): Promise<RedisServer> {
  const programs = redisPrograms();
  if (!programs) throw new Error('Redis is not installed: apt-get install redis-server');
  const directory = temporaryDirectory();
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const admin = async <Result>(work: (client: Redis) => Promise<Result>) => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: null });
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.disconnect();
    }
  };
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'no',
    ...more,
  ];
  const start = () =>
    startProcess(join(programs, 'redis-server'), args, {
      directory,
      isReady: () => admin((client) => client.ping()),
    });
  let server = await start();
  return {
    port,
    url,
    admin,
    kill: () => server.end('SIGKILL'),
    async restart() {
      await server.end('SIGKILL');
      server = await start();
    },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    [Symbol.asyncDispose]: () => server.end('SIGKILL'),
  };
}
