import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Handles the requests of a connection one at a time. Clients get the answers in order anyway, and answers that were made ahead of their
 * turn would wait outside of the socket, where nothing counts them: a pipeline of small requests could fill the memory.
 */
export function inTurn(listener: RequestListener): RequestListener {
  const latest = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const { socket } = request;
    const before = latest.get(socket);
    latest.set(socket, response);
    if (!before || before.closed) return listener(request, response);
    before.once('close', () => {
      if (!socket.destroyed) listener(request, response);
    });
  };
}
