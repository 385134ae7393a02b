import { availableParallelism } from 'node:os';
import { rateLimited, Refusal } from '../../errors.ts';

export interface PasswordQueueOptions {
  /** How many hashes are computed at once. */
  readonly atOnce: number;
  /** How many may wait, for one address and for all together. */
  readonly waitingPerAddress: number;
  readonly waiting: number;
}

/**
 * Runs work for addresses in turn: each address with work that waits has one piece done before any
 * has a second [P13].
 */
export interface PasswordQueue {
  /**
   * Rejects with RATE_LIMITED if too much waits for this address, with UNAVAILABLE if too much
   * waits for all.
   */
  run<Result>(address: string, work: () => Promise<Result>): Promise<Result>;
}

/** The time to wait for a refused client, in ms. A full queue is worked off in a few seconds. */
const retryAfterMs = 2000;

/**
 * The hashes are computed on libuv's pool, which files and DNS use too. It has four threads by
 * default, so hashes must leave some of them free, and half of the processors.
 */
export const hashesAtOnce = (): number =>
  Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));

export function createPasswordQueue({
  atOnce,
  waitingPerAddress,
  waiting,
}: PasswordQueueOptions): PasswordQueue {
  /** The work that waits, by address. The addresses are in the order of their turns. */
  const queues = new Map<string, (() => void)[]>();
  let queued = 0;
  let running = 0;

  function enqueue(address: string, start: () => void): void {
    const queue = queues.get(address) ?? [];
    if (queue.length >= waitingPerAddress)
      throw rateLimited(
        'Too many passwords from your address are waiting to be checked. Try again in 2 s.',
        retryAfterMs,
      );
    if (queued >= waiting)
      throw new Refusal(
        'UNAVAILABLE',
        'Too many passwords are waiting to be checked. Try again in 2 s.',
        { retryAfterMs },
      );
    queue.push(start);
    queues.set(address, queue);
    queued++;
  }

  function startNext(): void {
    const [next] = queues;
    if (!next || running >= atOnce) return;
    const [address, queue] = next;
    queues.delete(address);
    const start = queue.shift()!;
    if (queue.length > 0) queues.set(address, queue);
    queued--;
    running++;
    start();
  }

  return {
    async run(address, work) {
      await new Promise<void>((resolve) => {
        enqueue(address, resolve);
        startNext();
      });
      try {
        return await work();
      } finally {
        running--;
        startNext();
      }
    },
  };
}
