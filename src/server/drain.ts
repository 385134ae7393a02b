import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connections } from './connections.ts';

/** The time that drained clients have to answer the close of their connection. */
const closeTimeoutMs = 1000;

/**
 * Drains a node. During the lead it only says so (`begin`) and serves as before, so that balancers
 * send new clients elsewhere, and no request finds its port closed. Then it accepts no new
 * connections, lets running operations finish, asks clients to reconnect to another node, and
 * resolves when all connections are closed.
 */
export async function drain({
  server,
  connections,
  leadMs,
  drainMs,
  begin,
  stopAccepting,
  endSockets,
}: {
  readonly server: Server;
  readonly connections: Connections;
  readonly leadMs: number;
  readonly drainMs: number;
  begin(): void;
  stopAccepting(): void;
  endSockets(): void;
}): Promise<void> {
  begin();
  // A proxy must not send a request on a connection that is about to close.
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  await sleep(leadMs);
  stopAccepting();
  const closed = new Promise((resolve) => server.close(resolve));
  await connections.drain(drainMs);
  server.closeIdleConnections();
  const timeout = setTimeout(() => {
    endSockets();
    server.closeAllConnections();
  }, closeTimeoutMs);
  await closed;
  clearTimeout(timeout);
}
