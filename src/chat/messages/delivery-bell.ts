import { setTimeout as delay } from 'node:timers/promises';

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
      const timeout = new AbortController();
      const ringing = new Promise<void>((resolve) => (wake = resolve));
      if (!isRung)
        await Promise.race([
          ringing,
          delay(withinMs, undefined, {
            signal: AbortSignal.any([signal, timeout.signal]),
            ref: false,
          }).catch(() => {}),
        ]);
      timeout.abort();
      wake = undefined;
      isRung = false;
    },
  };
}
