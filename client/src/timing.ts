/** In ms. */
export const defaultTiming = {
  /**
   * The pause before the first retry. Each further one is twice as long. A random part of up to a
   * half is subtracted from each.
   */
  retryMs: 500,
  retryMaxMs: 30_000,
  /** The time limit for opening a connection. */
  connectMs: 15_000,
  /** The interval of pings, and the time limit for an answer to one. */
  pingMs: 15_000,
  pongMs: 5000,
  /**
   * The time limit for the beginning of an answer, and for each further part of it. So a large
   * export may take as long as it needs, while it arrives.
   */
  requestMs: 15_000,
  /** How long an unused connection stays open. */
  lingerMs: 1000,
};

export type Timing = typeof defaultTiming;

export const retryPauseMs = ({ retryMs, retryMaxMs }: Timing, attempt: number): number =>
  Math.min(retryMaxMs, retryMs * 2 ** attempt) * (1 - Math.random() / 2);
