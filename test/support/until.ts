import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves once it holds; rejects, saying what was awaited, when that takes longer than so many ms.
 */
export async function until(what: string, holds: () => unknown, withinMs = 30_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await holds()); await delay(5))
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
}
