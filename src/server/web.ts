import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { sendShared } from './shared-body.ts';
import { loadWebFiles, type Encoding, type WebFile } from './web-files.ts';

/**
 * Allows only our own scripts. Trusted types make the browser refuse to turn text into markup; the
 * only policy names the service worker. Avatars may come from any https host, files from those of
 * the settings.
 */
const policyOf = ({ FILES_URL, S3_ENDPOINT }: Config): string => {
  const ofFiles = [FILES_URL, S3_ENDPOINT].flatMap((url) => (url ? [new URL(url).origin] : []));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https: blob: data:",
    ["connect-src 'self'", ...ofFiles].join(' '),
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types service-worker',
  ].join('; ');
};

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
};

/** Serves the files of the web client, each at its exact path, and the page at invite links. */
export async function createWebHandlers(config: Config): Promise<Record<string, RequestListener>> {
  const policy = policyOf(config);
  const files = await loadWebFiles();
  if (!files.has('/')) return { '/': answerNotBuilt };
  const handlers: Record<string, RequestListener> = {};
  for (const [path, file] of files)
    handlers[path] = (request, response) => {
      response.setHeader('content-security-policy', policy);
      void send(file, request, response);
    };
  // The page itself reads the code of an invite link.
  handlers['/join/*'] = handlers['/']!;
  return handlers;
}

async function send(
  file: WebFile,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { type, etag, isImmutable } = file;
  if (method !== 'GET' && method !== 'HEAD')
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  const caching = {
    'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
  };
  if (headers['if-none-match'] === etag)
    return void response.writeHead(304, { ...always, ...caching }).end();
  const [encoding, body] = await encode(file, String(headers['accept-encoding'] ?? ''));
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

/** The best first. */
const encodings = [
  ['br', /\bbr\b/],
  ['gzip', /\bgzip\b/],
] as const;

/** The file in the best encoding that the client accepts, or as it is. */
async function encode(
  file: WebFile,
  accepted: string,
): Promise<[encoding: Encoding | undefined, body: Buffer]> {
  const [encoding] = encodings.find(([, pattern]) => pattern.test(accepted)) ?? [];
  const body = encoding && (await file.compressed(encoding).catch(() => undefined));
  return body ? [encoding, body] : [undefined, file.plain];
}

const answerNotBuilt: RequestListener = (_request, response) => {
  response
    .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    .end('The web client is not built. Run `npm run build`. The API is at /graphql.\n');
};
