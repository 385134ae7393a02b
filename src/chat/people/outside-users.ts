import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { unauthenticated, unavailable } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { hasForbiddenWord } from '../policy/word-filter.ts';
import { isAdminName } from './admins.ts';
import { isDisplayName, isSound, normaliseUsername } from './names.ts';
import { addUser } from './new-users.ts';
import { userColumns, type UserRow } from './users.ts';

/** Throws UNAUTHENTICATED for a `sub` that cannot be stored. */
export function checkSubject({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || sub.length < 1 || sub.length > 255 || !isSound(sub))
    throw unauthenticated(
      "The token's `sub` must be a text of 1 to 255 characters, without control characters.",
    );
  return sub;
}

/** A `sub` that is new here becomes a user [P9], one user however many nodes meet it at once. */
export async function meetOutsideUser(
  scope: Scope,
  subject: string,
  claims: JWTPayload,
): Promise<UserRow> {
  const displayName = displayNameOf(scope, claims);
  for (const username of usernamesFor(scope, subject, claims)) {
    const added = await addUser(scope, { username, displayName: displayName ?? username, subject });
    const user =
      added ??
      (await scope.node.database.prisma.user.findUnique({
        where: { subject },
        select: userColumns,
      }));
    if (user) return user;
  }
  throw unavailable('No free username was found for this user. Try again.');
}

/**
 * The name the issuer knows them by, made valid, then with something random after it. A name that holds the admin role is only given to whom
 * the issuer itself calls so: what people write into their `name` gives no role.
 */
function* usernamesFor(
  scope: Scope,
  subject: string,
  { preferred_username, username, name }: JWTPayload,
): Generator<string> {
  const base = [preferred_username, username, name, subject]
    .map(validPart)
    .find((part) => part.length >= 2 && !hasForbiddenWord(scope, part));
  const isCalledSo = [preferred_username, username, subject].some(
    (claim) => typeof claim === 'string' && normaliseUsername(claim) === base,
  );
  if (base && (isCalledSo || !isAdminName(scope.node.config, base))) yield base;
  for (let tries = 0; tries < 5; tries++)
    yield `${(base ?? 'user').slice(0, 23)}-${randomBytes(4).toString('hex')}`;
}

/** What of a claim can stand in a username; of an e-mail address the part before the @. */
function validPart(claim: unknown): string {
  if (typeof claim !== 'string') return '';
  const ascii = claim
    .slice(0, 128)
    .replace(/(?<=.)@.*$/s, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  return ascii
    .replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
}

function displayNameOf(scope: Scope, { name }: JWTPayload): string | undefined {
  if (typeof name !== 'string') return undefined;
  const cut = [...name.normalize('NFC').trim()].slice(0, 64).join('').trim();
  return isDisplayName(cut) && !hasForbiddenWord(scope, cut) ? cut : undefined;
}
