/** In ms. */
export const defaultTiming = {
  /** The pause before the first repeat; each further one is twice as long, and all are shortened by up to a half, at random. */
  retryMs: 500,
  retryMaxMs: 30_000,
  /** So long a connection may take to be there. */
  connectMs: 15_000,
  /** So often the server is asked for a sign of life, and so long it may take to give one. */
  pingMs: 15_000,
  pongMs: 5000,
  /** So long a request may take. */
  requestMs: 15_000,
  /** So long a connection is kept that nobody uses. */
  lingerMs: 1000,
};

export type Timing = typeof defaultTiming;

export const retryPauseMs = ({ retryMs, retryMaxMs }: Timing, attempt: number): number =>
  Math.min(retryMaxMs, retryMs * 2 ** attempt) * (1 - Math.random() / 2);
