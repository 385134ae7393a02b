import type { Server } from 'node:http';
import type { Connections } from './connections.ts';

/** The time that drained clients have to answer the close of their connection. */
const closeTimeoutMs = 1000;

/**
 * Accepts no new connections, lets running operations finish, asks clients to reconnect to another
 * node, and resolves when all connections are closed.
 */
export async function drain(
  server: Server,
  connections: Connections,
  drainMs: number,
  endSockets: () => void,
): Promise<void> {
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
