import type { WebSocket } from 'ws';
import type { Limits } from '../limits.ts';
import type { Outbox } from './outbox.ts';

/** How often the sockets are checked, in ms. */
const tickMs = 1000;

interface Watched {
  readonly outbox: Outbox;
  nextPing: number;
  /** When the pong to the last ping is due; undefined if it has arrived. */
  pongDue: number | undefined;
}

/**
 * Closes sockets whose peer no longer answers pings. A socket with unsent bytes is not pinged: the
 * bytes have their own deadline. All sockets share one timer, because two timers each would be most
 * of the memory of a quiet socket.
 */
export function createKeepAlive({
  pingIntervalMs,
  pongTimeoutMs,
}: Pick<Limits, 'pingIntervalMs' | 'pongTimeoutMs'>) {
  const sockets = new Map<WebSocket, Watched>();

  function receivePong(this: WebSocket): void {
    const watched = sockets.get(this);
    if (watched) watched.pongDue = undefined;
  }

  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [webSocket, watched] of sockets) {
        if (watched.outbox.unsent > 0) continue;
        if (watched.pongDue !== undefined && now > watched.pongDue) webSocket.terminate();
        else if (now > watched.nextPing) {
          watched.nextPing = now + pingIntervalMs;
          watched.pongDue ??= now + pongTimeoutMs;
          webSocket.ping();
        }
      }
    },
    Math.min(tickMs, pingIntervalMs, pongTimeoutMs),
  );

  return {
    watch(webSocket: WebSocket, outbox: Outbox): void {
      const nextPing = performance.now() + pingIntervalMs;
      sockets.set(webSocket, { outbox, nextPing, pongDue: undefined });
      webSocket.on('pong', receivePong);
    },
    forget: (webSocket: WebSocket): void => void sockets.delete(webSocket),
    stop: () => clearInterval(timer),
  };
}
