import type { Log } from '../log.ts';

/** The entry of ALLOWED_ORIGINS for all pages that this machine serves, on any port. */
export const loopback = 'loopback';

/** The origins that the log names at most, because a client can send any. */
const namedMax = 100;

/**
 * Whether a page of this origin may use the server. Programs other than browsers send no origin,
 * and may use it.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes('*')) return true;
  const given = originOf(origin);
  if (given === undefined) return false;
  // A proxy in front may use TLS, so both http and https count as this server's origin.
  if (host !== undefined && ['http', 'https'].some((own) => originOf(`${own}://${host}`) === given))
    return true;
  return allowedOrigins.some((allowed) =>
    allowed === loopback ? isLoopback(given) : originOf(allowed) === given,
  );
}

/**
 * The origin of a URL, for comparison. An app may have its own scheme (`capacitor://localhost`),
 * for which URL gives the origin `null`. Its scheme and host count then; otherwise one such scheme
 * would allow all of them.
 */
function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol, host } = new URL(address);
  return origin === 'null' ? (host && `${protocol}//${host}`) || undefined : origin;
}

const isLoopback = (origin: string): boolean =>
  /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(origin);

/**
 * Returns a function that explains the refusal of a page in one sentence. It logs each origin once,
 * with the setting that would allow it.
 */
export function createOriginRefusals(log: Log): (origin: string) => string {
  const named = new Set<string>();
  return (origin) => {
    if (named.size < namedMax && !named.has(origin)) {
      named.add(origin);
      log.warn(
        { origin: origin.slice(0, 256) },
        'refused a page: ALLOWED_ORIGINS does not include its origin',
      );
    }
    return 'ALLOWED_ORIGINS does not include the origin of this page. Add it to this setting of the server.\n';
  };
}
