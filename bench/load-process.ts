import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Tasks } from './load/main.ts';

/** The process that loads one server. */
export interface Load extends AsyncDisposable {
  /** Has it do something; rejects with its fault. */
  run<Task extends keyof Tasks>(
    task: Task,
    ...input: Parameters<Tasks[Task]>
  ): ReturnType<Tasks[Task]>;
}

export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('../dist/bench/bench/load/main.js', import.meta.url)), {
    execArgv: [],
  });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let count = 0;
  child.on('message', ({ id, result, fault }: { id: number; result?: unknown; fault?: string }) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (fault === undefined) resolve(result);
    else reject(new Error(fault));
  });
  const gone = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The load ended.'));
  });
  return {
    run: (task, ...[input]) =>
      new Promise<never>((resolve, reject) => {
        waiting.set(++count, { resolve: resolve as never, reject });
        child.send({ id: count, task, input });
      }) as never,
    async [Symbol.asyncDispose]() {
      child.kill();
      await gone;
    },
  };
}
