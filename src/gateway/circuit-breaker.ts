/** Rejects a call that was not made. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
}

interface Options {
  /** The failures in a row after which it opens. */
  readonly failuresMax: number;
  /** The time until one call is tried again, in ms. */
  readonly pauseMs: number;
  onChange(isOpen: boolean): void;
  /** In ms. Tests have their own. */
  readonly now?: () => number;
}

export interface CircuitBreaker {
  /** Whether calls are rejected at the moment. */
  readonly isOpen: boolean;
  /** Makes a call for a user. Rejects with its failure, or at once with CircuitOpen. */
  run<Result>(userId: string, call: () => Promise<Result>): Promise<Result>;
}

/**
 * Stops calling a server that does not answer. After a pause, one call tries it again.
 *
 * It opens after several failures in a row that concern at least two users. So nobody can open it
 * for others with messages that the server cannot handle, as long as it answers those of others.
 */
export function createCircuitBreaker({
  failuresMax,
  pauseMs,
  onChange,
  now = () => performance.now(),
}: Options): CircuitBreaker {
  let failuresInRow = 0;
  const failedUsers = new Set<string>();
  /** Undefined while it is closed. */
  let openUntil: number | undefined;
  let isTrying = false;

  function close(): void {
    failuresInRow = 0;
    failedUsers.clear();
    if (openUntil === undefined) return;
    openUntil = undefined;
    onChange(false);
  }

  function open(): void {
    const wasOpen = openUntil !== undefined;
    openUntil = now() + pauseMs;
    if (!wasOpen) onChange(true);
  }

  function countFailure(userId: string): void {
    failuresInRow++;
    failedUsers.add(userId);
    if (failuresInRow >= failuresMax && failedUsers.size > 1) open();
  }

  return {
    get isOpen() {
      return openUntil !== undefined;
    },
    async run(userId, call) {
      const isTrial = openUntil !== undefined;
      if (isTrial && (isTrying || now() < openUntil!))
        throw new CircuitOpen(
          'The server did not answer several calls in a row, so calls are paused.',
        );
      isTrying = isTrial;
      try {
        const result = await call();
        close();
        return result;
      } catch (error) {
        if (isTrial) open();
        else if (openUntil === undefined) countFailure(userId);
        throw error;
      } finally {
        if (isTrial) isTrying = false;
      }
    },
  };
}
