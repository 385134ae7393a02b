import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';

/** The socket on which the embedded database listens. */
export interface DatabaseSocket {
  /** The options for its server. */
  readonly listen: { readonly path: string } | { readonly host: string; readonly port: number };
  /** The host for `pg`: an address, or the directory of the socket. */
  readonly host: string;
  /** The port for `pg`, from the address that the server reports. */
  portOf(address: string): number;
  remove(): Promise<void>;
}

const prefix = 'causerie-socket-';
/** `pg` derives the name of the socket file from the port. */
const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
/** The longest path of a socket that every system accepts, including the NUL. */
const pathMaxBytes = 104;

/**
 * A Unix socket in a directory that only this user may enter, because the embedded database asks
 * for no password [P14]. The directory is created among the temporary files. If that is impossible
 * or the path is too long, it is created in the data directory. A killed process leaves an empty
 * directory behind. On Windows the database listens on loopback, which every local account can
 * reach.
 */
export async function prepareSocket(
  dataDirectory: string | undefined,
  log: Log,
): Promise<DatabaseSocket> {
  if (process.platform === 'win32') {
    log.warn(
      'On Windows the embedded database listens on loopback without a password: every account on this machine can reach it. Use DATABASE_URL if others have accounts on it',
    );
    const host = '127.0.0.1';
    return {
      listen: { host, port: 0 },
      host,
      portOf: (address) => Number(address.split(':').at(-1)),
      remove: async () => {},
    };
  }
  if (dataDirectory) await removeLeftovers(dataDirectory);
  for (const parent of [tmpdir(), ...(dataDirectory ? [dataDirectory] : [])]) {
    const path = join(parent, prefix);
    if (Buffer.byteLength(join(`${path}xxxxxx`, socketName)) >= pathMaxBytes) continue;
    // mkdtemp creates it with mode 0700, independent of the umask.
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

/** Only the process that holds the lock of the data directory may call this. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (name.startsWith(prefix)) await rm(join(directory, name), { recursive: true, force: true });
}
