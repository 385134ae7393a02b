/** Where a request or a socket may carry a token [P8]. Header names are in lower case, as Node gives them. */
export interface Carriers {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Path and query. */
  readonly url: string;
  /** ALLOWED_ORIGINS. */
  readonly allowedOrigins: readonly string[];
}

/**
 * The header that shows that a page was allowed to send the request, which a form or an image cannot set: the one that graphql-yoga's
 * CSRF prevention asks for. Over HTTP no cookie counts without it.
 */
export const csrfHeader = 'x-graphql-yoga-csrf';

/** The token of a socket, by P8's order of preference; undefined when it came without. */
export function tokenOfSocket(carriers: Carriers, connectionParams: unknown): string | undefined {
  return (
    tokenOfParams(connectionParams) ??
    tokenOfHeader(carriers) ??
    tokenOfCookie(carriers) ??
    tokenOfQuery(carriers) ??
    tokenOfProtocol(carriers)
  );
}

/** The token of an HTTP request; undefined when it came without. */
export function tokenOfRequest(carriers: Carriers): string | undefined {
  const isFromPage = carriers.headers[csrfHeader] !== undefined;
  return (
    tokenOfHeader(carriers) ??
    (isFromPage ? tokenOfCookie(carriers) : undefined) ??
    tokenOfQuery(carriers)
  );
}

/** The token that an operation brings on a socket without one: what GraphiQL sends from its Headers tab. */
export function tokenOfOperation(extensions: unknown): string | undefined {
  return tokenOfAuthorization(fieldOf(fieldOf(extensions, 'headers'), 'authorization'));
}

/** Whether a page of this origin may use the server. Who is no browser sends no origin, and may. */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes('*')) return true;
  const given = originOf(origin);
  if (given === undefined) return false;
  // The proxy in front may speak TLS where this server does not, so either scheme of the web will do.
  if (host !== undefined && ['http', 'https'].some((own) => originOf(`${own}://${host}`) === given))
    return true;
  return allowedOrigins.some((allowed) => originOf(allowed) === given);
}

/**
 * What two addresses of one origin have in common. An app may have a scheme of its own (`capacitor://localhost`), for which URLs know no origin but
 * `null`: all of it counts then, or one such scheme would stand for every other.
 */
function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol, host } = new URL(address);
  return origin === 'null' ? (host && `${protocol}//${host}`) || undefined : origin;
}

const tokenOfParams = (params: unknown) =>
  tokenOfAuthorization(fieldOf(params, 'authorization')) ??
  tokenOfAuthorization(fieldOf(params, 'token'));

const tokenOfHeader = ({ headers }: Carriers) => tokenOfAuthorization(headers.authorization);

/** A browser sends cookies whoever's page asks, so they count only where the page is known, and nowhere when all pages are let in. */
function tokenOfCookie({ headers, allowedOrigins }: Carriers): string | undefined {
  if (
    allowedOrigins.includes('*') ||
    !isAllowedOrigin(textOf(headers.origin), textOf(headers.host), allowedOrigins)
  )
    return undefined;
  const cookies = textOf(headers.cookie)
    ?.split(';')
    .map((cookie) => cookie.trim());
  return (
    cookies?.find((cookie) => cookie.startsWith('access_token='))?.slice('access_token='.length) ||
    undefined
  );
}

function tokenOfQuery({ url }: Carriers): string | undefined {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  return query.get('access_token') || query.get('token') || undefined;
}

function tokenOfProtocol({ headers }: Carriers): string | undefined {
  const protocols = textOf(headers['sec-websocket-protocol'])
    ?.split(',')
    .map((protocol) => protocol.trim());
  return (
    protocols?.find((protocol) => protocol.startsWith('token.'))?.slice('token.'.length) ||
    undefined
  );
}

/** What follows `Bearer`, or a token by itself. Of another scheme, or empty, it is none. */
function tokenOfAuthorization(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [first, second, ...rest] = value.trim().split(/\s+/);
  if (rest.length > 0 || !first) return undefined;
  if (second === undefined) return first.toLowerCase() === 'bearer' ? undefined : first;
  return first.toLowerCase() === 'bearer' ? second : undefined;
}

const textOf = (value: string | string[] | undefined) =>
  Array.isArray(value) ? value.join(', ') : value;

/** A field of what a client sent, whatever it is, by its name in any case. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}
