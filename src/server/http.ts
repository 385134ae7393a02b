import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../errors.ts';
import { inTurn } from './in-turn.ts';

/** How long a client may take for the headers of a request, and for all of it. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;
/** How long an idle connection is kept for another request: longer than proxies keep theirs, so that none sends a request into a close. */
const keepAliveTimeout = 75_000;

/** An HTTP server for exactly these paths. */
export function createHttpServer(handlers: Readonly<Record<string, RequestListener>>): Server {
  const timeouts = { headersTimeout, requestTimeout, keepAliveTimeout };
  const connectionsCheckingInterval = headersTimeout / 2;
  const server = createServer({ ...timeouts, connectionsCheckingInterval });
  const answer: RequestListener = (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
    if (handler) return void handler(request, response);
    response
      .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
      .end('Not found. The API is at /graphql.\n');
  };
  return server.on('request', inTurn(answer));
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
