import type { Metrics } from './metrics.ts';

/** `taken`, or the limit that was reached: the holder's own, or the total of all holders. */
export type Taking = 'taken' | 'holder' | 'total';

export interface BudgetOptions {
  /** The label of the budget in the metrics. */
  readonly name: string;
  /** The limit of one holder, or how to find the one that applies now. */
  readonly perHolder: number | (() => number);
  /** The limit of all holders together. */
  readonly total: number;
  readonly metrics: Metrics;
}

/**
 * Counts a resource that clients take and give back, such as bytes of memory or cost. Each holder
 * (a connection, a user, an address) has a limit, and all holders share a total. Only the budget
 * decides whether enough is left. A holder with nothing uses no memory here.
 */
export interface Budget<Holder> {
  /** The amount that all holders have now. */
  readonly held: number;
  heldBy(holder: Holder): number;
  /** The amount of each holder. Holders with nothing are not listed. */
  holders(): Iterable<readonly [holder: Holder, held: number]>;
  /** Takes this amount in addition, or nothing if that exceeds a limit. */
  take(holder: Holder, amount: number): Taking;
  /** Gives back an amount that was taken. */
  giveBack(holder: Holder, amount: number): void;
  /**
   * Sets the amount of a holder where it is too late to refuse. Returns the limit that it exceeds,
   * so that the caller can act.
   */
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

  /** The limit that a change exceeds. Giving back exceeds none. */
  function limitOf(before: number, after: number): Taking {
    if (after <= before) return 'taken';
    if (after > (typeof perHolder === 'function' ? perHolder() : perHolder))
      return exceeded('holder');
    if (held - before + after > total) return exceeded('total');
    return 'taken';
  }

  function exceeded(limit: 'holder' | 'total'): Taking {
    metrics.budgetExceeded.inc({ budget: name, limit });
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
