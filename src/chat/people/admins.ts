import type { JWTPayload } from 'jose';
import type { Config } from '../../config.ts';

/** Whether ADMIN_USERNAMES contains the username, which is given as it is stored. It counts for accounts with a password only [P14]. */
export const isAdminName = (config: Config, username: string): boolean =>
  config.ADMIN_USERNAMES.some((name) => name.toLowerCase() === username);

/** The role of a user of the application's issuer, by what the issuer says in a token [P14]. */
export function roleOfClaims(
  { ADMIN_SUBJECTS, JWT_ADMIN_CLAIM }: Config,
  claims: JWTPayload,
): 'USER' | 'ADMIN' {
  const isAdmin =
    ADMIN_SUBJECTS.includes(claims.sub!) ||
    (JWT_ADMIN_CLAIM && holds(claimOf(claims, JWT_ADMIN_CLAIM.name), JWT_ADMIN_CLAIM.value));
  return isAdmin ? 'ADMIN' : 'USER';
}

/** The claim of this name. If there is none, dots lead into objects. */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      claims,
    );
}

/** Texts are compared whole: `ADMIN` is not part of `NOT_ADMIN`. */
const holds = (claim: unknown, value: string): boolean =>
  Array.isArray(claim)
    ? claim.includes(value)
    : claim === value || (typeof claim === 'boolean' && String(claim) === value);
