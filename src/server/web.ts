import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendShared } from './shared-body.ts';
import { readWebFiles, type WebFile } from './web-files.ts';

/** No script but our own files, and no text that becomes markup: what would make HTML of a string is refused by the browser. Pictures of people come from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const always = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
};

/** The web client: an exact path for each of its files, and nothing else. */
export async function createWebHandlers(): Promise<Record<string, RequestListener>> {
  const files = await readWebFiles();
  if (!files.has('/')) return { '/': sayUnbuilt };
  return Object.fromEntries(
    Array.from(files, ([path, file]) => [
      path,
      (request, response) => send(file, request, response),
    ]),
  );
}

function send(
  { type, plain, brotli, gzip, etag, isLasting }: WebFile,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): void {
  if (method !== 'GET' && method !== 'HEAD')
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  const caching = {
    'cache-control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
  };
  if (headers['if-none-match'] === etag)
    return void response.writeHead(304, { ...always, ...caching }).end();
  const takes = String(headers['accept-encoding'] ?? '');
  const [encoding, body] =
    brotli && /\bbr\b/.test(takes)
      ? ['br', brotli]
      : gzip && /\bgzip\b/.test(takes)
        ? ['gzip', gzip]
        : [undefined, plain];
  response.writeHead(200, {
    ...always,
    ...caching,
    'content-type': type,
    'content-length': body.length,
    ...(encoding && { 'content-encoding': encoding }),
  });
  if (method === 'HEAD') response.end();
  else sendShared(response, body);
}

const sayUnbuilt: RequestListener = (_request, response) => {
  response
    .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    .end('The web client is not built: npm run build. The API is at /graphql.\n');
};
