import { availableParallelism } from 'node:os';
import { rateLimited, Refusal } from '../../errors.ts';
import { createFairTurns, type FairTurns } from '../../fair-turns.ts';
import type { Metrics } from '../../metrics.ts';

export interface PasswordQueueOptions {
  /** How many hashes are computed at once. */
  readonly atOnce: number;
  /** How many may wait, for one address and for all together. */
  readonly waitingPerAddress: number;
  readonly waiting: number;
  readonly metrics: Pick<Metrics, 'turnsWaiting'>;
}

/** The time to wait for a refused client, in ms. A full queue is worked off in a few seconds. */
const retryAfterMs = 2000;

/**
 * The hashes are computed on libuv's pool, which files and DNS use too. It has four threads by
 * default, so hashes must leave some of them free, and half of the processors.
 */
export const hashesAtOnce = (): number =>
  Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));

/**
 * Hashes passwords for addresses in turn [P13]. Rejects with RATE_LIMITED if too many wait for an
 * address, with UNAVAILABLE if too many wait for all.
 */
export const createPasswordQueue = ({
  atOnce,
  waitingPerAddress,
  waiting,
  metrics,
}: PasswordQueueOptions): FairTurns =>
  createFairTurns({
    name: 'passwords',
    metrics,
    running: atOnce,
    runningPerHolder: atOnce,
    waiting,
    waitingPerHolder: waitingPerAddress,
    refusalOf: (limit) =>
      limit === 'holder'
        ? rateLimited(
            'Too many passwords from your address are waiting to be checked. Try again in 2 s.',
            retryAfterMs,
          )
        : new Refusal(
            'UNAVAILABLE',
            'Too many passwords are waiting to be checked. Try again in 2 s.',
            { retryAfterMs },
          ),
  });
