import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createBudget } from '../budget.ts';
import { openFile, type OpenedFile } from '../chat/files/open-file.ts';
import { filesPath, parsePartLink } from '../chat/files/part-links.ts';
import { expectedPart, receivePart } from '../chat/files/receive-part.ts';
import type { Authenticator } from '../chat/people/authenticator.ts';
import { notFound, rateLimited, unauthenticated, unavailable } from '../errors.ts';
import { holderOf } from '../holder.ts';
import type { Node } from '../scope.ts';
import { parseRange } from './byte-range.ts';
import { requestIdHeader } from './http.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Outboxes } from './outboxes.ts';
import { pacedBody } from './paced-body.ts';
import { refusalResponse } from './refusal-response.ts';
import { createRequestScope } from './request-scope.ts';
import { sendPieces, sendResponse } from './send-response.ts';

interface Parts {
  readonly node: Node;
  readonly authenticator: Authenticator;
  readonly outboxes: Outboxes;
}

/** Browsers run nothing in a file, do not guess its type, and isolate it from other pages. */
const alwaysServed = {
  'content-security-policy':
    "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
  vary: 'authorization, cookie, origin',
};

const exposedHeaders = [
  'ETag',
  'Content-Disposition',
  'Content-Range',
  'Retry-After',
  requestIdHeader,
];

/**
 * Takes the parts of uploads and serves files, while the bytes pass through: a node never holds a
 * file in memory [P5] [P13].
 */
export function createFileHandlers({
  node,
  authenticator,
  outboxes,
}: Parts): Record<string, RequestListener> {
  const { limits, ALLOWED_ORIGINS } = node.config;
  const scopeOf = createRequestScope(node, authenticator);
  const transfers = createBudget<string>({
    name: 'file-transfers',
    perHolder: limits.fileTransfersPerUser,
    total: limits.fileTransfers,
    metrics: node.metrics,
  });

  /** Counts a transfer while it lasts. */
  async function transfer(holder: string, work: () => Promise<void>): Promise<void> {
    const taken = transfers.take(holder, 1);
    if (taken === 'holder')
      throw rateLimited(
        `You are transferring ${limits.fileTransfersPerUser} files already. Wait until one is done.`,
        1000,
      );
    if (taken === 'total')
      throw unavailable('This server is transferring too many files. Try again in a moment.');
    try {
      await work();
    } finally {
      transfers.giveBack(holder, 1);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const scope = await scopeOf(request, requestIdOf(response));
    if (!scope)
      throw unauthenticated(
        'You are not signed in. Send the access token with the request, for example in the Authorization header.',
      );
    const [, id = '', variant] = pathOf(request)
      .slice(filesPath.length - 1)
      .split('/');
    const file = await openFile(scope, id, variant);
    const { etag, contentType, disposition, sizeBytes } = file;
    const headers = { ...alwaysServed, etag, 'accept-ranges': 'bytes' };
    if (matches(request.headers['if-none-match'], etag))
      return void response.writeHead(304, headers).end();
    const range = isCurrent(request, etag)
      ? parseRange(request.headers.range, sizeBytes)
      : undefined;
    if (range === 'unsatisfiable')
      return void response
        .writeHead(416, {
          ...headers,
          'content-range': `bytes */${sizeBytes}`,
          'content-length': 0,
        })
        .end();
    const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
    const described = {
      ...headers,
      'content-type': contentType === 'text/plain' ? 'text/plain; charset=utf-8' : contentType,
      'content-disposition': disposition,
      'content-length': end - start + 1,
      ...(range && { 'content-range': `bytes ${start}-${end}/${sizeBytes}` }),
    };
    const status = range ? 206 : 200;
    if (request.method === 'HEAD') return void response.writeHead(status, described).end();
    await transfer(holderOf(scope), () =>
      sendBytes(file, range, response, () => response.writeHead(status, described)),
    );
  }

  async function sendBytes(
    file: OpenedFile,
    range: { start: number; end: number } | undefined,
    response: ServerResponse,
    start: () => void,
  ): Promise<void> {
    const url = await file.url();
    if (url !== undefined)
      return void response
        .writeHead(302, {
          location: url,
          'cache-control': 'private, no-store',
          'referrer-policy': 'no-referrer',
        })
        .end();
    const pieces = await file.read(range);
    if (!pieces) throw notFound('The bytes of this file are missing on this server.');
    start();
    await sendPieces(pieces, response, outboxes.of(response.req.socket));
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const link = parsePartLink(request.url ?? '');
    if (!link) throw notFound('There is no such address.');
    const part = await expectedPart(node, link);
    await transfer(part.file.ownerId, async () => {
      const body = pacedBody(request, limits);
      const etag = await receivePart(node, part, body);
      response.writeHead(200, { etag: `"${etag}"`, 'content-length': 0 }).end();
    });
  }

  /** Lets pages of allowed origins use the addresses. */
  function allowOrigin({ headers, method }: IncomingMessage, response: ServerResponse): void {
    const { origin, host } = headers;
    if (origin === undefined || !isAllowedOrigin(origin, host, ALLOWED_ORIGINS)) return;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', exposedHeaders.join(', '));
    if (!ALLOWED_ORIGINS.includes('*'))
      response.setHeader('access-control-allow-credentials', 'true');
    if (method !== 'OPTIONS') return;
    response.setHeader('access-control-allow-methods', 'GET, HEAD, PUT');
    response.setHeader(
      'access-control-allow-headers',
      headers['access-control-request-headers'] ?? '*',
    );
    response.setHeader('access-control-max-age', '600');
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    allowOrigin(request, response);
    const allowed = pathOf(request).startsWith(`${filesPath}uploads/`) ? ['PUT'] : ['GET', 'HEAD'];
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (!allowed.includes(request.method ?? ''))
      return void response.writeHead(405, { allow: allowed.join(', '), connection: 'close' }).end();
    try {
      await (request.method === 'PUT' ? receive(request, response) : serve(request, response));
    } catch (error) {
      if (response.headersSent || response.destroyed || request.socket.destroyed)
        return void response.destroy();
      // The node does not read the rest of the body.
      if (request.method === 'PUT') response.setHeader('connection', 'close');
      const answer = refusalResponse(node, error, requestIdOf(response));
      await sendResponse(answer, response, outboxes.of(request.socket));
    }
  }

  return { [filesPath]: handle };
}

const requestIdOf = (response: ServerResponse) => String(response.getHeader(requestIdHeader));

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0]!;

const matches = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((one) => [etag, `W/${etag}`, '*'].includes(one.trim())) ?? false;

/** Whether a range may be served: the client has the beginning of the same bytes. */
const isCurrent = ({ headers }: IncomingMessage, etag: string): boolean =>
  headers['if-range'] === undefined || headers['if-range'] === etag;
