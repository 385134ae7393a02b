import { createClient } from 'graphql-ws/client';
import { bearer } from './request.ts';
import type { Timing } from './timing.ts';
import { onWake } from './wake.ts';
import type { WebSocketClass, WebSocketLike } from './web-socket.ts';

export interface Payload {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
  /** The id of a document that the server knows, with an empty `query`. */
  readonly documentId?: string;
}

/** The receiver of a subscription. `error` and `complete` each end it. */
export interface Sink {
  next(result: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string }[];
  }): void;
  error(error: unknown): void;
  complete(): void;
}

/** The `subscribe` of graphql-ws. Returns a function that ends the subscription. */
export type Subscribe = (payload: Payload, sink: Sink) => () => void;

/** How a connection ended: with a close code, or with 1006 if there was none. */
export interface Loss {
  readonly code: number;
  readonly reason: string;
}

interface LinkOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly webSocket: WebSocketClass;
  readonly timing: Timing;
  readonly connected: () => void;
  /** Called at most once, and not after `leave`. Nothing else is called after it. */
  readonly lost: (loss: Loss) => void;
}

export interface Link {
  readonly subscribe: Subscribe;
  /** Closes the socket. `lost` is not called. */
  leave(): void;
}

/**
 * One socket, from its opening to its loss. It sends pings, because a machine that slept and a
 * network that went away report nothing. If a ping is not answered in time, the link counts as
 * lost.
 */
export function openLink({
  url,
  token,
  webSocket: WebSocketImplementation,
  timing,
  connected,
  lost,
}: LinkOptions): Link {
  let socket: WebSocketLike | undefined;
  let isOver = false;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  /** graphql-ws creates the socket and keeps it to itself; this subclass gives access to it. */
  class AccessibleSocket extends WebSocketImplementation {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      adopt(this);
    }
  }

  function adopt(opened: WebSocketLike): void {
    socket = opened;
    // graphql-ws removes its listeners from a socket that it gives up, and in Node an error without
    // a listener ends the process.
    opened.addEventListener('error', () => {});
  }

  const client = createClient({
    url,
    webSocketImpl: AccessibleSocket,
    connectionParams: bearer(token),
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: (error) => end(error),
    on: {
      connected: () => {
        clearTimeout(connectTimer);
        connected();
      },
      message: () => {
        clearTimeout(pongTimer);
        pongTimer = undefined;
      },
      error: () => end(undefined),
      closed: (event) => end(event),
    },
  });
  const connectTimer = setTimeout(giveUp, timing.connectMs);
  const pings = setInterval(ping, timing.pingMs);
  const stopWatchingWake = onWake(ping);

  function ping(): void {
    if (socket?.readyState !== 1) return;
    socket.send('{"type":"ping"}');
    pongTimer ??= setTimeout(giveUp, timing.pongMs);
  }

  /** graphql-ws reports this as a loss, without waiting for the server to answer the close. */
  function giveUp(): void {
    client.terminate();
  }

  function end(event: unknown): void {
    if (isOver) return;
    release();
    const { code = 1006, reason = '' } = (event ?? {}) as Partial<Loss>;
    lost({ code, reason });
  }

  function release(): void {
    isOver = true;
    clearTimeout(connectTimer);
    clearTimeout(pongTimer);
    clearInterval(pings);
    stopWatchingWake();
    // Rejects if there was no connection yet.
    Promise.resolve(client.dispose()).catch(() => {});
    closeSocket();
  }

  /**
   * Works before the socket is open, too. An unreachable server does not answer the close, and in
   * Node the socket would keep the process alive meanwhile.
   */
  function closeSocket(): void {
    const closing = socket;
    if (!closing || closing.readyState === 3) return;
    closing.close(1000);
    const closeTimer = setTimeout(() => closing.terminate?.(), timing.pongMs);
    closing.addEventListener('close', () => clearTimeout(closeTimer));
  }

  return {
    // A looser type of the same function: ours does not say which data a result has.
    subscribe: client.subscribe as Subscribe,
    leave() {
      if (!isOver) release();
    },
  };
}
