import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../events/event.ts';
import type { EventLog } from '../events/event-log.ts';
import { applicationTopic } from '../events/topics.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Answer, HttpClient } from './http-client.ts';
import { createLanes, type Item, type Lane } from './webhook-lanes.ts';
import { signedHeaders } from './webhook-signature.ts';
import type { Parked, Progress, Webhook, WebhookStore } from './webhook-store.ts';

/** A request to a webhook: its id and its body. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
}

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

/** Events that are read ahead, so that conversations do not wait for each other. */
const windowMax = 256;
/** Events that may wait in parked lanes. Beyond it, all conversations wait. */
const parkedMax = 5000;
const atOnce = 8;
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
  const { webhook, store, eventLog, client, log, metrics, limits } = parts;
  const lanes = createLanes();
  const active = new Set<Promise<void>>();
  /** The conversations that failed since the last delivery. */
  const failed = new Set<string>();
  let failuresInRow = 0;
  let readUpTo = Number(webhook.position);
  let awayUntil = 0;
  const stopping = new AbortController();
  /** Whether it ends: it was stopped, disabled, or changed by somebody. */
  let isOver = false;
  let isDisabled = false;
  let isDirty = false;
  let savedAt = 0;
  let lastDeliveredAt = webhook.lastDeliveredAt;
  let lastError = webhook.lastError;
  let failingSince = webhook.failingSince?.getTime();
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  const ring = () => {
    isRung = true;
    wakeUp?.();
  };

  const isAway = () => failuresInRow >= awayAfter && failed.size > 1;

  async function load(): Promise<void> {
    for (const { seq, conversationId, failingSince: since } of await store.parked(webhook.id)) {
      const lane = lanes.find(conversationId) ?? lanes.open(conversationId);
      lane.isParked = true;
      if (lane.items.length === 0) lane.failingSince = since?.getTime();
      lane.items.push({ seq });
    }
  }

  /** Reads ahead. */
  async function fill(): Promise<void> {
    while (lanes.count(false) < windowMax && lanes.count(true) < parkedMax && !isOver) {
      const passage = await eventLog.read(applicationTopic, readUpTo, 100);
      if (!passage) return skipTrimmed();
      if (passage.events.length === 0) return;
      await enqueue(passage.events.filter(parts.selects).map(itemOf));
      readUpTo = passage.events.at(-1)!.seq;
      isDirty = true;
    }
  }

  /** Events of a parked lane are stored before anything else, because the position passes them. */
  async function enqueue(items: readonly (Item & { conversationId: string })[]): Promise<void> {
    const parked = items.filter(({ conversationId }) => lanes.find(conversationId)?.isParked);
    if (parked.length > 0)
      await store.park(
        webhook.id,
        parked.map((item) => ({ ...item, failingSince: null })),
      );
    for (const item of items) {
      const lane = lanes.find(item.conversationId) ?? lanes.open(item.conversationId);
      // Before a restart it was parked, or delivered before the parked ones.
      if (lane.isParked && item.seq <= (lane.items.at(-1)?.seq ?? 0)) continue;
      lane.isParked ||= parked.includes(item);
      lane.items.push({ seq: item.seq });
    }
  }

  /** Goes on with the oldest event that is still stored, and tells the receiver. */
  async function skipTrimmed(): Promise<void> {
    const before = await store.beforeOldest(applicationTopic);
    log.warn({ webhook: webhook.id }, 'events for a webhook were deleted before their delivery');
    const event: Event = {
      type: 'StreamReset',
      data: { reason: 'LOG_TRIMMED' },
      topic: applicationTopic,
      ...before,
      follows: before.tag,
      occurredAt: Date.now(),
    };
    (lanes.find('') ?? lanes.open('')).items.push({ seq: before.seq, event });
    readUpTo = before.seq;
    isDirty = true;
    ring();
  }

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
    const event = await find(item);
    const refusal = event && (await send(event));
    if (stopping.signal.aborted) return;
    if (refusal === undefined) return succeed(lane, item);
    if (refusal.status === 410)
      return disable('The receiver answered 410 Gone, so it wants no more events.');
    await fail(lane, item, refusal.reason);
  }

  /** Undefined if the event is no longer stored. */
  async function find({ seq, event }: Item): Promise<Event | undefined> {
    if (event) return event;
    const passage = await eventLog.read(applicationTopic, seq - 1, 1);
    return passage?.events[0];
  }

  /** Returns why the receiver did not take it; undefined if it did. */
  async function send(event: Event): Promise<{ status?: number; reason: string } | undefined> {
    const { id, body } = await parts.present(event);
    const secrets = [webhook.secret];
    if (webhook.formerSecret && webhook.formerSecretUntil! > new Date())
      secrets.push(webhook.formerSecret);
    const outcome = await client
      .post(
        webhook.url,
        { ...signedHeaders(secrets, id, body), 'user-agent': 'Causerie' },
        body,
        stopping.signal,
      )
      .catch((error: Error) => error);
    if (stopping.signal.aborted) return undefined;
    const isDelivered = !(outcome instanceof Error) && isSuccess(outcome);
    metrics.webhookDeliveries.inc({ outcome: isDelivered ? 'delivered' : 'failed' });
    if (outcome instanceof Error) return { reason: outcome.message };
    if (isDelivered) return undefined;
    return { status: outcome.status, reason: `The receiver answered ${outcome.status}.` };
  }

  async function succeed(lane: Lane, { seq }: Item): Promise<void> {
    if (lane.isParked) await store.unpark(webhook.id, seq);
    lanes.advance(lane);
    failed.clear();
    failuresInRow = awayUntil = 0;
    failingSince = undefined;
    lastDeliveredAt = new Date();
    if (!lanes.isFailing()) lastError = null;
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
    lane.retryAt = now + pauseAfter(now - lane.failingSince);
    if (isAway()) awayUntil = now + pauseAfter(now - failingSince);
    if (now - failingSince > limits.webhookGiveUpMs) return disable(reason);
    if (now - lane.failingSince > limits.webhookGiveUpMs) return giveUp(lane, item, reason);
    if (lane.isParked) await store.noteFailing(webhook.id, item.seq, new Date(lane.failingSince));
    else if (lane.failures > 1 && !isAway()) await park(lane);
  }

  /** Pauses grow by half, with a jitter. */
  function pauseAfter(failingMs: number): number {
    const { webhookRetryMs, webhookRetryMaxMs } = limits;
    const pause = Math.min(Math.max(failingMs / 2, webhookRetryMs), webhookRetryMaxMs);
    return pause * (0.75 + Math.random() / 2);
  }

  async function park(lane: Lane): Promise<void> {
    const { conversationId, items } = lane;
    if (lanes.count(true) + items.length > parkedMax) return;
    lane.isParked = true;
    const events = items.map(({ seq }, index) => ({
      seq,
      conversationId,
      failingSince: index === 0 ? new Date(lane.failingSince!) : null,
    }));
    try {
      await store.park(webhook.id, events);
    } catch (error) {
      lane.isParked = false;
      throw error;
    }
  }

  /** The receiver takes other events, but has refused this one for too long. */
  async function giveUp(lane: Lane, item: Item, reason: string): Promise<void> {
    const event = await find(item);
    const id = event && (await parts.present(event)).id;
    log.error({ webhook: webhook.id, event: id, reason }, 'an event for a webhook was given up');
    metrics.webhookDeliveries.inc({ outcome: 'given_up' });
    if (lane.isParked) await store.unpark(webhook.id, item.seq);
    lanes.advance(lane);
    lastError = `The event ${id} was given up. ${reason}`;
  }

  async function disable(reason: string): Promise<void> {
    isDisabled = isOver = isDirty = true;
    lastError = reason;
    log.error({ webhook: webhook.id, reason }, 'a webhook was disabled');
  }

  function progress(): Progress {
    const first = lanes.first();
    const isFailing = failingSince !== undefined || lanes.isFailing();
    return {
      position: first === undefined ? readUpTo : first - 1,
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
        if (!isLoaded) await load();
        isLoaded = true;
        await fill();
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

const itemOf = ({ seq, data }: Event) => ({
  seq,
  conversationId: 'conversationId' in data ? data.conversationId : '',
});

const isSuccess = ({ status }: Answer) => status >= 200 && status < 300;
