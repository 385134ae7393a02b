import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Config } from '../../config.ts';
import { unauthenticated } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { UserRow } from './users.ts';

/** The `iss` of the tokens that are made here. */
export const ownIssuer = 'causerie';

/** How long a token lives, in ms. Guests have no refresh token, so theirs has to last for their whole stay. */
const accessTokenLife = ({ limits }: Config, isGuest: boolean): number =>
  isGuest ? limits.guestTokenMs : limits.accessTokenMs;

/** A token of this application [P9]. It ends at a whole second, as JWTs do. */
export async function signAccessToken(
  node: { config: Config; signingKey: Uint8Array },
  user: UserRow,
  sessionId: string,
): Promise<{ accessToken: string; expiresAt: Date }> {
  const exp = Math.ceil((Date.now() + accessTokenLife(node.config, user.isGuest)) / 1000);
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

/** Throws what jose throws, or a refusal. Whether the session still lives is not asked here. */
export async function verifyAccessToken(
  token: string,
  signingKey: Uint8Array,
): Promise<{ userId: string; sessionId: string; expiresAt: Date }> {
  const payload =
    verifyAtOnce(token, signingKey) ??
    (
      await jwtVerify(token, signingKey, {
        algorithms: ['HS256'],
        issuer: ownIssuer,
        requiredClaims: ['exp', 'sub', 'sid'],
      })
    ).payload;
  const { sub, sid, exp } = payload;
  if (!isId(sub!) || typeof sid !== 'string' || !isId(sid))
    throw unauthenticated('The token names no session of this server. Sign in again.');
  return { userId: sub!, sessionId: sid, expiresAt: new Date(exp! * 1000) };
}

const ownHeader = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/**
 * The claims of a token that is as they are made here; undefined where jose is to say what is wrong with it. jose has each signature checked by
 * another thread, which costs a crowd that comes back several times as much.
 */
function verifyAtOnce(token: string, signingKey: Uint8Array): JWTPayload | undefined {
  const [header, claims, signature, ...others] = token.split('.');
  if (header !== ownHeader || !claims || !signature || others.length > 0) return undefined;
  const expected = Buffer.from(
    createHmac('sha256', signingKey).update(`${header}.${claims}`).digest('base64url'),
  );
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const payload = JSON.parse(Buffer.from(claims, 'base64url').toString()) as JWTPayload;
  return payload.iss === ownIssuer &&
    typeof payload.exp === 'number' &&
    payload.exp * 1000 > Date.now() &&
    payload.nbf === undefined &&
    payload.sub &&
    payload.sid
    ? payload
    : undefined;
}
