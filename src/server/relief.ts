import type { Bus } from '../cluster/bus.ts';

declare module '../cluster/bus.ts' {
  interface Hints {
    /** The node that sends it is about to close its connections. */
    readonly draining: Record<string, never>;
  }
}

/** The time in which the clients of a draining node come here. */
const reliefMs = 60_000;

/** Whether this node takes more connections than usual, because another one drains. */
export interface Relief {
  readonly isOn: boolean;
  /** Asks the other nodes for relief. */
  request(): void;
}

export function createRelief(bus: Bus): Relief {
  let until = 0;
  bus.listen('draining', () => void (until = performance.now() + reliefMs));
  return {
    get isOn() {
      return performance.now() < until;
    },
    request: () => bus.publish('draining', {}),
  };
}
