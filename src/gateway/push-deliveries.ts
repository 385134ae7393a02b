import { jittered } from '../jitter.ts';
import type { Limits } from '../limits.ts';
import type { Node, PushKeys } from '../scope.ts';
import { createHttpClient } from './http-client.ts';
import {
  createPushSender,
  type PushMessage,
  type PushOutcome,
  type PushTarget,
} from './push-sender.ts';
import { createPushStore, type ClaimedPush } from './push-store.ts';

/** The decision about a push that is due. */
export type PushDecision =
  | { readonly is: 'dropped' | 'offered' }
  | { readonly is: 'waiting'; readonly ms: number }
  | { readonly is: 'wanted'; readonly message: PushMessage };

interface Options {
  readonly node: Pick<Node, 'config' | 'database' | 'log' | 'metrics'>;
  readonly keys: PushKeys;
  /** Decides at the moment of sending. Rejects while the database is down. */
  decide(push: ClaimedPush): Promise<PushDecision>;
}

/** The part of an answer that is read. */
const answerMaxBytes = 4096;
const requestsPerService = 8;
const requestsMax = 128;

/**
 * Sends the pushes that are due, on all nodes at once: each takes some. A push is removed after the
 * push service accepted it, so the death of a node loses none, and may repeat one with the same
 * topic. The returned function stops it.
 */
export function startPushes({ node, keys, decide }: Options): () => Promise<void> {
  const { config, database, log, metrics } = node;
  const { limits } = config;
  const store = createPushStore(database, limits);
  const client = createHttpClient({
    allowsPrivate: config.PUSH_ALLOW_PRIVATE === 'on',
    setting: 'PUSH_ALLOW_PRIVATE',
    timeoutMs: limits.pushTimeoutMs,
    answerMaxBytes,
  });
  const send = createPushSender(config, keys, client);
  const stopping = new AbortController();
  const { signal } = stopping;
  const active = new Map<Promise<void>, string>();
  let wakeUp: (() => void) | undefined;

  function busyServices(): string[] {
    const counts = new Map<string, number>();
    for (const service of active.values()) counts.set(service, (counts.get(service) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= requestsPerService).map(([name]) => name);
  }

  /** Returns whether it has started something. */
  async function startDue(): Promise<boolean> {
    if (active.size >= requestsMax) return false;
    const pushes = await store.claim(busyServices(), requestsMax - active.size);
    for (const push of pushes) {
      const delivering = deliver(push)
        .catch((error: Error) =>
          log.warn({ error: error.message }, 'a push was interrupted; it will be retried'),
        )
        .finally(() => {
          active.delete(delivering);
          wakeUp?.();
        });
      active.set(delivering, push.service);
    }
    return pushes.length > 0;
  }

  async function deliver(push: ClaimedPush): Promise<void> {
    const { subscription } = push;
    const decision = subscription === undefined ? ({ is: 'dropped' } as const) : await decide(push);
    // It was not sent, so the pause after a later failure does not grow.
    if (decision.is === 'waiting')
      return store.postpone({ ...push, attempts: push.attempts - 1 }, decision.ms);
    if (decision.is === 'wanted' && subscription)
      return request(push, subscription, decision.message);
    metrics.pushes.inc({ outcome: decision.is });
    await store.remove(push);
  }

  async function request(
    push: ClaimedPush,
    subscription: PushTarget & { readonly id: string },
    message: PushMessage,
  ): Promise<void> {
    const outcome = await send(subscription, message, signal);
    if (signal.aborted) return store.postpone(push, 0);
    metrics.pushes.inc({ outcome: outcome.is });
    if (outcome.is === 'gone') return store.removeSubscription(subscription.id);
    if (outcome.is === 'failed') return retry(push, outcome);
    if (outcome.is === 'refused')
      log.warn({ service: push.service, reason: outcome.reason }, 'a push was refused');
    await store.remove(push);
    await store.resumeService(push.service);
  }

  async function retry(
    push: ClaimedPush,
    { reason, isOfService, retryAfterMs = 0 }: Extract<PushOutcome, { is: 'failed' }>,
  ): Promise<void> {
    log.debug({ service: push.service, reason }, 'a push failed; it will be retried');
    const pauseMs = (failures: number) =>
      Math.min(Math.max(retryAfterMs, pauseAfter(failures, limits)), limits.pushGiveUpMs);
    if (isOfService) await store.holdService(push.service, pauseMs);
    await store.postpone(push, pauseMs(push.attempts));
  }

  async function run(): Promise<void> {
    let isPrepared = false;
    while (!signal.aborted) {
      try {
        if (!isPrepared) await store.prepare();
        isPrepared = true;
        if (await startDue()) continue;
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'due pushes could not be loaded; retrying');
      }
      await nextRound();
    }
    await Promise.all(active.keys());
    client.close();
  }

  /** Without `AbortSignal.any`, because Node 20 keeps a reference to each signal that it makes. */
  const nextRound = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limits.pushCheckMs).unref();
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal.aborted) wakeUp();
    });

  const running = run();
  return async () => {
    stopping.abort();
    wakeUp?.();
    await running;
  };
}

/** Pauses double. */
function pauseAfter(failures: number, { pushRetryMs, pushRetryMaxMs }: Limits): number {
  return jittered(Math.min(pushRetryMs * 2 ** Math.min(failures - 1, 20), pushRetryMaxMs));
}
