import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  startProcess,
  temporaryDirectory,
  type ServerProcess,
} from '../../support/server-process.ts';

/**
 * The built program as a process that can be killed, stopped and started again on its port. It ends
 * when this process does.
 */
export interface NodeProcess extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Whether it is running: false after a kill and during a start. */
  readonly isUp: boolean;
  /** Its faults: crashes, unexpected exits, logged errors. */
  readonly faults: readonly string[];
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Sends SIGTERM, and resolves after an orderly exit. */
  terminate(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Records new faults. Call it regularly. */
  examine(): void;
  readonly log: string;
}

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const errorLevel = 50;
/**
 * Two seconds where it is alone; here three nodes, their servers and everybody else share a
 * machine, and Redis may be away.
 */
const startsWithinMs = 60_000;

export async function startNodeProcess(
  name: string,
  port: number,
  settings: Record<string, string>,
  nodeArguments: readonly string[] = [],
): Promise<NodeProcess> {
  const directory = temporaryDirectory();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    PORT: port,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
    ...settings,
  };
  const pairs = Object.entries(environment).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  const isReady = async () => {
    const { ok } = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1000) });
    if (!ok) throw new Error('it is not ready');
  };
  const start = () =>
    startProcess('env', ['-i', ...pairs, process.execPath, ...nodeArguments, main], {
      directory,
      isReady,
      withinMs: startsWithinMs,
    });
  const readLog = () => readFileSync(join(directory, 'log'), 'utf8');
  const faults: string[] = [];
  let examined = 0;
  let process_: ServerProcess = await start();
  let isWanted = true;

  async function end(signal: NodeJS.Signals): Promise<void> {
    isWanted = false;
    await process_.end(signal);
  }

  return {
    name,
    url,
    get pid() {
      return process_.pid;
    },
    get isUp() {
      return isWanted && process_.running;
    },
    faults,
    kill: () => end('SIGKILL'),
    async terminate() {
      await end('SIGTERM');
      if (process_.ending !== 0)
        faults.push(`${name} ended with ${process_.ending} on SIGTERM: ${readLog().slice(-2000)}`);
    },
    async start() {
      process_ = await start();
      isWanted = true;
    },
    freeze: () => process_.freeze(),
    thaw: () => process_.thaw(),
    examine() {
      if (isWanted && !process_.running) {
        isWanted = false;
        faults.push(`${name} ended by itself with ${process_.ending}: ${readLog().slice(-2000)}`);
      }
      const fresh = readLog().slice(examined);
      const whole = fresh.slice(0, fresh.lastIndexOf('\n') + 1);
      examined += whole.length;
      for (const line of whole.split('\n'))
        if (levelOf(line) >= errorLevel) faults.push(`${name} logged ${line}`);
    },
    get log() {
      return readLog();
    },
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

/** A line that is not JSON comes from a crashing process. */
function levelOf(line: string): number {
  if (line === '') return 0;
  try {
    return JSON.parse(line).level;
  } catch {
    return errorLevel;
  }
}
