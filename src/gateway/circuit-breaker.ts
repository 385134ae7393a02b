/** Rejects a call that was not made. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
}

interface Options {
  /** The failures in a row after which the server is probed. */
  readonly failuresMax: number;
  /** The time until the server is tried again, in ms. */
  readonly pauseMs: number;
  /** A call of our own. Rejects if the server does not answer. */
  probe(): Promise<unknown>;
  onChange(isOpen: boolean): void;
  /** In ms. Tests have their own. */
  readonly now?: () => number;
}

export interface CircuitBreaker {
  /** Whether calls are rejected at the moment. */
  readonly isOpen: boolean;
  /** Makes a call. Rejects with its failure, or at once with CircuitOpen. */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
}

/**
 * Stops calling a server that does not answer. After a pause, it is tried again.
 *
 * Users choose the content of calls, and some content may make a healthy server fail. So failures
 * alone never open the circuit: a probe, which contains nothing of users, must fail too [P13].
 */
export function createCircuitBreaker({
  failuresMax,
  pauseMs,
  probe,
  onChange,
  now = () => performance.now(),
}: Options): CircuitBreaker {
  let failuresInRow = 0;
  /** Undefined while it is closed. */
  let openUntil: number | undefined;
  let isProbing = false;

  function close(): void {
    failuresInRow = 0;
    if (openUntil === undefined) return;
    openUntil = undefined;
    onChange(false);
  }

  function open(): void {
    const wasOpen = openUntil !== undefined;
    openUntil = now() + pauseMs;
    if (!wasOpen) onChange(true);
  }

  /** Closes the circuit if one of these calls is answered, else opens it. */
  async function decideBy(calls: readonly Promise<unknown>[]): Promise<void> {
    isProbing = true;
    try {
      await Promise.any(calls);
      close();
    } catch {
      // Another call may have been answered meanwhile.
      if (openUntil !== undefined || failuresInRow >= failuresMax) open();
    } finally {
      isProbing = false;
    }
  }

  function countFailure(): void {
    failuresInRow++;
    if (failuresInRow >= failuresMax && !isProbing) void decideBy([probe()]);
  }

  return {
    get isOpen() {
      return openUntil !== undefined;
    },
    async run(call) {
      if (openUntil !== undefined) {
        if (isProbing || now() < openUntil)
          throw new CircuitOpen(
            'The server did not answer several calls in a row, so calls are paused.',
          );
        const tried = call();
        void decideBy([tried, probe()]);
        return tried;
      }
      try {
        const result = await call();
        close();
        return result;
      } catch (error) {
        if (openUntil === undefined) countFailure();
        throw error;
      }
    },
  };
}
