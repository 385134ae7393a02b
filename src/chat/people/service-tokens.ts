import { createHash } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { hasOutsideIssuer, type Config } from '../../config.ts';
import type { Service } from '../../scope.ts';
import { ownIssuer } from './access-tokens.ts';

/** The scope (RFC 8693, section 4.2) of a token that belongs to a backend and not to a user. */
const notifyScope = 'notify';

/**
 * Whether the claims are those of a service token; the signature is not checked here. Users may
 * request scopes from an issuer. With an issuer of the application, therefore, only the subjects in
 * SERVICE_SUBJECTS are services [P14].
 */
export const isServiceToken = (config: Config, { iss, sub, scope }: JWTPayload): boolean =>
  typeof scope === 'string' &&
  scope.split(' ').includes(notifyScope) &&
  (iss === ownIssuer ||
    !hasOutsideIssuer(config) ||
    (typeof sub === 'string' && config.SERVICE_SUBJECTS.includes(sub)));

/**
 * Signs a service token of this server that is valid for this number of days. Only a change of the
 * key revokes it.
 */
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

/** The service of a token. Backends with the same issuer and subject share their rates. */
export const serviceOf = ({ iss, sub }: JWTPayload): Service => ({
  id: `service ${createHash('sha256').update(`${iss} ${sub}`).digest('base64url')}`,
});
