import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '../db/unavailable.ts';
import { jittered } from '../jitter.ts';

const longestPauseMs = 2000;

/**
 * Retries work that fails because the database is down, with growing pauses. Calls `onRetry` before
 * each retry. Returns undefined as soon as the result is no longer wanted. Rejects with any other
 * error.
 */
export async function retry<Result>(
  work: () => Promise<Result>,
  isWanted: () => boolean,
  onRetry: () => void,
): Promise<Result | undefined> {
  for (let pause = 50; isWanted(); pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      onRetry();
      await sleep(jittered(pause));
    }
  }
  return undefined;
}
