import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A measured server: a Node.js process that runs built JavaScript. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly wsUrl: string;
  readonly pid: number;
  /** The time from the start of the process until it listened. */
  readonly startMs: number;
  /**
   * The CPU time of this process as the operating system counts it: all threads, user and system.
   */
  cpuMs(): number;
  /** The resident memory after a full garbage collection. */
  residentBytes(): Promise<number>;
}

const built = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
/** SIGWINCH is a signal that nothing else uses. */
const collectOnSignal = `data:text/javascript,process.on('SIGWINCH',()=>{gc();gc();console.log('collected')})`;

/** Arguments for profiling. Node.js 20 does not accept --cpu-prof in NODE_OPTIONS. */
const extraArguments = (process.env.SERVER_NODE_ARGUMENTS ?? '')
  .split(' ')
  .filter((argument) => argument !== '');

/**
 * Runs a file of dist/ with these settings, and waits until it prints its address. Rejects with its
 * output if it ends before. `preload` is the text of a module that the process loads first.
 */
export async function startServer(
  path: string,
  settings: Record<string, string>,
  preload = '',
): Promise<Server> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      collectOnSignal,
      '--import',
      `data:text/javascript,${encodeURIComponent(preload)}`,
      ...extraArguments,
      built(path),
    ],
    {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const closed = once(child, 'close').finally(() => process.off('exit', kill));
  let output = '';
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const check = () => {
        const found = pattern.exec(output);
        if (!found) return;
        child.stdout.off('data', check);
        resolve(found);
      };
      child.stdout.on('data', check);
      check();
    });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-10_000)));
  const [, url] = await Promise.race([
    printed(/(?:listens|is listening) on (http:[^"\s]+)/),
    closed.then(() => Promise.reject(new Error(`${path} ended: ${output}`))),
  ]);
  const startMs = performance.now() - startedAt;
  const pid = child.pid!;
  return {
    url: url!,
    wsUrl: `${url!.replace('http', 'ws')}/graphql`,
    pid,
    startMs,
    cpuMs: () => cpuMsOf(pid),
    async residentBytes() {
      output = '';
      child.kill('SIGWINCH');
      await printed(/collected/);
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status)!;
      return Number(kilobytes) * 1024;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const killTimer = setTimeout(kill, 15_000);
      await closed;
      clearTimeout(killTimer);
    },
  };
}

/**
 * From schedstat, which counts in nanoseconds; /proc/<pid>/stat counts in hundredths of a second.
 * The time of ended threads is not included.
 */
function cpuMsOf(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return ns / 1e6;
}
