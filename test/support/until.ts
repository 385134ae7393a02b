import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the condition is true. Rejects with `what` after the timeout. */
export async function until(what: string, holds: () => unknown, withinMs = 30_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await holds()); await delay(5))
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
}
