import { setTimeout as delay } from 'node:timers/promises';
import type { Node } from '../../scope.ts';

/** Does a little, and says whether there may be more to do. */
export type Delivery = (node: Node) => Promise<boolean>;

/** What is delivered in the background of a node: at once when it is woken, and now and then what others have left. */
export interface Deliveries {
  /** There is something to deliver. Never throws, never waits. */
  wake(): void;
}

interface Bell extends Deliveries {
  /** Resolves when it was woken since, or after so many ms. */
  rung(withinMs: number, signal: AbortSignal): Promise<void>;
}

/** Between two bites, so that those who use the database come first. */
const pauseMs = 5;

function createBell(): Bell {
  let isRung = false;
  let answer: (() => void) | undefined;
  return {
    wake() {
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

const bells = new WeakMap<Node, Bell>();

function bellOf(node: Node): Bell {
  let bell = bells.get(node);
  if (!bell) bells.set(node, (bell = createBell()));
  return bell;
}

export const deliveriesOf = (node: Node): Deliveries => bellOf(node);

/** Delivers until the function returned is called, which waits for the bite under way. */
export function startDeliveries(node: Node, deliveries: readonly Delivery[]): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = bellOf(node);

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await deliver().catch((error: unknown) =>
        node.log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'notifications were not delivered; they are next time',
        ),
      );
      // Partly by chance, so that nodes do not come together.
      await bell.rung(node.config.limits.deliveryCheckMs * (0.75 + Math.random() / 2), signal);
    }
  }

  /** In turn, so that none waits for all of another. */
  async function deliver(): Promise<void> {
    for (let hasMore = true; hasMore && !signal.aborted;) {
      hasMore = false;
      for (const bite of deliveries) if (!signal.aborted && (await bite(node))) hasMore = true;
      if (hasMore) await delay(pauseMs);
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    bell.wake();
    await running;
  };
}
