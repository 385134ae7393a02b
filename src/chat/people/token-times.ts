import { errors, type JWTPayload } from 'jose';

/**
 * How much an issuer's clock may be ahead: `nbf` may be this far in the future (RFC 7519, 4.1.5).
 * `exp` has no such leeway, because a connection ends at this time [P10]; a client whose token has
 * just expired gets another one.
 */
export const clockSkewSeconds = 60;

/** Throws JWTExpired. jose accepts an `exp` within the leeway for `nbf`. */
export function refuseExpired(claims: JWTPayload): void {
  if (claims.exp! * 1000 <= Date.now())
    throw new errors.JWTExpired('the token has expired', claims, 'exp', 'check_failed');
}
