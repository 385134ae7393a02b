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

/** Handles a request to switch the connection to another protocol. */
export type UpgradeListener = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

interface Parts {
  /** By exact path; `/folder/*` stands for all paths directly in a folder. */
  readonly handlers: Readonly<Record<string, RequestListener>>;
  /**
   * By the beginning of the path, for handlers of large bodies, which bound the time to receive
   * those of a PUT.
   */
  readonly folders: Readonly<Record<string, RequestListener>>;
  readonly upgrades: Readonly<Record<string, UpgradeListener>>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The response header with the id under which the request is logged. */
export const requestIdHeader = 'x-request-id';

/** The time to receive the headers of a request, and the whole request, in ms. */
const headersTimeout = 10_000;
const requestMs = 30_000;
/**
 * How long an idle connection stays open, in ms. Longer than in common proxies, so that none sends
 * a request on a closing connection.
 */
const keepAliveTimeout = 75_000;
/** How often Node checks these timeouts, in ms. */
const connectionsCheckingInterval = 5000;

/** The time for an upgrade, or for reading its refusal. */
const handshakeMs = 5000;

const malformed = 'Bad request. Send a path as the target, and exactly one valid Host header.\n';
const notFound = 'Not found. The API is at /graphql.\n';

/**
 * An HTTP server for exactly these paths. All listeners of the server are here, and none can throw:
 * an exception of a handler is masked as `INTERNAL` and logged [P12] [P13]. In a handler,
 * `request.url` is a path with its query.
 */
export function createHttpServer({ handlers, folders, upgrades, log, metrics }: Parts): Server {
  const server = createServer({
    headersTimeout,
    // A handler decides how long a body may take.
    requestTimeout: 0,
    keepAliveTimeout,
    connectionsCheckingInterval,
  });

  function handle(request: IncomingMessage, response: ServerResponse): unknown {
    response.setHeader(requestIdHeader, randomUUID());
    const target = parseRequestTarget(request);
    if (!target) return answerText(response.setHeader('connection', 'close'), 400, malformed);
    request.url = target.path + target.query;
    const folder = Object.keys(folders).find((path) => target.path.startsWith(path));
    if (folder === undefined || request.method !== 'PUT') boundBody(request);
    if (folder !== undefined) return folders[folder]!(request, response);
    const handler = ownValue(handlers, target.path) ?? ownValue(handlers, siblingsOf(target.path));
    return handler ? handler(request, response) : answerText(response, 404, notFound);
  }

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    destroyOnFault(socket);
    const target = parseRequestTarget(request);
    if (!target) return refuseUpgrade(socket, 400, malformed);
    request.url = target.path + target.query;
    const handler = ownValue(upgrades, target.path);
    if (!handler) return refuseUpgrade(socket, 404, notFound);
    handler(request, socket, head);
  }

  /** The response for an exception. */
  function mask(error: unknown, requestId: string): { status: number; body: string } {
    const shown = presentError(error, { log, metrics, requestId });
    return {
      status: shown.extensions.code === 'UNAVAILABLE' ? 503 : 500,
      body: JSON.stringify({ errors: [shown] }),
    };
  }

  function answerFault(error: unknown, _request: IncomingMessage, response: ServerResponse): void {
    const { status, body } = mask(error, String(response.getHeader(requestIdHeader)));
    // A response that has started cannot change its status. Cutting it off shows the client that it
    // is incomplete.
    if (response.headersSent) return void response.destroy();
    for (const name of response.getHeaderNames())
      if (name !== requestIdHeader) response.removeHeader(name);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
  }

  function refuseFaulty(error: unknown, _request: IncomingMessage, socket: Socket): void {
    const { status, body } = mask(error, randomUUID());
    refuseUpgrade(socket, status, body, 'application/json; charset=utf-8');
  }

  // Node itself answers requests that cannot be parsed, and those with an `expect` header.
  server.on('request', inTurn(guarded(handle, answerFault)));
  server.on('upgrade', guarded(upgrade, refuseFaulty));
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    destroyOnFault(socket);
    refuseUpgrade(socket, 405, 'This server is not a proxy.\n');
  });
  // Accepting fails while file descriptors are used up, and works again afterwards.
  server.on('error', (error) => {
    if (server.listening) log.error({ err: error }, 'the HTTP server failed');
  });
  return server;
}

/** Disconnects a client whose request takes too long to arrive. */
function boundBody(request: IncomingMessage): void {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && !Number(headers['content-length'])) return;
  const timeout = setTimeout(() => request.destroy(), requestMs);
  const stop = () => clearTimeout(timeout);
  request.once('end', stop).once('close', stop);
}

const siblingsOf = (path: string): string => `${path.slice(0, path.lastIndexOf('/'))}/*`;

const ownValue = <Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;

function answerText(response: ServerResponse, status: number, text: string): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length };
  response.writeHead(status, type).end(text);
}

/**
 * After an upgrade request Node no longer closes the socket, so a failed or unread refusal must.
 * The WebSocket server clears this timeout.
 */
function destroyOnFault(socket: Socket): void {
  socket.on('error', destroy).setTimeout(handshakeMs, destroy);
}

/** Shared by all sockets: a closure for each socket would keep its request in memory. */
function destroy(this: Socket): void {
  this.destroy();
}

/** Starts listening and returns the URL. Throws StartError. */
export async function listen(
  server: Server,
  at: { readonly host: string; readonly port: number; readonly exclusive?: boolean },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(explain(error, at.host, at.port))),
    );
    server.listen(at, resolve);
  });
  const { address, port: taken, family } = server.address() as AddressInfo;
  return `http://${hostOf(address, family)}:${taken}`;
}

/** The host of a URL that reaches this address from this machine. */
function hostOf(address: string, family: string): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost';
  return family === 'IPv6' ? `[${address}]` : address;
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Stop the program that uses it, or set PORT to another port (0 for any free port).`;
  if (code === 'EACCES')
    return `This user has no permission to listen on port ${port}. Set PORT to a port above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine. Set HOST to one of its addresses, or to 0.0.0.0 for all of them.`;
  return `Cannot listen on ${host}:${port}: ${message}`;
}
