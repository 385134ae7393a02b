import { setTimeout as delay } from 'node:timers/promises';
import { createLease } from '../db/lease.ts';
import { openEventLog } from '../events/event-log.ts';
import type { Event } from '../events/event.ts';
import { applicationTopic } from '../events/topics.ts';
import type { Node } from '../scope.ts';
import { createHttpClient } from './http-client.ts';
import { createNetworkResolver } from './network-resolver.ts';
import { createWebhookStore, type Webhook } from './webhook-store.ts';
import type { Delivery } from './webhook-sender.ts';
import { startWorker, type Worker } from './webhook-worker.ts';

interface Options {
  readonly node: Pick<Node, 'config' | 'database' | 'log' | 'metrics' | 'sequencer' | 'watch'>;
  /** Shows an event as it is now. */
  present(event: Event): Promise<Delivery>;
  /** Whether a webhook for these types receives the event. */
  selects(types: readonly string[], event: Event): boolean;
}

/** The part of an answer that is read. */
const answerMaxBytes = 64 * 1024;

/**
 * Delivers events to all webhooks, on one node at a time. The others look regularly whether there
 * are webhooks, and take over when that node is gone. The returned function stops it.
 */
export function startWebhooks({ node, present, selects }: Options): () => Promise<void> {
  const { config, database, log, metrics } = node;
  const { limits } = config;
  const lease = createLease(database, 'webhooks', limits.leaseMs);
  const store = createWebhookStore(database);
  const eventLog = openEventLog(database);
  const allowsPrivate = config.WEBHOOKS_ALLOW_PRIVATE === 'on';
  const client = createHttpClient({
    allowsPrivate,
    setting: 'WEBHOOKS_ALLOW_PRIVATE',
    timeoutMs: limits.webhookTimeoutMs,
    answerMaxBytes,
    // Names in private networks may be in a hosts file.
    ...(!allowsPrivate && { resolve: createNetworkResolver() }),
  });
  const workers = new Map<string, Worker>();
  const stopping = new AbortController();
  let unfollow: (() => void) | undefined;
  const stopWatching = node.watch((fresh) => {
    if (workers.size === 0) return;
    if (fresh.length === 0 || fresh.some(({ event }) => event.topic === applicationTopic))
      for (const worker of workers.values()) worker.wake();
  });

  async function stopAll(): Promise<void> {
    const ending = [...workers.values()];
    workers.clear();
    await Promise.all(ending.map((worker) => worker.stop()));
  }

  const start = (webhook: Webhook) =>
    startWorker({
      webhook,
      store,
      eventLog,
      client,
      present,
      selects: (event) => selects(webhook.types, event),
      mayDeliver: () => lease.isHeld,
      log,
      metrics,
      limits,
    });

  async function reconcile(webhooks: readonly Webhook[]): Promise<void> {
    const current = new Map(
      webhooks
        .filter(({ status }) => status === 'ACTIVE' || status === 'FAILING')
        .map((webhook) => [webhook.id, webhook]),
    );
    for (const [id, worker] of workers)
      if (current.get(id)?.version !== worker.version) {
        workers.delete(id);
        await worker.stop();
      }
    for (const [id, webhook] of current) if (!workers.has(id)) workers.set(id, start(webhook));
  }

  /** Events are numbered as long as a webhook may need them. */
  function follow(isNeeded: boolean): void {
    if (isNeeded) unfollow ??= node.sequencer.follow();
    else {
      unfollow?.();
      unfollow = undefined;
    }
  }

  async function check(): Promise<void> {
    const webhooks = await store.list();
    follow(webhooks.some(({ status }) => status !== 'DISABLED'));
    if (webhooks.length === 0) {
      await stopAll();
      await lease.release();
    } else if (await lease.hold()) {
      await reconcile(webhooks);
      metrics.webhooksFailing.set(webhooks.filter(({ status }) => status === 'FAILING').length);
    } else {
      await stopAll();
      metrics.webhooksFailing.set(0);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await check().catch((error: Error) =>
        log.warn({ error: error.message }, 'webhooks could not be checked; retrying'),
      );
      if (!lease.isHeld) await stopAll();
      await delay(limits.webhookCheckMs, undefined, { signal: stopping.signal, ref: false }).catch(
        () => {},
      );
    }
    stopWatching();
    follow(false);
    await stopAll();
    client.close();
    await lease.release().catch(() => {});
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
