import { setTimeout as delay } from 'node:timers/promises';
import type { Node } from '../../scope.ts';

/** Does a little, and says whether there may be more to do. */
export type Delivery = (node: Node) => Promise<boolean>;

/** Between two bites, so that those who use the database come first. */
const pauseMs = 5;

/**
 * Delivers in the background of a node: at once when the node's bell is rung, and now and then what others have left. Goes on until the
 * function returned is called, which waits for the bite under way.
 */
export function startDeliveries(node: Node, deliveries: readonly Delivery[]): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { deliveryBell } = node.services;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await deliver().catch((error: unknown) =>
        node.log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'notifications were not delivered; they are next time',
        ),
      );
      // Partly by chance, so that nodes do not come together.
      await deliveryBell.rung(
        node.config.limits.deliveryCheckMs * (0.75 + Math.random() / 2),
        signal,
      );
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
    deliveryBell.ring();
    await running;
  };
}
