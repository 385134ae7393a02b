import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { StartError } from '../errors.ts';
import { presentError } from '../graphql/errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { guarded } from './guarded.ts';
import { inTurn } from './in-turn.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { parseRequestTarget } from './request-target.ts';

/** Takes a socket that asks to speak another protocol. */
export type UpgradeListener = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

interface Parts {
  /** By exact path. */
  readonly handlers: Readonly<Record<string, RequestListener>>;
  readonly upgrades: Readonly<Record<string, UpgradeListener>>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The header with the id under which a request is logged. */
export const requestIdHeader = 'x-request-id';

/** How long a client may take for the headers of a request, and for all of it. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;
/** How long an idle connection is kept for another request. Longer than proxies keep theirs, so that none sends a request into a close. */
const keepAliveTimeout = 75_000;
/** How often Node looks for connections that have missed these. */
const connectionsCheckingInterval = 5000;

/** How long an upgrade may take, and its refusal to be read. */
const handshakeMs = 5000;

const malformed =
  'Bad request. The target has to be a path, and there has to be one valid Host header.\n';
const notFound = 'Not found. The API is at /graphql.\n';

/**
 * An HTTP server for exactly these paths. All listeners of the server are here, and none can throw: an exception of a handler is masked as
 * `INTERNAL` and logged [P12] [P13]. `request.url` of what reaches a handler is a path with its query.
 */
export function createHttpServer({ handlers, upgrades, log, metrics }: Parts): Server {
  const server = createServer({
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval,
  });

  function handle(request: IncomingMessage, response: ServerResponse): unknown {
    response.setHeader(requestIdHeader, randomUUID());
    const target = parseRequestTarget(request);
    if (!target) return answerText(response.setHeader('connection', 'close'), 400, malformed);
    request.url = target.path + target.query;
    const handler = own(handlers, target.path);
    return handler ? handler(request, response) : answerText(response, 404, notFound);
  }

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    destroyOnFault(socket);
    const target = parseRequestTarget(request);
    if (!target) return refuseUpgrade(socket, 400, malformed);
    request.url = target.path + target.query;
    const handler = own(upgrades, target.path);
    if (!handler) return refuseUpgrade(socket, 404, notFound);
    handler(request, socket, head);
  }

  /** What a client is shown of an exception. */
  function mask(error: unknown, requestId: string): { status: number; body: string } {
    const shown = presentError(error, { log, metrics, requestId });
    return {
      status: shown.extensions.code === 'UNAVAILABLE' ? 503 : 500,
      body: JSON.stringify({ errors: [shown] }),
    };
  }

  function answerFault(error: unknown, _request: IncomingMessage, response: ServerResponse): void {
    const { status, body } = mask(error, String(response.getHeader(requestIdHeader)));
    // Half an answer cannot be taken back; a cut one is not taken for a whole one.
    if (response.headersSent) return void response.destroy();
    for (const name of response.getHeaderNames())
      if (name !== requestIdHeader) response.removeHeader(name);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
  }

  function refuseFaulty(error: unknown, _request: IncomingMessage, socket: Socket): void {
    const { status, body } = mask(error, randomUUID());
    refuseUpgrade(socket, status, body, 'application/json; charset=utf-8');
  }

  // Requests that cannot be parsed, and those with an expectation, are answered by Node as it should be.
  server.on('request', inTurn(guarded(handle, answerFault)));
  server.on('upgrade', guarded(upgrade, refuseFaulty));
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    destroyOnFault(socket);
    refuseUpgrade(socket, 405, 'This is no proxy.\n');
  });
  // When file descriptors run out, accepting fails; it goes on when there are some again.
  server.on('error', (error) => {
    if (server.listening) log.error({ err: error }, 'the HTTP server failed');
  });
  return server;
}

const own = <Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;

function answerText(response: ServerResponse, status: number, text: string): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length };
  response.writeHead(status, type).end(text);
}

/** Node has let go of the socket: it is ours to end, also if nobody reads what it is answered. A socket that is accepted has no such deadline. */
function destroyOnFault(socket: Socket): void {
  socket.on('error', destroy).setTimeout(handshakeMs, destroy);
}

/** A method, because a function made for each socket would keep the request in memory. */
function destroy(this: Socket): void {
  this.destroy();
}

/** Listens, and says where. Throws StartError when it cannot. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(explain(error, host, port))),
    );
    server.listen(port, host, resolve);
  });
  const { address, port: taken, family } = server.address() as AddressInfo;
  const name =
    address === '0.0.0.0' || address === '::'
      ? 'localhost'
      : family === 'IPv6'
        ? `[${address}]`
        : address;
  return `http://${name}:${taken}`;
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop who listens there, or set PORT to another (0 takes a free one).`;
  if (code === 'EACCES')
    return `Port ${port} may not be listened on by this user. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine. Set HOST to one, or to 0.0.0.0 for all.`;
  return `Cannot listen on ${host}:${port}: ${message}`;
}
