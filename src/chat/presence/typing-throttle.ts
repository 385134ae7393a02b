import type { Signal, Signals } from '../../events/signal.ts';

declare module '../../scope.ts' {
  interface Services {
    readonly typingThrottle: TypingThrottle;
  }
}

type TypingSignal = Omit<Signal, 'lifeMs'>;

/**
 * Publishes when users start and stop typing: one start of a signal in `typingResendMs`, and one
 * stop for each start, however often a client changes its mind [P13]. A stop is published at once.
 * A start that comes too early is published later, unless a stop follows it.
 */
export interface TypingThrottle extends Disposable {
  /**
   * Whether a signal was published lately, by this node or another, and has not ended. Starting it
   * again changes nothing.
   */
  isFresh(signal: TypingSignal): boolean;
  start(signal: TypingSignal): void;
  stop(signal: TypingSignal): void;
  /**
   * Drops the starts that are to be published later: those of a user, in a channel, or both.
   */
  cancel(starts: { readonly userId?: string; readonly channel?: string }): void;
}

/** The time after the start of a signal on this node in which it does not start again. */
interface Pause {
  readonly timer: NodeJS.Timeout;
  readonly userId: string;
  /** The start that is published when the pause ends. */
  next: TypingSignal | undefined;
}

export function createTypingThrottle(
  signals: Signals,
  { typingResendMs, typingTtlMs }: { typingResendMs: number; typingTtlMs: number },
): TypingThrottle {
  /** By channel and by the key of the signal. */
  const pauses = new Map<string, Map<string, Pause>>();
  const pauseOf = ({ channel, key }: TypingSignal) => pauses.get(channel)?.get(key);

  function publish(signal: TypingSignal): void {
    signals.publish({ ...signal, lifeMs: typingTtlMs });
    const timer = setTimeout(() => endPause(signal), typingResendMs);
    const inChannel = pauses.get(signal.channel) ?? new Map<string, Pause>();
    inChannel.set(signal.key, { timer, userId: signal.userId, next: undefined });
    pauses.set(signal.channel, inChannel);
  }

  function endPause({ channel, key }: TypingSignal): void {
    const inChannel = pauses.get(channel)!;
    const next = inChannel.get(key)?.next;
    inChannel.delete(key);
    if (inChannel.size === 0) pauses.delete(channel);
    if (next) publish(next);
  }

  function isFresh({ channel, key }: TypingSignal): boolean {
    const current = signals.current(channel).find((one) => one.key === key);
    return current !== undefined && Date.now() - current.since < typingResendMs;
  }

  return {
    isFresh,
    start(signal) {
      if (isFresh(signal)) return;
      const pause = pauseOf(signal);
      if (pause) pause.next = signal;
      else publish(signal);
    },
    stop(signal) {
      const pause = pauseOf(signal);
      if (pause) pause.next = undefined;
      signals.publish({ ...signal, lifeMs: 0 });
    },
    cancel({ userId, channel }) {
      const concerned = channel === undefined ? [...pauses.values()] : [pauses.get(channel)];
      for (const pause of concerned.flatMap((inChannel) => [...(inChannel?.values() ?? [])]))
        if (userId === undefined || pause.userId === userId) pause.next = undefined;
    },
    [Symbol.dispose]() {
      for (const inChannel of pauses.values())
        for (const { timer } of inChannel.values()) clearTimeout(timer);
      pauses.clear();
    },
  };
}
