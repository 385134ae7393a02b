import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../events/event.ts';
import type { EventLog } from '../events/event-log.ts';
import { jittered } from '../jitter.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { HttpClient } from './http-client.ts';
import { createLanes, type Item, type Lane } from './webhook-lanes.ts';
import { createReader, parkedMax } from './webhook-reader.ts';
import { createSender, type Delivery } from './webhook-sender.ts';
import type { Progress, Webhook, WebhookStore } from './webhook-store.ts';

export interface WorkerParts {
  readonly webhook: Webhook;
  readonly store: WebhookStore;
  readonly eventLog: EventLog;
  readonly client: HttpClient;
  /** Shows an event as it is now. Rejects while the database is down. */
  present(event: Event): Promise<Delivery>;
  /** Whether this webhook wants the event. */
  selects(event: Event): boolean;
  /** Whether this node may still deliver. */
  mayDeliver(): boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits: Limits;
}

export interface Worker {
  readonly version: number;
  /** There are new events. */
  wake(): void;
  stop(): Promise<void>;
}

const atOnce = 16;
/** Failures in a row, in several conversations, after which the receiver counts as away. */
const awayAfter = 4;
const saveEveryMs = 200;
const idleMs = 1000;

/**
 * Delivers the events of one webhook: each conversation in its order, several conversations at
 * once. An event counts as delivered after a 2xx answer [P16].
 *
 * A conversation that fails is *parked*: its events are stored, and the others go on. If several
 * conversations fail in a row, the receiver is away: nothing is parked, and one event after the
 * other is tried, at growing intervals.
 */
