import { LRUCache } from 'lru-cache';

/** The number of holders with an account. An evicted holder has its full allowance again. */
const maxHolders = 20_000;

interface Account {
  left: number;
  since: number;
}

/**
 * A token bucket for work: each holder has `burst` at once, and `perSecond` more each second [P13].
 * It counts work instead of time, so it refuses the same on every run. A holder may run up a debt,
 * and waits until it is paid.
 */
export class Allowance {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #accounts = new LRUCache<string, Account>({ max: maxHolders });

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /**
   * Takes this amount and returns 0, also if it is more than what is left. If nothing is left, it
   * takes nothing and returns the time to wait in ms.
   */
  take(holder: string, amount: number, now = Date.now()): number {
    const left = this.#leftOf(holder, now);
    if (left <= 0) return Math.ceil(((1 - left) * 1000) / this.#perSecond);
    this.#accounts.set(holder, { left: left - amount, since: now });
    return 0;
  }

  /** Takes this amount in any case. Returns whether the debt is larger than a burst. */
  charge(holder: string, amount: number, now = Date.now()): boolean {
    const left = this.#leftOf(holder, now) - amount;
    this.#accounts.set(holder, { left, since: now });
    return left < -this.#burst;
  }

  #leftOf(holder: string, now: number): number {
    const { left, since } = this.#accounts.get(holder) ?? { left: this.#burst, since: now };
    return Math.min(this.#burst, left + (Math.max(0, now - since) * this.#perSecond) / 1000);
  }
}
