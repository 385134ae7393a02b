/** How much of one thing one person may do: `points` in `windowMs`, and up to `burst` of them at once. */
export interface Rate {
  readonly points: number;
  readonly burst: number;
  readonly windowMs: number;
}

/** Counts what is done, per action and key, over all nodes; while the nodes cannot count together, each grants its own share, never all. */
export interface Rates<Action extends string> {
  /** Counts one. Returns 0 when it was within the rate, else the ms to wait before the next try. */
  take(action: Action, key: string): Promise<number>;
  /** Takes one count back. */
  giveBack(action: Action, key: string): Promise<void>;
}
