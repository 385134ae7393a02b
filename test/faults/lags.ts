import type { Injected } from './injected/schedule.ts';

/** The delay of events in ms, by the kinds of faults that were active before their delivery. */
export interface Lags {
  note(occurredAt: number, receivedAt: number): void;
  /** Undefined if nothing was received then. `alone`: while no other kind was active. */
  worstOf(kind: string, whether: 'alone' | 'among others'): number | undefined;
  /** While no fault was active. */
  readonly worstInPeace: number;
}

/** The effects of a fault last longer than the fault: reconnecting, and reading the log. */
export const aftermathMs = 1500;
/** Older faults are no longer considered. */
const memoryMs = 120_000;

export function createLags(injected: readonly Injected[]): Lags {
  const worst = { alone: new Map<string, number>(), 'among others': new Map<string, number>() };
  let worstInPeace = 0;
  let first = 0;

  function kindsBetween(occurredAt: number, receivedAt: number): Set<string> {
    while (first < injected.length && (injected[first]!.to ?? Infinity) < receivedAt - memoryMs)
      first++;
    const kinds = new Set<string>();
    for (let place = first; place < injected.length; place++) {
      const { kind, from, to = Infinity } = injected[place]!;
      if (from <= receivedAt && to + aftermathMs >= occurredAt) kinds.add(kind);
    }
    return kinds;
  }

  return {
    note(occurredAt, receivedAt) {
      const lag = receivedAt - occurredAt;
      const kinds = kindsBetween(occurredAt, receivedAt);
      if (kinds.size === 0) worstInPeace = Math.max(worstInPeace, lag);
      const table = worst[kinds.size === 1 ? 'alone' : 'among others'];
      for (const kind of kinds) if (lag >= (table.get(kind) ?? 0)) table.set(kind, lag);
    },
    worstOf: (kind, whether) => worst[whether].get(kind),
    get worstInPeace() {
      return worstInPeace;
    },
  };
}
