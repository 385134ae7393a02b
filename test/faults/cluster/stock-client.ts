import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { resuming } from '../../support/resuming.ts';
import type { Random } from '../random.ts';
import type { Endpoint } from './request.ts';
import type { User } from './users.ts';

export interface StockClient extends AsyncDisposable {
  /** Goes on after the last cursor by itself. */
  readonly client: Client;
  /** Stops reading from its socket for so long. */
  pause(ms: number): void;
}

interface Listener {
  /** It is connected, with a token that ends then; again, after another connection was lost. */
  connected?(tokenEndsAt: number, isAgain: boolean): void;
  /** A connection is over, or was none. */
  disconnected?(code: number | undefined): void;
}

const pingMs = 2000;
const pongWithinMs = 4000;
const acknowledgedWithinMs = 15_000;
const longestBackoff = 5;

/**
 * A graphql-ws client as its documentation configures it. It reconnects without limit, to any
 * endpoint, with a fresh token. If it is watchful, it leaves a connection that does not answer
 * pings.
 */
export function connectStockClient(
  endpoints: readonly Endpoint[],
  user: User,
  random: Random,
  { connected, disconnected }: Listener = {},
  isWatchful = true,
): StockClient {
  let socket: WebSocket | undefined;
  let pongDue: NodeJS.Timeout | undefined;
  let tokenEndsAt = 0;
  const client = createClient({
    url: () => random.pick(endpoints).wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: async () => {
      const { token, endsAt } = await user.sign();
      tokenEndsAt = endsAt;
      return { authorization: `Bearer ${token}` };
    },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) => delay(random.between(10, 300) * 2 ** Math.min(retries, longestBackoff)),
    connectionAckWaitTimeout: acknowledgedWithinMs,
    keepAlive: isWatchful ? pingMs : 0,
    on: {
      opened: (opened) => void (socket = opened as WebSocket),
      connected: (_socket, _payload, wasRetry) => connected?.(tokenEndsAt, wasRetry),
      ping(isReceived) {
        const pinged = socket;
        if (!isReceived) pongDue = setTimeout(() => pinged?.terminate(), pongWithinMs);
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(pongDue);
      },
      closed(event) {
        clearTimeout(pongDue);
        disconnected?.((event as { code?: number }).code);
      },
    },
  });
  return {
    client: resuming(client),
    pause(ms) {
      const paused = socket;
      if (paused?.readyState !== WebSocket.OPEN) return;
      paused.pause();
      setTimeout(() => paused.resume(), ms);
    },
    async [Symbol.asyncDispose]() {
      // It rejects when a connection was about to be made again and nobody needs it any more.
      await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}
