import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { requestIdHeader } from './http.ts';
import { isAllowedOrigin } from './origins.ts';

const exposedHeaders = [
  'ETag',
  'Content-Disposition',
  'Content-Range',
  'Retry-After',
  requestIdHeader,
];

/** Lets pages of allowed origins send parts and fetch files. */
export function allowOrigin(
  { ALLOWED_ORIGINS }: Config,
  { headers, method }: IncomingMessage,
  response: ServerResponse,
): void {
  const { origin, host } = headers;
  if (origin === undefined || !isAllowedOrigin(origin, host, ALLOWED_ORIGINS)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', exposedHeaders.join(', '));
  if (!ALLOWED_ORIGINS.includes('*'))
    response.setHeader('access-control-allow-credentials', 'true');
  if (method !== 'OPTIONS') return;
  const asked = headers['access-control-request-headers'] ?? '*';
  response.setHeader('access-control-allow-methods', 'GET, HEAD, PUT');
  response.setHeader('access-control-allow-headers', asked);
  response.setHeader('access-control-max-age', '600');
}
