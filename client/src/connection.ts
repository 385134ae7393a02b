import { isTokenExpired, refusalOf } from './close-codes.ts';
import { isCauserieError, readError, unreachable, type CauserieError } from './errors.ts';
import { extendInTime } from './extension.ts';
import { openLink, type Link, type Payload, type Sink, type Subscribe } from './link.ts';
import { resuming } from './resuming.ts';
import { retryPauseMs, type Timing } from './timing.ts';
import type { Tokens } from './tokens.ts';
import { onWake } from './wake.ts';

/**
 * `idle`: nobody follows anything. `waiting`: it was lost, or not reached, and is tried again in `retryMs`. `refused`: the server does not
 * take us, and what was followed has ended with `error`; following again tries again.
 */
export type ConnectionState =
  | { readonly status: 'idle' | 'connecting' | 'connected' }
  | { readonly status: 'waiting'; readonly retryMs: number; readonly attempt: number }
  | { readonly status: 'refused'; readonly error: CauserieError };

export interface Connection {
  readonly state: ConnectionState;
  /** Follows over connections that come and go; ends by a refusal, by the server, or by what is returned. */
  readonly subscribe: Subscribe;
  /** Begins anew, as somebody else. */
  restart(): void;
  /** Ends everything that is followed, cleanly. */
  end(): void;
}

export interface OneConnection extends Connection {
  /** How many subscriptions it carries. */
  readonly size: number;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly webSocket: typeof WebSocket | undefined;
  readonly tokens: Tokens;
  readonly timing: Timing;
  readonly changed: (state: ConnectionState) => void;
}

interface Subscription {
  readonly payload: Payload;
  readonly sink: Sink;
  /** Undefined while there is no connection, or it pauses. */
  stop: (() => void) | undefined;
}

/** A connection that lasted so long was a good one: after it, pauses are short again. */
const steadyMs = 10_000;

/** A connection that subscriptions share, there for as long as there are any. */
export function createConnection({
  url,
  webSocket,
  tokens,
  timing,
  changed,
}: ConnectionOptions): OneConnection {
  const subscriptions = new Set<Subscription>();
  let state: ConnectionState = { status: 'idle' };
  let link: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopExtending = () => {};
  let attempt = 0;
  let forgetWake = () => {};
  /** One that the server called expired: the source is told of it when it is asked for another. */
  let refusedToken: string | undefined;

  function enter(next: ConnectionState): void {
    clearTimeout(timer);
    forgetWake();
    forgetWake = () => {};
    state = next;
    changed(next);
  }

  async function open(): Promise<void> {
    enter({ status: 'connecting' });
    const opening = state;
    const token = await tokens.get(refusedToken).catch((error: unknown) => ({ error }));
    if (state !== opening) return;
    if (typeof token !== 'object') follow(token);
    else if (isCauserieError(token.error) && token.error.code === 'UNAUTHENTICATED')
      refuse(token.error);
    else wait();
  }

  function follow(token: string | undefined): void {
    let connectedAt: number | undefined;
    link = openLink({
      url,
      token,
      webSocket: webSocket!,
      timing,
      connected() {
        connectedAt = performance.now();
        enter({ status: 'connected' });
        if (token && !tokens.isFixed) stopExtending = extendInTime(link!.subscribe, tokens, token);
        for (const subscription of subscriptions) start(subscription);
        linger();
      },
      lost(loss) {
        stopExtending();
        link = undefined;
        for (const subscription of subscriptions) subscription.stop = undefined;
        if (connectedAt !== undefined && performance.now() - connectedAt > steadyMs) attempt = 0;
        refusedToken = isTokenExpired(loss) ? token : undefined;
        const refused = refusalOf(loss, tokens.isFixed);
        if (refused) refuse(refused);
        else if (subscriptions.size === 0) enter({ status: 'idle' });
        else wait();
      },
    });
  }

  function wait(): void {
    const retryMs = retryPauseMs(timing, attempt++);
    enter({ status: 'waiting', retryMs, attempt });
    const again = () => void open();
    timer = setTimeout(again, retryMs);
    forgetWake = onWake(again);
  }

  function refuse(error: CauserieError): void {
    endAll({ status: 'refused', error }, (sink) => sink.error(error));
  }

  /** Who is told may follow something else at once. */
  function endAll(next: ConnectionState, tell: (sink: Sink) => void): void {
    const ended = Array.from(subscriptions, ({ sink }) => sink);
    subscriptions.clear();
    leave();
    enter(next);
    ended.forEach(tell);
  }

  function leave(): void {
    stopExtending();
    link?.leave();
    link = undefined;
    attempt = 0;
  }

  function start(subscription: Subscription): void {
    if (subscription.stop) return;
    const of = link;
    const isCurrent = () => link === of && subscriptions.has(subscription);
    subscription.stop = link!.subscribe(subscription.payload, {
      next: (result) => isCurrent() && subscription.sink.next(result),
      error: (error) => isCurrent() && fail(subscription, error),
      complete: () => isCurrent() && finish(subscription, () => subscription.sink.complete()),
    });
  }

  /** What passes is tried again, over the same connection; everything else ends it. */
  function fail(subscription: Subscription, error: unknown): void {
    const fault = Array.isArray(error) ? readError(error[0]) : unreachable(error);
    const pauseMs =
      fault.code === 'RATE_LIMITED'
        ? (fault.retryAfterMs ?? 1000)
        : fault.code === 'UNAVAILABLE'
          ? retryPauseMs(timing, 0)
          : undefined;
    if (pauseMs === undefined) return finish(subscription, () => subscription.sink.error(fault));
    const waited = setTimeout(() => {
      if (subscription.stop !== stopWaiting) return;
      subscription.stop = undefined;
      start(subscription);
    }, pauseMs);
    const stopWaiting = () => clearTimeout(waited);
    subscription.stop = stopWaiting;
  }

  function finish(subscription: Subscription, tell: () => void): void {
    subscriptions.delete(subscription);
    tell();
    linger();
  }

  function linger(): void {
    if (subscriptions.size > 0) return;
    if (state.status === 'waiting') enter({ status: 'idle' });
    if (state.status !== 'connected') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (subscriptions.size > 0) return;
      leave();
      enter({ status: 'idle' });
    }, timing.lingerMs);
  }

  return {
    get state() {
      return state;
    },
    get size() {
      return subscriptions.size;
    },
    subscribe(payload, sink) {
      if (!webSocket)
        throw new Error(
          'There is no WebSocket here. Pass `webSocket` to `connect`: in Node before 22 that of the package `ws`.',
        );
      const subscription: Subscription = { ...resuming(payload, sink), stop: undefined };
      subscriptions.add(subscription);
      if (state.status === 'connected') start(subscription);
      else if (state.status === 'idle' || state.status === 'refused') void open();
      return () => {
        if (!subscriptions.has(subscription)) return;
        subscription.stop?.();
        finish(subscription, () => sink.complete());
      };
    },
    restart() {
      if (state.status === 'idle' || state.status === 'refused') return;
      leave();
      for (const subscription of subscriptions) subscription.stop = undefined;
      void open();
    },
    end() {
      endAll({ status: 'idle' }, (sink) => sink.complete());
    },
  };
}
