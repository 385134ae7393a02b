import type { Bus } from './bus.ts';

/** A hint on the wire. A node of another version may send other kinds. */
export interface HintMessage {
  readonly kind: string;
  readonly content: unknown;
}

export interface HintListeners {
  readonly listen: Bus['listen'];
  /** Calls the listeners of the hint's kind, if it has any. */
  deliver(hint: HintMessage): void;
  clear(): void;
}

export function createHintListeners(): HintListeners {
  const listeners = new Map<string, ((hint: never) => void)[]>();
  return {
    listen(kind, listener) {
      const ofKind = listeners.get(kind);
      if (ofKind) ofKind.push(listener);
      else listeners.set(kind, [listener]);
    },
    deliver({ kind, content }) {
      // The type of a kind is known to its publisher and its listeners; the wire does not know it.
      for (const listener of listeners.get(kind) ?? []) listener(content as never);
    },
    clear: () => listeners.clear(),
  };
}
