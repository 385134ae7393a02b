import { isAllowedOrigin } from './origins.ts';

/**
 * The parts of a request that may carry a token [P8]. Header names are in lower case, as Node
 * provides them.
 */
export interface Carriers {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Path and query. */
  readonly url: string;
  readonly allowedOrigins: readonly string[];
}

/**
 * A header that a form or an image cannot set, so it proves that a page was allowed to send the
 * request. Over HTTP, cookies are ignored without it. The name is that of graphql-yoga's CSRF
 * prevention.
 */
export const csrfHeader = 'x-graphql-yoga-csrf';

/** The token of a socket, in the order of preference of [P8]; undefined if it has none. */
export function tokenOfSocket(carriers: Carriers, connectionParams: unknown): string | undefined {
  return (
    tokenOfParams(connectionParams) ??
    tokenOfHeader(carriers) ??
    tokenOfCookie(carriers) ??
    tokenOfQuery(carriers) ??
    tokenOfProtocol(carriers)
  );
}

/** The token of an HTTP request; undefined if it has none. */
export function tokenOfRequest(carriers: Carriers): string | undefined {
  const isFromPage = carriers.headers[csrfHeader] !== undefined;
  return (
    tokenOfHeader(carriers) ??
    (isFromPage ? tokenOfCookie(carriers) : undefined) ??
    tokenOfQuery(carriers)
  );
}

/**
 * The token of a single operation on a socket without a token. GraphiQL sends its Headers tab this
 * way.
 */
export function tokenOfOperation(extensions: unknown): string | undefined {
  return tokenOfAuthorization(fieldOf(fieldOf(extensions, 'headers'), 'authorization'));
}

const tokenOfParams = (params: unknown) =>
  tokenOfAuthorization(fieldOf(params, 'authorization')) ??
  tokenOfAuthorization(fieldOf(params, 'token'));

const tokenOfHeader = ({ headers }: Carriers) => tokenOfAuthorization(headers.authorization);

/**
 * Browsers send cookies with requests of any page. So a cookie counts only for allowed origins, and
 * never if all origins are allowed.
 */
function tokenOfCookie({ headers, allowedOrigins }: Carriers): string | undefined {
  if (
    allowedOrigins.includes('*') ||
    !isAllowedOrigin(textOf(headers.origin), textOf(headers.host), allowedOrigins)
  )
    return undefined;
  return itemAfter('access_token=', textOf(headers.cookie)?.split(';'));
}

function tokenOfQuery({ url }: Carriers): string | undefined {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  return query.get('access_token') || query.get('token') || undefined;
}

function tokenOfProtocol({ headers }: Carriers): string | undefined {
  return itemAfter('token.', textOf(headers['sec-websocket-protocol'])?.split(','));
}

/** The rest of the first item that has this prefix; undefined if it is empty. */
function itemAfter(prefix: string, items: readonly string[] = []): string | undefined {
  const item = items.map((text) => text.trim()).find((text) => text.startsWith(prefix));
  return item?.slice(prefix.length) || undefined;
}

/** The token after `Bearer`, or a token alone. Undefined for other schemes and empty values. */
function tokenOfAuthorization(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [first, second, ...rest] = value.trim().split(/\s+/);
  if (rest.length > 0 || !first) return undefined;
  if (second === undefined) return first.toLowerCase() === 'bearer' ? undefined : first;
  return first.toLowerCase() === 'bearer' ? second : undefined;
}

const textOf = (value: string | string[] | undefined) =>
  Array.isArray(value) ? value.join(', ') : value;

/** A field of any value that a client sent. The case of the name does not matter. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}
