import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { hasOutsideIssuer, type Config } from '../../config.ts';
import type { Service } from '../../scope.ts';
import { ownIssuer } from './access-tokens.ts';

/** The scope (RFC 8693, section 4.2) by which a token stands for a backend and for no user. */
const notifyScope = 'notify';

/**
 * Whether it claims to be one; the signature is not checked here. Users may ask an issuer for scopes, so where the application has an issuer of
 * its own, only the subjects that the settings name may be services [P14].
 */
export const isServiceToken = (config: Config, { iss, sub, scope }: JWTPayload): boolean =>
  typeof scope === 'string' &&
  scope.split(' ').includes(notifyScope) &&
  (iss === ownIssuer ||
    !hasOutsideIssuer(config) ||
    (typeof sub === 'string' && config.SERVICE_SUBJECTS.includes(sub)));

/** A service token of this application, for as many days. It can only be withdrawn by changing the key. */
export const signServiceToken = (
  signingKey: Uint8Array,
  subject: string,
  days: number,
): Promise<string> =>
  new SignJWT({ scope: notifyScope })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ownIssuer)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${days} days`)
    .sign(signingKey);

/** Throws what jose throws. */
export const verifyServiceToken = async (
  token: string,
  signingKey: Uint8Array,
): Promise<JWTPayload> =>
  (
    await jwtVerify(token, signingKey, {
      algorithms: ['HS256'],
      issuer: ownIssuer,
      requiredClaims: ['exp', 'sub'],
    })
  ).payload;

/** What backends of one issuer and subject do counts together. */
export const serviceOf = ({ iss, sub }: JWTPayload): Service => ({
  id: `service ${createHash('sha256').update(`${iss} ${sub}`).digest('base64url')}`,
});
