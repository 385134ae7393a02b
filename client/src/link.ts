import { createClient } from 'graphql-ws/client';
import { bearer } from './request.ts';
import type { Timing } from './timing.ts';
import { onWake } from './wake.ts';

export interface Payload {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
}

/** Whom a subscription tells. An error ends it, as `complete` does. */
export interface Sink {
  next(result: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string }[];
  }): void;
  error(error: unknown): void;
  complete(): void;
}

/** As graphql-ws has it. Returns what ends it. */
export type Subscribe = (payload: Payload, sink: Sink) => () => void;

/** How a connection ended: with a close code, or 1006 when there was none. */
export interface Loss {
  readonly code: number;
  readonly reason: string;
}

interface LinkOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly webSocket: typeof WebSocket;
  readonly timing: Timing;
  readonly connected: () => void;
  /** Called once; nothing is told afterwards. */
  readonly lost: (loss: Loss) => void;
}

export interface Link {
  readonly subscribe: Subscribe;
  /** Leaves, without being lost. */
  leave(): void;
}

/**
 * One socket, from its opening to its loss. It asks the server for signs of life, because a machine that slept, or a network that went
 * away, says nothing: without an answer the link counts as lost.
 */
export function openLink({
  url,
  token,
  webSocket: WebSocketClass,
  timing,
  connected,
  lost,
}: LinkOptions): Link {
  let socket: WebSocket | undefined;
  let isOver = false;
  let answerDue: ReturnType<typeof setTimeout> | undefined;

  /** As graphql-ws opens it, and held here. */
  class HeldSocket extends WebSocketClass {
    constructor(address: string | URL, protocol?: string | string[]) {
      super(address, protocol);
      hold(this);
    }
  }

  function hold(opened: WebSocket): void {
    socket = opened;
    // The library lets go of a socket that it gives up, and in Node an error that nobody listens for ends the process.
    opened.addEventListener('error', () => {});
  }

  const client = createClient({
    url,
    webSocketImpl: HeldSocket,
    connectionParams: bearer(token),
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: (error) => end(error),
    on: {
      connected: () => {
        clearTimeout(connectDue);
        connected();
      },
      message: () => {
        clearTimeout(answerDue);
        answerDue = undefined;
      },
      error: () => end(undefined),
      closed: (event) => end(event),
    },
  });
  const connectDue = setTimeout(giveUp, timing.connectMs);
  const pings = setInterval(ping, timing.pingMs);
  const forgetWake = onWake(ping);

  function ping(): void {
    if (socket?.readyState !== 1) return;
    socket.send('{"type":"ping"}');
    answerDue ??= setTimeout(giveUp, timing.pongMs);
  }

  /** The library tells of it as of a loss, and does not wait for a server that is away. */
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
    clearTimeout(connectDue);
    clearTimeout(answerDue);
    clearInterval(pings);
    forgetWake();
    // Rejects when there was no connection yet.
    Promise.resolve(client.dispose()).catch(() => {});
    abandon();
  }

  /** Closes, also before it is open. A server that is away does not answer that, and in Node the socket would hold the process meanwhile. */
  function abandon(): void {
    const left = socket as (WebSocket & { terminate?(): void }) | undefined;
    if (!left || left.readyState === 3) return;
    left.close(1000);
    const closeDue = setTimeout(() => left.terminate?.(), timing.pongMs);
    left.addEventListener('close', () => clearTimeout(closeDue));
  }

  return {
    subscribe: client.subscribe as Subscribe,
    leave() {
      if (!isOver) release();
    },
  };
}
