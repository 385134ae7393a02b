import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { clientFaults } from './client-faults.ts';
import type { Faults, Victims } from './faults.ts';
import { nodeFaults } from './node-faults.ts';
import { postgresFaults } from './postgres-faults.ts';
import { redisFaults } from './redis-faults.ts';

/** A fault as it was done; times in ms since 1970, `to` undefined while it lasts. */
export interface Injected {
  readonly kind: string;
  readonly from: number;
  to: number | undefined;
}

/** Each of the three goes through its faults one after the other, so that one of the bus, one of the backend and one of the clients may meet. */
const decks: readonly Faults[] = [redisFaults, { ...postgresFaults, ...nodeFaults }, clientFaults];

const longestPauseMs = 1000;

/**
 * Injects faults until the time is over. Of each deck every kind comes once before any comes again, in an order and with details that the
 * seed says. Appends to `injected` as it goes.
 */
export async function injectFaults(victims: Victims, random: Random, until: number, injected: Injected[]): Promise<void> {
  const play = async (faults: Faults, chance: Random) => {
    for (;;)
      for (const [kind, inject] of chance.shuffle(Object.entries(faults))) {
        await delay(chance.between(100, longestPauseMs));
        if (Date.now() > until) return;
        const one: Injected = { kind, from: Date.now(), to: undefined };
        injected.push(one);
        await inject(victims, chance.fork(`${kind} ${injected.length}`)).catch((error: Error) => victims.violate('harness', `${kind} could not be injected: ${error.message}`));
        one.to = Date.now();
      }
  };
  await Promise.all(decks.map((faults, place) => play(faults, random.fork(`deck ${place}`))));
}
