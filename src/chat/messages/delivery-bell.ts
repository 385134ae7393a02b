/**
 * Wakes the work in the background: follow-ups of messages, announcements, and the departures of
 * deleted accounts.
 */
export interface DeliveryBell {
  /** Work is waiting. Never throws, never waits. */
  ring(): void;
  /**
   * Resolves if the bell has rung since the last call, after this time, or when the signal is
   * aborted. For one caller at a time.
   */
  rung(withinMs: number, signal: AbortSignal): Promise<void>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly deliveryBell: DeliveryBell;
  }
}

export function createDeliveryBell(): DeliveryBell {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    async rung(withinMs, signal) {
      if (!isRung && !signal.aborted)
        // Not `AbortSignal.any`: Node 20 keeps a reference to each signal that it makes.
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs).unref();
          wake = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', wake!);
            resolve();
          };
          signal.addEventListener('abort', wake);
        });
      wake?.();
      wake = undefined;
      isRung = false;
    },
  };
}
