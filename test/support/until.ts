import { setTimeout as delay } from 'node:timers/promises';

const firstPauseMs = 5;
/** A condition often costs a request, so that looking more often would load the tested server. */
const longestPauseMs = 50;

/** Resolves when the condition is true. Rejects with `what` after the timeout. */
export async function until(what: string, holds: () => unknown, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (
    let pauseMs = firstPauseMs;
    !(await holds());
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
  ) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(pauseMs);
  }
}
