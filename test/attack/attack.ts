import type { Site } from './site.ts';
import type { Tally } from './tally.ts';

/**
 * A bounded attack: it ends by itself, after so many attempts or so much time, and closes what it
 * opened.
 */
export interface Attack {
  readonly name: string;
  /** The bound that stops it, in the words of the table. */
  readonly bound: string;
  run(site: Site, tally: Tally, forMs: number): Promise<void>;
}

/** Runs a task over and over, some at once, until it has run `count` times or the time is over. */
export async function repeat(
  { count, atOnce, forMs }: { count: number; atOnce: number; forMs: number },
  task: (place: number) => Promise<unknown>,
): Promise<void> {
  const endAt = Date.now() + forMs;
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count && Date.now() < endAt) await task(next++);
    }),
  );
}
