import { setTimeout as delay } from 'node:timers/promises';

/** Says that something waits to be delivered in the background: what follows from messages, and announcements. */
export interface DeliveryBell {
  /** There is something to deliver. Never throws, never waits. */
  ring(): void;
  /** Resolves when it was rung since the last call, or after so many ms, or when the signal is aborted. For one waiter. */
  rung(withinMs: number, signal: AbortSignal): Promise<void>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly deliveryBell: DeliveryBell;
  }
}

export function createDeliveryBell(): DeliveryBell {
  let isRung = false;
  let answer: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      answer?.();
    },
    async rung(withinMs, signal) {
      const timeout = new AbortController();
      const ringing = new Promise<void>((resolve) => (answer = resolve));
      if (!isRung)
        await Promise.race([
          ringing,
          delay(withinMs, undefined, {
            signal: AbortSignal.any([signal, timeout.signal]),
            ref: false,
          }).catch(() => {}),
        ]);
      timeout.abort();
      answer = undefined;
      isRung = false;
    },
  };
}
