import type { WebSocket } from 'ws';
import type { Limits } from '../limits.ts';
import type { Outbox } from './outbox.ts';

/** How exactly the times are kept. */
const tickMs = 1000;

interface Watched {
  readonly outbox: Outbox;
  nextPing: number;
  /** When a pong is due; undefined when none is. */
  pongDue: number | undefined;
}

/** Notices peers that are gone without a word. A ping behind bytes that wait is late with them, and those have a deadline of their own. One timer for all sockets: two for each would be most of what there is to a quiet one. */
export function createKeepAlive({
  pingIntervalMs,
  pongTimeoutMs,
}: Pick<Limits, 'pingIntervalMs' | 'pongTimeoutMs'>) {
  const sockets = new Map<WebSocket, Watched>();

  function heardPong(this: WebSocket): void {
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
      webSocket.on('pong', heardPong);
    },
    forget: (webSocket: WebSocket): void => void sockets.delete(webSocket),
    stop: () => clearInterval(timer),
  };
}
