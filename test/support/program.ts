import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../../src/limits.ts';

/** The built program as a process, as `npm start` runs it. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly url: string;
  readonly wsUrl: string;
  readonly output: string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const limitedNode = fileURLToPath(new URL('limited-node.ts', import.meta.url));

function run(settings: Record<string, string>, limits?: Partial<Limits>) {
  const child = spawn(process.execPath, limits ? ['--import', 'tsx', limitedNode] : [main], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      HOST: '127.0.0.1',
      ...(limits && { TEST_LIMITS: JSON.stringify(limits) }),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output.text += chunk));
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return { child, output, ended };
}

/**
 * Starts it and waits until it listens. Rejects with its output if it ends before. With limits it
 * is started from its sources, because they are not settings.
 */
export async function startProgram(
  settings: Record<string, string>,
  limits?: Partial<Limits>,
): Promise<Program> {
  const { child, output, ended } = run(settings, limits);
  const listening = new Promise<string>((resolve) =>
    child.stdout.on('data', () => {
      const url = /Causerie is listening on (http:[^"\s]+)/.exec(output.text)?.[1];
      if (url) resolve(url);
    }),
  );
  const url = await Promise.race([
    listening,
    ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${output.text}`))),
  ]);
  return {
    process: child,
    url: `${url}/graphql`,
    wsUrl: `${url.replace('http', 'ws')}/graphql`,
    ended,
    get output() {
      return output.text;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const patienceMs = 60_000;

/** Runs it until it ends, for starts that should fail. A process that keeps running is killed. */
export async function runProgram(
  settings: Record<string, string>,
): Promise<{ code: number | string; output: string }> {
  const { child, output, ended } = run(settings);
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const code = await ended;
  clearTimeout(patience);
  return { code, output: output.text };
}
