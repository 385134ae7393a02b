import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { unavailable } from '../../errors.ts';
import type { Log } from '../../log.ts';

const timeoutMs = 3000;

/**
 * The public keys of an outside issuer. A key that is unknown is asked for at once, so that a rotation goes unnoticed, but never more than
 * once in `pauseMs`, whatever tokens come. Keys that are known go on working while the issuer is down; they are read anew every `refreshMs`,
 * which is how long a withdrawn key lasts. Throws UNAVAILABLE while the keys cannot be read, and jose's errors about the token.
 */
export function createIssuerKeys(
  url: URL,
  log: Log,
  { pauseMs = 1000, refreshMs = 5 * 60_000 } = {},
): JWTVerifyGetKey {
  let askedAt = -Infinity;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs + pauseMs,
    cooldownDuration: 0,
    cacheMaxAge: Infinity,
    [customFetch]: async (href, options) => {
      await delay(Math.max(0, askedAt + pauseMs - performance.now()));
      askedAt = performance.now();
      try {
        const response = await fetch(href, options);
        if (!response.ok) throw new Error(`it answered with ${response.status}`);
        return Response.json(await response.json());
      } catch (error) {
        log.warn(
          { url: href, error: error instanceof Error ? error.message : String(error) },
          "the issuer's keys cannot be read",
        );
        throw error;
      }
    },
  });
  const refreshNowAndThen = () => {
    if (performance.now() - askedAt > refreshMs && !keys.reloading) keys.reload().catch(() => {});
  };
  return async (header, token) => {
    refreshNowAndThen();
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
        "The keys of the token's issuer cannot be read now, so it cannot be checked. Try again in a moment.",
      );
    }
  };
}
