import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Tasks } from './load/main.ts';

/** The process that produces the load on one server. */
export interface Load extends AsyncDisposable {
  /** Runs a task in the process. Rejects if the task fails. */
  run<Task extends keyof Tasks>(
    task: Task,
    ...input: Parameters<Tasks[Task]>
  ): ReturnType<Tasks[Task]>;
}

export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('../dist/bench/bench/load/main.js', import.meta.url)), {
    execArgv: [],
  });
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let count = 0;
  child.on('message', ({ id, result, fault }: { id: number; result?: unknown; fault?: string }) => {
    const { resolve, reject } = pending.get(id)!;
    pending.delete(id);
    if (fault === undefined) resolve(result);
    else reject(new Error(fault));
  });
  const exited = once(child, 'exit').then(() => {
    for (const { reject } of pending.values()) reject(new Error('The load process ended.'));
  });
  return {
    run: (task, ...[input]) =>
      new Promise<never>((resolve, reject) => {
        pending.set(++count, { resolve: resolve as never, reject });
        child.send({ id: count, task, input });
      }) as never,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}
