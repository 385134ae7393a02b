import type { Metrics } from './metrics.ts';

/** `taken`, or the limit that is in the way: the holder's own, or the one that all holders share. */
export type Taking = 'taken' | 'holder' | 'total';

export interface BudgetOptions {
  /** Names the budget in the metrics. */
  readonly name: string;
  /** The most that one holder may have. */
  readonly perHolder: number;
  /** The most that all holders may have together. */
  readonly total: number;
  readonly metrics: Metrics;
}

/**
 * An account of something that clients take and give back, such as bytes of memory or cost. Each holder (a connection, a user, an address)
 * has a limit, and all of them share another one. Nothing but the account decides whether there is enough left, and a holder that has
 * nothing takes no memory here.
 */
export interface Budget<Holder> {
  /** What all holders have now. */
  readonly held: number;
  heldBy(holder: Holder): number;
  /** What each holder has; holders with nothing are not listed. */
  holders(): Iterable<readonly [holder: Holder, held: number]>;
  /** Takes this much more, or nothing if a limit is in the way. */
  take(holder: Holder, amount: number): Taking;
  /** Gives back what was taken. */
  giveBack(holder: Holder, amount: number): void;
  /** Records what a holder has by now, where it can no longer be refused. Answers which limit that exceeds, for the caller to act on. */
  record(holder: Holder, amount: number): Taking;
}

export function createBudget<Holder>({
  name,
  perHolder,
  total,
  metrics,
}: BudgetOptions): Budget<Holder> {
  const heldBy = new Map<Holder, number>();
  const gauge = metrics.budgetHeld.labels({ budget: name });
  let held = 0;

  function set(holder: Holder, amount: number): void {
    held += amount - (heldBy.get(holder) ?? 0);
    if (amount > 0) heldBy.set(holder, amount);
    else heldBy.delete(holder);
    gauge.set(held);
  }

  /** Which limit such a change exceeds. Giving back never does. */
  function limitOf(before: number, after: number): Taking {
    if (after <= before) return 'taken';
    const limit = after > perHolder ? 'holder' : held - before + after > total ? 'total' : 'taken';
    if (limit !== 'taken') metrics.budgetExceeded.inc({ budget: name, limit });
    return limit;
  }

  return {
    get held() {
      return held;
    },
    heldBy: (holder) => heldBy.get(holder) ?? 0,
    holders: () => heldBy.entries(),
    take(holder, amount) {
      const before = heldBy.get(holder) ?? 0;
      const taking = limitOf(before, before + amount);
      if (taking === 'taken') set(holder, before + amount);
      return taking;
    },
    giveBack(holder, amount) {
      set(holder, Math.max(0, (heldBy.get(holder) ?? 0) - amount));
    },
    record(holder, amount) {
      const taking = limitOf(heldBy.get(holder) ?? 0, amount);
      set(holder, amount);
      return taking;
    },
  };
}
