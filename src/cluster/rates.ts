/**
 * How often one action is allowed for one key: `points` times in `windowMs`, and up to `burst`
 * times at once.
 */
export interface Rate {
  readonly points: number;
  readonly burst: number;
  readonly windowMs: number;
}

/**
 * Counts actions by key over all nodes. While nodes cannot count together, each grants half of the
 * rate by itself.
 */
export interface Rates<Action extends string> {
  /**
   * Counts an action, `amount` times. Returns 0 if it was within the rate, else the ms to wait
   * before the next attempt.
   */
  take(action: Action, key: string, amount?: number): Promise<number>;
  /** Withdraws one count. */
  giveBack(action: Action, key: string): Promise<void>;
}
