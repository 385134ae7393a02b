import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A server under measurement: a Node.js process of its own, that runs built JavaScript. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly wsUrl: string;
  readonly pid: number;
  /** How long it took from its being spawned to its listening. */
  readonly startMs: number;
  /** Processor time of this process alone, all its threads, user and system, as the operating system counts it. */
  cpuMs(): number;
  /** What it holds of the machine's memory, after a full garbage collection. */
  residentBytes(): Promise<number>;
}

const built = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
/** A signal that nobody else heeds. */
const collectOnSignal = `data:text/javascript,process.on('SIGWINCH',()=>{gc();gc();console.log('collected')})`;

/** For who looks where the time goes; Node.js 20 takes no --cpu-prof from NODE_OPTIONS. */
const extraArguments = (process.env.SERVER_NODE_ARGUMENTS ?? '')
  .split(' ')
  .filter((argument) => argument !== '');

/** Runs a file of dist/ with these settings and waits until it says where it listens. Rejects with what it said when it ends before. */
export async function startServer(path: string, settings: Record<string, string>): Promise<Server> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', collectOnSignal, ...extraArguments, built(path)],
    {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const endWithBench = () => child.kill('SIGKILL');
  process.once('exit', endWithBench);
  const gone = once(child, 'close').finally(() => process.off('exit', endWithBench));
  let output = '';
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(output);
        if (!found) return;
        child.stdout.off('data', look);
        resolve(found);
      };
      child.stdout.on('data', look);
      look();
    });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-10_000)));
  const [, url] = await Promise.race([
    says(/listens on (http:[^"\s]+)/),
    gone.then(() => Promise.reject(new Error(`${path} ended: ${output}`))),
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
      await says(/collected/);
      return (
        Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024
      );
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const patience = setTimeout(endWithBench, 15_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

/** In nanoseconds, where /proc/<pid>/stat counts in hundredths of a second; a thread that ended takes its time with it. */
function cpuMsOf(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return ns / 1e6;
}
