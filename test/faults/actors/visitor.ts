import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Follower } from './follower.ts';
import type { Actor } from './run.ts';

/**
 * Goes away and comes back with their cursor, on whatever node; mostly soon, sometimes late. Stays
 * when stopped.
 */
export function startVisitor(follower: Follower, random: Random): Actor {
  const stopping = new AbortController();
  const wait = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const visiting = (async () => {
    while (!stopping.signal.aborted) {
      if (!follower.isFollowing) follower.begin();
      await wait(random.between(200, 5000));
      if (stopping.signal.aborted) return;
      follower.stop();
      await wait(random.chance(0.1) ? random.between(5000, 20_000) : random.between(0, 2000));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await visiting;
      if (!follower.isFollowing) follower.begin();
    },
  };
}
