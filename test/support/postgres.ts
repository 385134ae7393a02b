import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  findProgram,
  freePort,
  startProcess,
  temporaryDirectory,
  unprivilegedUser,
  versionsIn,
  type ServerProcess,
} from './server-process.ts';

export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** The file with its log. */
  readonly log: string;
  urlOf(database: string): string;
  /** Runs work with a superuser connection to one of its databases. */
  admin<Result>(work: (client: pg.Client) => Promise<Result>, database?: string): Promise<Result>;
  /** SIGKILL. Only acknowledged data is in the log on disk. */
  kill(): Promise<void>;
  /**
   * Restarts it at once, on the same port with the same data, also after a kill. All connections
   * end.
   */
  restart(): Promise<void>;
  /** A copy of its files as they are now, for another server to start with. */
  backup(): Promise<string>;
  /**
   * Recovers like a recovery to a point in time: replays the log from its archive (empty here), and
   * begins another timeline.
   */
  recover(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** The folder with PostgreSQL's programs. Undefined if it is not installed. */
export const postgresPrograms = (): string | undefined =>
  findProgram('initdb', versionsIn('/usr/lib/postgresql'));

/**
 * Creates a database beside that of the URL, as a copy of `template`, and returns its URL. The
 * template must have no connections.
 */
export async function createDatabase(
  url: string,
  template = 'template0',
  name = `test_${randomUUID().replaceAll('-', '')}`,
): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`create database "${name}" template "${template}"`);
  } finally {
    await client.end();
  }
  const made = new URL(url);
  made.pathname = name;
  return made.href;
}

export interface PostgresOptions {
  /**
   * A copy of another server's files, and the first action: follow that server, or recover from its
   * archive.
   */
  readonly from?: { readonly data: string; readonly signal: 'standby' | 'recovery' };
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The text after the name of the database in its URLs. */
  readonly urlParameters?: string;
}

/**
 * Starts a server with an empty cluster, or with a copy of another. It writes before it
 * acknowledges, but does not sync: tests kill processes, they do not cut the power.
 */
export async function startPostgres({
  from,
  settings: more,
  urlParameters = '',
}: PostgresOptions = {}): Promise<Postgres> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const user = unprivilegedUser();
  const directory = temporaryDirectory(user);
  const data = from?.data ?? join(directory, 'data');
  const port = await freePort();
  if (from) await writeFile(join(data, `${from.signal}.signal`), '');
  else
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      { cwd: directory, stdio: 'pipe', ...user },
    );
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    fsync: 'off',
    full_page_writes: 'off',
    restore_command: 'false',
    ...more,
  };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];

  const urlOf = (database: string) =>
    `postgresql://postgres@127.0.0.1:${port}/${database}${urlParameters}`;
  const admin = async <Result>(
    work: (client: pg.Client) => Promise<Result>,
    database = 'postgres',
  ) => {
    const client = new pg.Client(urlOf(database));
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const start = () =>
    startProcess(join(programs, 'postgres'), args, {
      directory,
      user,
      isReady: () => admin((client) => client.query('select 1')),
    });
  // After a kill its children need a moment to notice, and no new server starts before they have
  // ended.
  const startAgain = async (attempts = 50): Promise<ServerProcess> =>
    start().catch((error) =>
      attempts > 0 ? delay(100).then(() => startAgain(attempts - 1)) : Promise.reject(error),
    );
  let server = await start();
  const restart = async () => {
    await server.end('SIGQUIT');
    server = await startAgain();
  };
  return {
    port,
    log: join(directory, 'log'),
    urlOf,
    admin,
    kill: () => server.end('SIGKILL'),
    restart,
    async backup() {
      const copy = join(temporaryDirectory(user), 'data');
      const options = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '--checkpoint=fast'];
      await promisify(execFile)(
        join(programs, 'pg_basebackup'),
        ['-D', copy, ...options, '--no-sync'],
        { cwd: directory, ...user },
      );
      return copy;
    },
    async recover() {
      await writeFile(join(data, 'recovery.signal'), '');
      await restart();
      await admin(async (client) => {
        while ((await client.query('select pg_is_in_recovery() as recovering')).rows[0].recovering)
          await delay(20);
      });
    },
    freeze: () => server.freeze('postgres'),
    thaw: () => server.thaw('postgres'),
    [Symbol.asyncDispose]: () => server.end('SIGQUIT'),
  };
}
