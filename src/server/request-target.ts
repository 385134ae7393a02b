import type { IncomingMessage } from 'node:http';

/** The resource that a request asks for. */
export interface RequestTarget {
  readonly path: string;
  /** With its `?`; empty if there is no query. */
  readonly query: string;
}

/**
 * Parses the request target and checks the Host header (RFC 9112 §3.2), for requests and upgrades.
 * Undefined if either is malformed: later code builds a URL from both, which must never throw.
 */
export function parseRequestTarget(request: IncomingMessage): RequestTarget | undefined {
  if (!hasValidHost(request)) return undefined;
  const target = request.url ?? '';
  if (target.startsWith('/')) return split(target);
  if (request.method === 'OPTIONS' && target === '*') return { path: '*', query: '' };
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return { path: pathname, query: search };
}

function split(target: string): RequestTarget {
  const end = target.indexOf('?');
  return end < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, end), query: target.slice(end) };
}

/** Whether there is exactly one host, with or without a port. Only HTTP/1.0 may omit it. */
function hasValidHost({ headers, headersDistinct, httpVersion }: IncomingMessage): boolean {
  const { host } = headers;
  if (host === undefined) return httpVersion === '1.0';
  return (
    headersDistinct.host?.length === 1 &&
    /^[\w.:[\]~!$&'()*+,;=%-]+$/.test(host) &&
    URL.canParse(`http://${host}`)
  );
}
