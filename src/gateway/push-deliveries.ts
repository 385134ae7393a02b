import type { PushSubscription } from '../db/generated/client.ts';
import { jittered } from '../jitter.ts';
import type { Limits } from '../limits.ts';
import type { Node } from '../scope.ts';
import { createHttpClient } from './http-client.ts';
import { createNetworkResolver } from './network-resolver.ts';
import { createFailingServices } from './failing-services.ts';
import type { PushKeys } from './push-keys.ts';
import { createPushSender, type FailedPush, type PushMessage } from './push-sender.ts';
import { createPushSlots } from './push-slots.ts';
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
    resolve: createNetworkResolver(),
  });
  const slots = createPushSlots(limits);
  const failing = createFailingServices(limits.pushFailingUsers);
  const send = createPushSender(config, keys, client);
  const stopping = new AbortController();
  const { signal } = stopping;
  const active = new Set<Promise<void>>();
  let wakeUp: (() => void) | undefined;

  /** Returns whether it has started something. */
  async function startDue(): Promise<boolean> {
    let hasStarted = false;
    for (const of of ['quick', 'others'] as const)
      for (const push of await store.claim(slots.free(), of)) {
        start(push);
        hasStarted = true;
      }
    return hasStarted;
  }

  function start(push: ClaimedPush): void {
    const taken = { service: push.service, userId: push.subscription?.userId ?? null };
    slots.take(taken);
    const delivering = deliver(push)
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'a push was interrupted; it will be retried'),
      )
      .finally(() => {
        slots.giveBack(taken);
        active.delete(delivering);
        wakeUp?.();
      });
    active.add(delivering);
  }

  async function deliver(push: ClaimedPush): Promise<void> {
    const { subscription } = push;
    const decision = subscription === undefined ? ({ is: 'dropped' } as const) : await decide(push);
    // It is not sent, so the pause after a later failure does not grow.
    const wait = (ms: number) => store.postpone({ ...push, attempts: push.attempts - 1 }, ms);
    if (decision.is === 'waiting') return wait(decision.ms);
    if (decision.is === 'wanted' && subscription) {
      const heldMs = (subscription.retryAt?.getTime() ?? 0) - Date.now();
      return heldMs > 0 ? wait(heldMs) : request(push, subscription, decision.message);
    }
    metrics.pushes.inc({ outcome: decision.is });
    await store.remove(push);
  }

  async function request(
    push: ClaimedPush,
    subscription: PushSubscription,
    message: PushMessage,
  ): Promise<void> {
    const sentAt = performance.now();
    const outcome = await send(subscription, message, signal);
    if (signal.aborted) return store.postpone(push, 0);
    const hasAnswered = outcome.is !== 'failed' || outcome.isAnswered;
    slots.recordAnswer(push.service, hasAnswered ? performance.now() - sentAt : undefined);
    metrics.pushes.inc({ outcome: outcome.is });
    if (outcome.is === 'gone') return store.removeSubscription(subscription.id);
    if (outcome.is === 'failed') return retry(push, subscription, outcome);
    if (outcome.is === 'refused')
      log.warn({ service: push.service, reason: outcome.reason }, 'a push was refused');
    failing.forget(push.service);
    await store.remove(push);
    await store.resumeService(push.service);
  }

  /**
   * Pauses the browser. The pause of a service would silence other users, so it needs failures of
   * several users in a row.
   */
  async function retry(
    push: ClaimedPush,
    { id, userId }: PushSubscription,
    { reason, isOfService, isAnswered, retryAfterMs = 0 }: FailedPush,
  ): Promise<void> {
    log.debug({ service: push.service, reason }, 'a push failed; it will be retried');
    const pauseMs = (failures: number) => pauseAfter(failures, limits);
    const ownPauseMs = Math.min(
      Math.max(retryAfterMs, pauseMs(push.attempts)),
      limits.pushGiveUpMs,
    );
    if (isOfService) {
      await store.holdSubscription(id, ownPauseMs);
      if (failing.record(push.service, userId))
        await store.holdService(
          push.service,
          isAnswered
            ? () => Math.min(Math.max(retryAfterMs, limits.pushRetryMs), limits.pushAskedPauseMaxMs)
            : pauseMs,
        );
    }
    await store.postpone(push, ownPauseMs);
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
    await Promise.all(active);
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
