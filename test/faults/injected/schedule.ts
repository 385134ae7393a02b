import { setTimeout as delay } from 'node:timers/promises';
import { aftermathMs } from '../lags.ts';
import type { Random } from '../random.ts';
import { clientFaults } from './client-faults.ts';
import type { Fault, Faults, Victims } from './faults.ts';
import { nodeFaults } from './node-faults.ts';
import { postgresFaults } from './postgres-faults.ts';
import { redisFaults } from './redis-faults.ts';

/** A fault as it was done; times in ms since 1970, `to` undefined while it lasts. */
export interface Injected {
  readonly kind: string;
  readonly from: number;
  to: number | undefined;
}

/**
 * At most one fault of each group is active: of the bus, of the database and the nodes, and of the
 * clients.
 */
const decks: readonly Faults[] = [redisFaults, { ...postgresFaults, ...nodeFaults }, clientFaults];

const shortestPauseMs = 100;
const longestPauseMs = 1000;
/** A run of this length injects each kind alone before it combines them. */
const longRunMs = 300_000;

/**
 * Injects faults for `forMs`. A long run starts with each kind alone. Then each group injects its
 * kinds one after another, every kind once before any repeats. The seed determines the order and
 * the details. Appends to `injected`.
 */
export async function injectFaults(
  victims: Victims,
  random: Random,
  forMs: number,
  injected: Injected[],
): Promise<void> {
  const until = Date.now() + forMs;

  async function inject(kind: string, fault: Fault, chance: Random): Promise<void> {
    const one: Injected = { kind, from: Date.now(), to: undefined };
    injected.push(one);
    await fault(victims, chance.fork(`${kind} ${chance.next()}`)).catch((error: Error) =>
      victims.violate('harness', `${kind} could not be injected: ${error.message}`),
    );
    one.to = Date.now();
  }

  async function playOnce(faults: Faults, chance: Random, pauseMs: () => number): Promise<void> {
    for (const [kind, fault] of chance.shuffle(Object.entries(faults))) {
      await delay(pauseMs());
      if (Date.now() > until) return;
      await inject(kind, fault, chance);
    }
  }

  async function play(faults: Faults, chance: Random): Promise<void> {
    while (Date.now() <= until)
      await playOnce(faults, chance, () => chance.between(shortestPauseMs, longestPauseMs));
  }

  if (forMs >= longRunMs)
    await playOnce(
      Object.assign({}, ...decks),
      random.fork('alone'),
      () => aftermathMs + longestPauseMs,
    );
  await Promise.all(decks.map((faults, place) => play(faults, random.fork(`deck ${place}`))));
}
