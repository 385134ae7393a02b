import { setTimeout as delay } from 'node:timers/promises';
import { jittered } from '../../jitter.ts';
import type { Node } from '../../scope.ts';

/** Delivers one batch. Returns whether there may be more to do. */
export type Delivery = (node: Node) => Promise<boolean>;

/** The pause between two rounds, so that requests get the database first. */
const pauseMs = 5;

/**
 * Runs deliveries in the background: at once when the bell rings, and regularly for the work that
 * other nodes left behind. The returned function stops it and waits for the current batch. A bell
 * wakes one caller only.
 */
export function startDeliveries(
  node: Node,
  deliveries: readonly Delivery[],
  deliveryBell = node.services.deliveryBell,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await deliver().catch((error: unknown) => {
        node.metrics.retries.inc({ of: 'background' });
        node.log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'work in the background failed; it will be retried',
        );
      });
      await deliveryBell.rung(jittered(node.config.limits.deliveryCheckMs), signal);
    }
  }

  /** One batch of each in turn, so that none waits until another is completely done. */
  async function deliver(): Promise<void> {
    for (let hasMore = true; hasMore && !signal.aborted;) {
      hasMore = false;
      for (const delivery of deliveries)
        if (!signal.aborted && (await delivery(node))) hasMore = true;
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
