import { isTokenExpired, refusalOf } from './close-codes.ts';
import { isCauserieError, type CauserieError } from './errors.ts';
import { extendInTime } from './extension.ts';
import { openLink, type Link, type Loss, type Subscribe } from './link.ts';
import { createSubscriptions } from './subscriptions.ts';
import { retryPauseMs, type Timing } from './timing.ts';
import type { Tokens } from './tokens.ts';
import { onWake } from './wake.ts';
import type { WebSocketClass } from './web-socket.ts';

/**
 * - `idle`: nothing is followed.
 * - `waiting`: the connection was lost, or the server could not be reached. The client tries again
 *   in `retryMs`.
 * - `refused`: the server does not accept this client. All subscriptions have ended with `error`. A
 *   new subscription tries again.
 */
export type ConnectionState =
  | { readonly status: 'idle' | 'connecting' | 'connected' }
  | { readonly status: 'waiting'; readonly retryMs: number; readonly attempt: number }
  | { readonly status: 'refused'; readonly error: CauserieError };

export interface Connection {
  readonly state: ConnectionState;
  /**
   * Subscribes across reconnections. The subscription ends when the server ends or refuses it, or
   * when the returned function is called.
   */
  readonly subscribe: Subscribe;
  /** Reconnects with a new token, as another user. */
  restart(): void;
  /** Completes all subscriptions, and closes the connection. */
  end(): void;
}

export interface OneConnection extends Connection {
  /** The number of its subscriptions. */
  readonly size: number;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly webSocket: WebSocketClass | undefined;
  readonly tokens: Tokens;
  readonly timing: Timing;
  readonly changed: (state: ConnectionState) => void;
}

type Timer = ReturnType<typeof setTimeout>;

/**
 * A phase of the connection: `state` is its public part, the other fields are what `release` gives
 * back at its end.
 */
type Phase =
  | { readonly name: 'resting'; readonly state: ConnectionState }
  | { readonly name: 'authorizing'; readonly state: ConnectionState }
  | { readonly name: 'opening'; readonly state: ConnectionState; readonly link: Link }
  | {
      readonly name: 'open';
      readonly state: ConnectionState;
      readonly link: Link;
      readonly openedAt: number;
      readonly stopExtending: () => void;
      /** Runs while the connection has no subscriptions. */
      closeTimer: Timer | undefined;
    }
  | {
      readonly name: 'waiting';
      readonly state: ConnectionState;
      readonly retryTimer: Timer;
      readonly stopWatchingWake: () => void;
    };

const idle: Phase = { name: 'resting', state: { status: 'idle' } };

/**
 * After a connection that was open for at least this long, pauses between retries are short again.
 */
const steadyMs = 10_000;

/**
 * A connection that subscriptions share. It is open while there are any.
 *
 *     resting → authorizing → opening → open → resting
 *                    ↑  ↓        ↓        ↓
 *                    waiting ←────────────┘
 *
 * A refusal by the server, and `end`, lead from every phase to `resting`.
 */
export function createConnection({
  url,
  webSocket,
  tokens,
  timing,
  changed,
}: ConnectionOptions): OneConnection {
  const subscriptions = createSubscriptions(timing, closeWhenUnused);
  let phase: Phase = idle;
  /** The number of pauses since the last steady connection. */
  let attempt = 0;
  /** The token that the server last reported as expired. Asking for another one excludes it. */
  let expiredToken: string | undefined;

  function enter(next: Phase): void {
    const previous = phase;
    phase = next;
    if (previous.name === 'open') subscriptions.detach();
    release(previous, next);
    if (next.state !== previous.state) changed(next.state);
  }

  async function open(): Promise<void> {
    const authorizing: Phase = { name: 'authorizing', state: { status: 'connecting' } };
    enter(authorizing);
    let token: string | undefined;
    try {
      token = await tokens.get(expiredToken);
    } catch (error) {
      if (phase !== authorizing) return;
      if (isCauserieError(error) && error.code === 'UNAUTHENTICATED') refuse(error);
      else wait();
      return;
    }
    if (phase === authorizing) openWith(token);
  }

  function openWith(token: string | undefined): void {
    const link = openLink({
      url,
      token,
      webSocket: webSocket!,
      timing,
      connected: () => carry(link, token),
      lost: (loss) => recover(loss, token),
    });
    enter({ name: 'opening', state: phase.state, link });
  }

  function carry(link: Link, token: string | undefined): void {
    if (phase.name !== 'opening' || phase.link !== link) return;
    subscriptions.attach(link);
    const isRenewable = token !== undefined && !tokens.isFixed;
    enter({
      name: 'open',
      state: { status: 'connected' },
      link,
      openedAt: performance.now(),
      stopExtending: isRenewable ? extendInTime(link.subscribe, tokens, token) : () => {},
      closeTimer: undefined,
    });
    closeWhenUnused();
  }

  function recover(loss: Loss, token: string | undefined): void {
    if (phase.name === 'open' && performance.now() - phase.openedAt > steadyMs) attempt = 0;
    expiredToken = isTokenExpired(loss) ? token : undefined;
    const refused = refusalOf(loss, tokens.isFixed);
    if (refused) refuse(refused);
    else if (subscriptions.size === 0) enter(idle);
    else wait();
  }

  function wait(): void {
    const retryMs = retryPauseMs(timing, attempt);
    attempt += 1;
    const retry = () => void open();
    enter({
      name: 'waiting',
      state: { status: 'waiting', retryMs, attempt },
      retryTimer: setTimeout(retry, retryMs),
      stopWatchingWake: onWake(retry),
    });
  }

  function refuse(error: CauserieError): void {
    const ended = subscriptions.clear();
    rest({ name: 'resting', state: { status: 'refused', error } });
    for (const sink of ended) sink.error(error);
  }

  function rest(resting: Phase): void {
    attempt = 0;
    enter(resting);
  }

  /**
   * Waits a while before it closes an open connection, because another subscription often follows.
   */
  function closeWhenUnused(): void {
    if (subscriptions.size > 0) return;
    if (phase.name === 'waiting') enter(idle);
    if (phase.name !== 'open') return;
    clearTimeout(phase.closeTimer);
    phase.closeTimer = setTimeout(() => {
      if (subscriptions.size === 0) rest(idle);
    }, timing.lingerMs);
  }

  return {
    get state() {
      return phase.state;
    },
    get size() {
      return subscriptions.size;
    },
    subscribe(payload, sink) {
      if (!webSocket)
        throw new Error(
          'This platform has no WebSocket. Pass `webSocket` to `connect`: in Node before 22, the class of the package `ws`.',
        );
      const cancel = subscriptions.add(payload, sink);
      if (phase.name === 'resting') void open();
      return cancel;
    },
    restart() {
      if (phase.name === 'resting') return;
      attempt = 0;
      void open();
    },
    end() {
      const ended = subscriptions.clear();
      rest(idle);
      for (const sink of ended) sink.complete();
    },
  };
}

function release(phase: Phase, next: Phase): void {
  switch (phase.name) {
    case 'opening':
      if (next.name !== 'open') phase.link.leave();
      break;
    case 'open':
      clearTimeout(phase.closeTimer);
      phase.stopExtending();
      phase.link.leave();
      break;
    case 'waiting':
      clearTimeout(phase.retryTimer);
      phase.stopWatchingWake();
  }
}
