import type { Injected } from './injected/schedule.ts';

/** How late events were heard, by the kinds of faults that there were between their happening and their being heard. */
export interface Lags {
  note(occurredAt: number, heardAt: number): void;
  /** In ms; of a kind during which nothing was heard, 0. */
  worstOf(kind: string): number;
  /** While nothing was broken. */
  readonly worstInPeace: number;
}

/** After a fault is over its consequences are not: connections are made anew, the log is read. */
const aftermathMs = 1500;
/** Faults that are over for so long are not looked at again. */
const memoryMs = 120_000;

export function createLags(injected: readonly Injected[]): Lags {
  const worst = new Map<string, number>();
  let worstInPeace = 0;
  let first = 0;
  return {
    note(occurredAt, heardAt) {
      while (first < injected.length && injected[first]!.to !== undefined && injected[first]!.to! < heardAt - memoryMs) first++;
      const lag = heardAt - occurredAt;
      let isPeace = true;
      for (let place = first; place < injected.length; place++) {
        const { kind, from, to = Infinity } = injected[place]!;
        if (from > heardAt || to + aftermathMs < occurredAt) continue;
        isPeace = false;
        if (lag > (worst.get(kind) ?? 0)) worst.set(kind, lag);
      }
      if (isPeace) worstInPeace = Math.max(worstInPeace, lag);
    },
    worstOf: (kind) => worst.get(kind) ?? 0,
    get worstInPeace() {
      return worstInPeace;
    },
  };
}
