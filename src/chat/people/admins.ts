import type { JWTPayload } from 'jose';
import type { Config } from '../../config.ts';

/**
 * Whether ADMIN_USERNAMES contains the username, which is in its stored form. It only counts for
 * accounts with a password [P14].
 */
export const isAdminName = (config: Config, username: string): boolean =>
  config.ADMIN_USERNAMES.some((name) => name.toLowerCase() === username);

/**
 * The role of a user of the application's issuer: by the settings, else as a backend has assigned
 * it, else according to the verified claims of a token [P14].
 */
export function roleOfClaims(
  { ADMIN_SUBJECTS, JWT_ADMIN_CLAIM }: Config,
  claims: JWTPayload,
  assigned: 'USER' | 'ADMIN' | null,
): 'USER' | 'ADMIN' {
  if (ADMIN_SUBJECTS.includes(claims.sub!)) return 'ADMIN';
  if (assigned) return assigned;
  const isAdmin =
    JWT_ADMIN_CLAIM && matches(claimOf(claims, JWT_ADMIN_CLAIM.name), JWT_ADMIN_CLAIM.value);
  return isAdmin ? 'ADMIN' : 'USER';
}

/** The claim with this name. If there is none, dots separate the names of nested objects. */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Strings are compared as a whole: `NOT_ADMIN` does not contain `ADMIN`. */
function matches(claim: unknown, value: string): boolean {
  if (Array.isArray(claim)) return claim.includes(value);
  return typeof claim === 'boolean' ? String(claim) === value : claim === value;
}
