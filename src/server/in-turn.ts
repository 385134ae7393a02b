import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests of a connection that may wait. Browsers and other common clients let none wait. */
const maxWaiting = 100;

interface Pipeline {
  /** The response after which the next request is handled. */
  latest: ServerResponse;
  waiting: number;
}

/**
 * Handles the requests of a connection one at a time. HTTP sends the responses in order anyway.
 * Responses that are ready early would wait outside the socket, where no budget counts them, so a
 * pipeline of small requests could fill the memory [P13]. So could requests that wait: a connection
 * with too many is closed.
 */
export function inTurn(listener: RequestListener): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const pipeline = pipelines.get(socket);
    if (!pipeline || pipeline.latest.closed) {
      pipelines.set(socket, { latest: response, waiting: 0 });
      return listener(request, response);
    }
    if (pipeline.waiting >= maxWaiting) return void socket.destroy();
    const { latest } = pipeline;
    pipeline.latest = response;
    pipeline.waiting++;
    latest.once('close', () => {
      pipeline.waiting--;
      if (!socket.destroyed) listener(request, response);
    });
  };
}
