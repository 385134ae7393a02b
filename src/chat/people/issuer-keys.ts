import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { unavailable } from '../../errors.ts';
import type { Log } from '../../log.ts';

const timeoutMs = 3000;

/**
 * The public keys of the application's issuer. An unknown key is requested at once, so that a key
 * rotation causes no errors, but at most once per `pauseMs`. Known keys keep working while the
 * issuer is down. They are read again every `refreshMs`; until then a revoked key still works.
 * Throws UNAVAILABLE while the keys cannot be read, and the errors of jose about the token.
 */
export function createIssuerKeys(
  url: URL,
  log: Log,
  { pauseMs = 1000, refreshMs = 5 * 60_000 } = {},
): JWTVerifyGetKey {
  let requestedAt = -Infinity;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs + pauseMs,
    cooldownDuration: 0,
    cacheMaxAge: Infinity,
    [customFetch]: async (href, options) => {
      await delay(Math.max(0, requestedAt + pauseMs - performance.now()));
      requestedAt = performance.now();
      try {
        const response = await fetch(href, options);
        if (!response.ok) throw new Error(`the issuer answered with status ${response.status}`);
        return Response.json(await response.json());
      } catch (error) {
        log.warn(
          { url: href, error: error instanceof Error ? error.message : String(error) },
          "could not read the issuer's keys",
        );
        throw error;
      }
    },
  });
  const refreshIfOld = () => {
    if (performance.now() - requestedAt > refreshMs && !keys.reloading)
      keys.reload().catch(() => {});
  };
  return async (header, token) => {
    refreshIfOld();
    try {
      return await keys(header, token);
    } catch (error) {
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      )
        throw error;
      throw unavailable(
        'We cannot check your token now, because the keys of its issuer cannot be read. Try again in a moment.',
      );
    }
  };
}