export function startWorker(parts: WorkerParts): Worker {
  const { webhook, store, log, metrics, limits } = parts;
  const stopping = new AbortController();
  const lanes = createLanes();
  const reader = createReader({ ...parts, lanes });
  const send = createSender({ ...parts, ending: stopping.signal });
  const active = new Set<Promise<void>>();
  /** The conversations that failed since the last delivery. */
  const failed = new Set<string>();
  let failuresInRow = 0;
  let awayUntil = 0;
  /** Whether it ends: it was stopped, disabled, or changed by somebody. */
  let isOver = false;
  let isDisabled = false;
  let isDirty = false;
  let savedAt = 0;
  let lastDeliveredAt = webhook.lastDeliveredAt;
  let lastError = webhook.lastError;
  /** The error of the last event that was given up. It is shown as long as this worker runs. */
  let givenUp: string | null = null;
  let failingSince = webhook.failingSince?.getTime();
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  const ring = () => {
    isRung = true;
    wakeUp?.();
  };

  const isAway = () => failuresInRow >= awayAfter && failed.size > 1;

  function startDeliveries(): void {
    while (!isOver && parts.mayDeliver() && active.size < (isAway() ? 1 : atOnce)) {
      const now = Date.now();
      const lane = now < awayUntil ? undefined : lanes.next(now);
      if (!lane) return;
      lane.isBusy = true;
      lane.triedAt = now;
      const delivering = deliver(lane)
        .catch((error: Error) => {
          // Of the database: nothing is known about the receiver.
          lane.retryAt = Date.now() + idleMs;
          log.warn({ webhook: webhook.id, error: error.message }, 'a delivery was interrupted');
        })
        .finally(() => {
          lane.isBusy = false;
          active.delete(delivering);
          ring();
        });
      active.add(delivering);
    }
  }

  async function deliver(lane: Lane): Promise<void> {
    const item = lane.items[0]!;
    const event = await reader.find(item);
    const refusal = event && (await send(event));
    if (stopping.signal.aborted) return;
    if (refusal === undefined) return succeed(lane, item);
    if (refusal.status === 410)
      return disable('The receiver answered 410 Gone, so it wants no more events.');
    await fail(lane, item, refusal.reason);
  }

  async function succeed(lane: Lane, { seq }: Item): Promise<void> {
    if (lane.isParked) await store.unpark(webhook.id, seq);
    lanes.advance(lane);
    failed.clear();
    failuresInRow = awayUntil = 0;
    failingSince = undefined;
    lastDeliveredAt = new Date();
    if (!lanes.isFailing()) lastError = givenUp;
    isDirty = true;
  }

  async function fail(lane: Lane, item: Item, reason: string): Promise<void> {
    const now = Date.now();
    if (failingSince === undefined && lane.failingSince === undefined)
      log.warn({ webhook: webhook.id, reason }, 'a webhook fails; it is retried');
    failingSince ??= now;
    lane.failingSince ??= now;
    lane.failures++;
    failuresInRow++;
    failed.add(lane.conversationId);
    lastError = reason;
    isDirty = true;
    lane.retryAt = now + pauseAfter(now - lane.failingSince, limits);
    if (isAway()) awayUntil = now + pauseAfter(now - failingSince, limits);
    if (now - failingSince > limits.webhookGiveUpMs) return disable(reason);
    if (now - lane.failingSince > limits.webhookGiveUpMs) return giveUp(lane, item, reason);
    if (lane.isParked) await store.noteFailing(webhook.id, item.seq, new Date(lane.failingSince));
    else if (lane.failures > 1 && !isAway()) await park(lane);
  }

  /**
   * Stores the events of a lane, also those that join it meanwhile. The position passes them
   * afterwards.
   */
  async function park(lane: Lane): Promise<void> {
    const { conversationId, items } = lane;
    if (lanes.count(true) + items.length > parkedMax) return;
    await store.park(webhook.id, [
      { seq: items[0]!.seq, conversationId, failingSince: new Date(lane.failingSince!) },
    ]);
    for (let stored = 1; stored < items.length;) {
      const next = items.slice(stored);
      const events = next.map(({ seq }) => ({ seq, conversationId, failingSince: null }));
      await store.park(webhook.id, events);
      stored += next.length;
    }
    lane.isParked = true;
  }

  /** The receiver takes other events, but has refused this one for too long. */
  async function giveUp(lane: Lane, item: Item, reason: string): Promise<void> {
    const event = await reader.find(item);
    const id = event && (await parts.present(event).catch(() => undefined))?.id;
    log.error({ webhook: webhook.id, event: id, reason }, 'an event for a webhook was given up');
    metrics.webhookDeliveries.inc({ outcome: 'given_up' });
    if (lane.isParked) await store.unpark(webhook.id, item.seq);
    lanes.advance(lane);
    lastError = givenUp = `The event ${id} was given up. ${reason}`;
  }

  function disable(reason: string): void {
    isDisabled = isOver = isDirty = true;
    lastError = reason;
    log.error({ webhook: webhook.id, reason }, 'a webhook was disabled');
  }

  function progress(): Progress {
    const first = lanes.first();
    const isFailing = failingSince !== undefined || lanes.isFailing();
    return {
      position: first === undefined ? reader.readUpTo : first - 1,
      status: isDisabled ? 'DISABLED' : isFailing ? 'FAILING' : 'ACTIVE',
      lastDeliveredAt,
      lastError,
      failingSince: failingSince === undefined ? null : new Date(failingSince),
    };
  }

  async function save(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    savedAt = performance.now();
    // Somebody changed it, so another worker goes on.
    if (!(await store.save(webhook, progress()))) isOver = true;
  }

  async function run(): Promise<void> {
    let isLoaded = false;
    while (!isOver) {
      try {
        if (!isLoaded) await reader.load();
        isLoaded = true;
        if (await reader.fill()) isDirty = true;
        startDeliveries();
        if (performance.now() - savedAt >= saveEveryMs || active.size === 0) await save();
        await nextRing();
      } catch (error) {
        isDirty = true;
        log.warn({ webhook: webhook.id, error: (error as Error).message }, 'a webhook waits');
        await delay(idleMs);
      }
    }
    await Promise.all(active);
    await save().catch(() => {});
  }

  async function nextRing(): Promise<void> {
    const retryMs = Math.max(lanes.nextRetryAt(), awayUntil) - Date.now();
    const waitMs = isDirty ? saveEveryMs : retryMs > 0 ? Math.min(retryMs, idleMs) : idleMs;
    if (!isRung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs).unref();
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    isRung = false;
  }

  const running = run();
  return {
    version: webhook.version,
    wake: ring,
    async stop() {
      isOver = true;
      stopping.abort();
      ring();
      await running;
    },
  };
}

/** The pause before the next attempt. Pauses grow by half. */
function pauseAfter(failingMs: number, { webhookRetryMs, webhookRetryMaxMs }: Limits): number {
  return jittered(Math.min(Math.max(failingMs / 2, webhookRetryMs), webhookRetryMaxMs));
}
