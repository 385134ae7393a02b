import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';

/** Where the embedded database listens. */
export interface DatabaseSocket {
  /** What its server is told. */
  readonly listen: { readonly path: string } | { readonly host: string; readonly port: number };
  /** What `pg` is told: an address, or the directory of the socket. */
  readonly host: string;
  /** The same, by the address that the server says it has. */
  portOf(address: string): number;
  remove(): Promise<void>;
}

const prefix = 'causerie-socket-';
/** `pg` looks for this name in the directory, by the port. */
const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
/** What every system takes for the path of a socket, with its NUL. */
const pathMaxBytes = 104;

/**
 * A Unix socket in a directory that only this user may enter: the embedded database asks nobody for a password [P14]. It stands in the directory for
 * temporary files, else, if that cannot be written to or its path is too long, in the data directory. A process that is killed leaves an empty
 * directory behind. Windows has no such sockets: the database listens on loopback there, which every local account can reach.
 */
export async function prepareSocket(
  dataDirectory: string | undefined,
  log: Log,
): Promise<DatabaseSocket> {
  if (process.platform === 'win32') {
    log.warn(
      'On Windows the embedded database listens on loopback without a password: every account on this machine can reach it. Use DATABASE_URL where others have accounts',
    );
    const host = '127.0.0.1';
    return {
      listen: { host, port: 0 },
      host,
      portOf: (address) => Number(address.split(':').at(-1)),
      remove: async () => {},
    };
  }
  if (dataDirectory) await removeLeft(dataDirectory);
  for (const parent of [tmpdir(), ...(dataDirectory ? [dataDirectory] : [])]) {
    const path = join(parent, prefix);
    if (Buffer.byteLength(join(`${path}xxxxxx`, socketName)) >= pathMaxBytes) continue;
    // With the mode 0700, whatever the umask.
    const directory = await mkdtemp(path).catch(() => undefined);
    if (directory)
      return {
        listen: { path: join(directory, socketName) },
        host: directory,
        portOf: () => socketPort,
        remove: () => rm(directory, { recursive: true, force: true }),
      };
  }
  throw new StartError(
    `The embedded database cannot make its socket: ${tmpdir()} cannot be written to, or its path is too long. Set TMPDIR to another directory.`,
  );
}

/** Only the process that has the lock of the data directory comes here. */
async function removeLeft(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (name.startsWith(prefix)) await rm(join(directory, name), { recursive: true, force: true });
}
