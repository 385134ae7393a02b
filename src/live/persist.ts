import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '../db/unavailable.ts';

const longestPauseMs = 2000;

/** Repeats what failed because the database is away, with growing pauses, until it succeeds, fails otherwise, or is no longer wanted: then undefined. */
export async function persist<Result>(
  work: () => Promise<Result>,
  isWanted: () => boolean,
): Promise<Result | undefined> {
  for (let pause = 50; isWanted(); pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      // Half of it by chance, so that all who wait do not come back at once.
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
  return undefined;
}
