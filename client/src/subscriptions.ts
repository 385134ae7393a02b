import { toError, unreachable, type CauserieError } from './errors.ts';
import type { Link, Payload, Sink } from './link.ts';
import { resuming } from './resuming.ts';
import { retryPauseMs, type Timing } from './timing.ts';

/** No link carries a `detached` subscription. A `pausing` one is retried over the same link. */
type Phase =
  | { readonly name: 'detached' }
  | { readonly name: 'attached'; readonly unsubscribe: () => void }
  | { readonly name: 'pausing'; readonly retryTimer: ReturnType<typeof setTimeout> };

interface Subscription {
  readonly payload: Payload;
  readonly sink: Sink;
  phase: Phase;
}

const detached: Phase = { name: 'detached' };

/**
 * The subscriptions of one connection. They outlive its links. `removed` is called after one of
 * them has ended.
 */
export function createSubscriptions(timing: Timing, removed: () => void) {
  const subscriptions = new Set<Subscription>();
  let carrier: Link | undefined;

  function start(subscription: Subscription, link: Link): void {
    const isCurrent = () => carrier === link && subscriptions.has(subscription);
    const unsubscribe = link.subscribe(subscription.payload, {
      next: (result) => isCurrent() && subscription.sink.next(result),
      error: (error) => isCurrent() && fail(subscription, error),
      complete: () => isCurrent() && remove(subscription, (sink) => sink.complete()),
    });
    subscription.phase = { name: 'attached', unsubscribe };
  }

  /**
   * Retries over the same connection after an error that passes. Any other error ends the
   * subscription.
   */
  function fail(subscription: Subscription, error: unknown): void {
    const refusal = Array.isArray(error) ? toError(error[0]) : unreachable(error);
    const pauseMs = pauseAfter(refusal, timing);
    if (pauseMs === undefined) return remove(subscription, (sink) => sink.error(refusal));
    const retryTimer = setTimeout(() => carrier && start(subscription, carrier), pauseMs);
    subscription.phase = { name: 'pausing', retryTimer };
  }

  function remove(subscription: Subscription, notify: (sink: Sink) => void): void {
    subscriptions.delete(subscription);
    notify(subscription.sink);
    removed();
  }

  /** To be called when the link has closed. */
  function detach(): void {
    carrier = undefined;
    for (const subscription of subscriptions) {
      if (subscription.phase.name === 'pausing') clearTimeout(subscription.phase.retryTimer);
      subscription.phase = detached;
    }
  }

  return {
    get size() {
      return subscriptions.size;
    },
    /** Returns a function that completes the subscription. */
    add(payload: Payload, sink: Sink): () => void {
      const subscription: Subscription = { ...resuming(payload, sink), phase: detached };
      subscriptions.add(subscription);
      if (carrier) start(subscription, carrier);
      return () => {
        if (!subscriptions.has(subscription)) return;
        const { phase } = subscription;
        if (phase.name === 'attached') phase.unsubscribe();
        else if (phase.name === 'pausing') clearTimeout(phase.retryTimer);
        remove(subscription, (own) => own.complete());
      };
    },
    /** Starts all subscriptions over a link that has connected. */
    attach(link: Link): void {
      carrier = link;
      for (const subscription of subscriptions)
        if (subscription.phase.name === 'detached') start(subscription, link);
    },
    detach,
    /**
     * Removes all subscriptions, and returns their sinks. A sink may subscribe again when it is
     * notified.
     */
    clear(): Sink[] {
      detach();
      const ended = Array.from(subscriptions, ({ sink }) => sink);
      subscriptions.clear();
      return ended;
    },
  };
}

/**
 * The pause in ms before a refused subscription is tried again; undefined if the error does not
 * pass.
 */
function pauseAfter(refusal: CauserieError, timing: Timing): number | undefined {
  if (refusal.code === 'RATE_LIMITED') return refusal.retryAfterMs ?? 1000;
  if (refusal.code === 'UNAVAILABLE') return retryPauseMs(timing, 0);
  return undefined;
}
