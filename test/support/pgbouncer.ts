import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Postgres } from './postgres.ts';
import {
  findProgram,
  freePort,
  startProcess,
  temporaryDirectory,
  unprivilegedUser,
  type ServerProcess,
} from './server-process.ts';

/** The folder with PgBouncer. Undefined if it is not installed. */
export const pgBouncerPrograms = (): string | undefined => findProgram('pgbouncer', ['/usr/sbin']);

export interface PgBouncer extends AsyncDisposable {
  /** The URL of a database of PostgreSQL through the pooler. */
  urlOf(database: string): string;
}

/** Starts a pooler in front of a server, with the defaults of PgBouncer apart from `settings`. */
export async function startPgBouncer(
  postgres: Postgres,
  settings: Readonly<Record<string, string | number>>,
): Promise<PgBouncer> {
  const user = unprivilegedUser();
  const directory = temporaryDirectory(user);
  const port = await freePort();
  await writeFile(join(directory, 'users'), '"postgres" ""\n');
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(directory, 'users'),
    ...settings,
  };
  const configuration = [
    '[databases]',
    `* = host=127.0.0.1 port=${postgres.port}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ];
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(file, configuration.join('\n'));
  const urlOf = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  const server: ServerProcess = await startProcess(
    join(pgBouncerPrograms()!, 'pgbouncer'),
    [file],
    {
      directory,
      user,
      isReady: async () => {
        const client = new pg.Client(urlOf('postgres'));
        client.on('error', () => {});
        await client.connect();
        await client.end();
      },
    },
  );
  return { urlOf, [Symbol.asyncDispose]: () => server.end('SIGINT') };
}
