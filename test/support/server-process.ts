import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chownSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServerProcess {
  readonly pid: number;
  readonly running: boolean;
  /** The exit code, or the signal that ended it. Undefined while it runs. */
  readonly ending: number | string | undefined;
  /** Ends it, frozen or not. Resolves after it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /**
   * Pauses the process and its children with this name, with open connections. The returned
   * function continues them.
   */
  freeze(childName?: string): void;
  thaw(childName?: string): void;
}

/**
 * The folder of a program: one of PATH, or one where packages install programs outside of PATH.
 * Undefined if it is not installed.
 */
export function findProgram(name: string, elsewhere: readonly string[] = []): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...elsewhere]) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return dirname(realpathSync(join(folder, name)));
    } catch {
      // not here
    }
  }
  return undefined;
}

/** The `bin` folders of its subfolders, newer versions first. */
export function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(folder, version, 'bin'));
  } catch {
    return [];
  }
}

/** A user for servers that refuse to run as root. Undefined if this process is not root. */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Creates an empty directory. The global setup deletes it at the end of the run. */
export function temporaryDirectory(owner?: { uid: number; gid: number }): string {
  const directory = mkdtempSync(join(tmpdir(), 'causerie-'));
  if (owner) chownSync(directory, owner.uid, owner.gid);
  return directory;
}

/**
 * Below those that the kernel gives to outgoing connections, one of which could take the port
 * before the server does.
 */
const [firstPort, ports] = [10_000, 20_000];

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * ports);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/**
 * Starts a server that ends when this process ends, in any way: a shell beside it reads from a pipe
 * that this process keeps open and never writes to. Resolves when `isReady` does not throw. Rejects
 * with the output of the server after `withinMs`.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  {
    directory,
    user,
    isReady,
    withinMs = 20_000,
  }: {
    directory: string;
    user?: { uid: number; gid: number };
    isReady: () => Promise<unknown>;
    withinMs?: number;
  },
): Promise<ServerProcess> {
  const log = join(directory, 'log');
  const output = openSync(log, 'a');
  const guarded = '(read -r _ <&3; kill -QUIT $$; kill -CONT $$) 2>/dev/null & exec "$@" 3<&-';
  const child = spawn('sh', ['-c', guarded, 'sh', command, ...args], {
    cwd: directory,
    stdio: ['ignore', output, output, 'pipe'],
    ...user,
  });
  child.once('exit', () => child.stdio[3]!.destroy());
  const running = () => child.exitCode === null && child.signalCode === null;
  for (const deadline = performance.now() + withinMs; ; await delay(20)) {
    const fault = await isReady().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (fault === undefined) break;
    if (running() && performance.now() < deadline) continue;
    child.kill('SIGKILL');
    throw new Error(`${command} does not start: ${readFileSync(log, 'utf8').slice(-2000)}`, {
      cause: fault,
    });
  }
  const signalAll = (signal: 'STOP' | 'CONT', childName?: string) => {
    child.kill(`SIG${signal}`);
    if (childName) execFileSync('pkill', [`-${signal}`, '-P', String(child.pid), childName]);
  };
  return {
    pid: child.pid!,
    get running() {
      return running();
    },
    get ending() {
      return child.exitCode ?? child.signalCode ?? undefined;
    },
    async end(signal) {
      if (!running()) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      child.kill('SIGCONT');
      await gone;
    },
    freeze: (childName) => signalAll('STOP', childName),
    thaw: (childName) => signalAll('CONT', childName),
  };
}
