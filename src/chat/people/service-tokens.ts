import { createHash } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { hasOutsideIssuer, type Config } from '../../config.ts';
import { serviceScopes, type Service, type ServiceScope } from '../../scope.ts';
import { ownIssuer } from './access-tokens.ts';

const isServiceScope = (scope: string): scope is ServiceScope =>
  (serviceScopes as readonly string[]).includes(scope);

/** The scopes for services in the claim `scope`; all others are ignored. */
const scopesOf = ({ scope }: JWTPayload): ServiceScope[] =>
  typeof scope === 'string' ? scope.split(' ').filter(isServiceScope) : [];

/**
 * Whether the claims are those of a service token; the signature is not checked here. A token
 * without a scope for services is not one. Users may request scopes from an issuer. With an issuer
 * of the application, therefore, only the subjects in SERVICE_SUBJECTS are services [P14].
 */
export function isServiceToken(config: Config, claims: JWTPayload): boolean {
  if (scopesOf(claims).length === 0) return false;
  const { iss, sub } = claims;
  const isRestricted = hasOutsideIssuer(config) || config.SERVICE_SUBJECTS.length > 0;
  if (iss === ownIssuer || !isRestricted) return true;
  return typeof sub === 'string' && config.SERVICE_SUBJECTS.includes(sub);
}

/**
 * Signs a service token of this server that is valid for this number of days. Only a change of the
 * key revokes it.
 */
export const signServiceToken = (
  signingKey: Uint8Array,
  { name, scopes, days }: { name: string; scopes: readonly ServiceScope[]; days: number },
): Promise<string> =>
  new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ownIssuer)
    .setSubject(name)
    .setIssuedAt()
    .setExpirationTime(`${days} days`)
    .sign(signingKey);

/** The service of a token. Backends with the same issuer and subject share their rates. */
export const serviceOf = (claims: JWTPayload): Service => ({
  id: `service ${createHash('sha256').update(`${claims.iss} ${claims.sub}`).digest('base64url')}`,
  name: claims.sub!,
  issuer: claims.iss ?? '',
  scopes: new Set(scopesOf(claims)),
});
