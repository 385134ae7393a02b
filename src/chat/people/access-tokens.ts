import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Config } from '../../config.ts';
import { unauthenticated } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { clockSkewSeconds } from './token-times.ts';
import type { UserRow } from './users.ts';

/** The `iss` of tokens that this server signs. */
export const ownIssuer = 'causerie';

/**
 * The lifetime of a token in ms. Guests have no refresh token, so their access token lasts for the
 * whole stay.
 */
const lifetimeMs = ({ limits }: Config, isGuest: boolean): number =>
  isGuest ? limits.guestTokenMs : limits.accessTokenMs;

/** Signs an access token of this server [P9]. Like all JWTs, it expires at a whole second. */
export async function signAccessToken(
  node: { config: Config; signingKey: Uint8Array },
  user: UserRow,
  sessionId: string,
): Promise<{ accessToken: string; expiresAt: Date }> {
  const exp = Math.ceil((Date.now() + lifetimeMs(node.config, user.isGuest)) / 1000);
  const claims = {
    role: user.role,
    username: user.username,
    sid: sessionId,
    ...(user.isGuest && { guest: true }),
  };
  const accessToken = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ownIssuer)
    .setSubject(user.id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(exp)
    .sign(node.signingKey);
  return { accessToken, expiresAt: new Date(exp * 1000) };
}

/**
 * Verifies a token of this server. Throws the errors of jose. It does not check whether the session
 * has ended, or whether the token has just expired.
 */
export async function verifyOwnToken(
  token: string,
  signingKey: Uint8Array,
  requiredClaims: string[],
): Promise<JWTPayload> {
  const claims = verifySynchronously(token, signingKey, requiredClaims);
  if (claims) return claims;
  const options = {
    algorithms: ['HS256'],
    issuer: ownIssuer,
    requiredClaims,
    clockTolerance: clockSkewSeconds,
  };
  return (await jwtVerify(token, signingKey, options)).payload;
}

/**
 * The user and the session of a verified access token. Throws UNAUTHENTICATED if they are not ids.
 */
export function sessionOf({ sub, sid }: JWTPayload): { userId: string; sessionId: string } {
  if (!isId(sub!) || typeof sid !== 'string' || !isId(sid))
    throw unauthenticated('The token has no valid session of this server. Sign in again.');
  return { userId: sub!, sessionId: sid };
}

const ownHeader = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/**
 * The claims of a valid token in the form in which `signAccessToken` creates it; undefined for
 * every other token, about which jose then decides. jose verifies each signature on another thread,
 * which costs several times as much CPU when thousands of clients reconnect at once.
 */
function verifySynchronously(
  token: string,
  signingKey: Uint8Array,
  requiredClaims: readonly string[],
): JWTPayload | undefined {
  const [header, payload, signature, ...others] = token.split('.');
  if (header !== ownHeader || !payload || !signature || others.length > 0) return undefined;
  const hmac = createHmac('sha256', signingKey).update(`${header}.${payload}`).digest('base64url');
  const expected = Buffer.from(hmac);
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload;
  const isValid =
    claims.iss === ownIssuer &&
    typeof claims.exp === 'number' &&
    claims.exp * 1000 > Date.now() &&
    claims.nbf === undefined &&
    requiredClaims.every((name) => claims[name]);
  return isValid ? claims : undefined;
}
