import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Database } from '../../db/database.ts';
import { unauthenticated, unavailable } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { hasForbiddenWord } from '../policy/word-filter.ts';
import { isAdminName, roleOfClaims } from './admins.ts';
import { isDisplayName, isSound } from './names.ts';
import { addUser } from './new-users.ts';
import { userColumns, type UserRow } from './users.ts';

/** A user of the application's issuer, with what a token is compared with. */
export interface OutsideUserRow extends UserRow {
  readonly claimsAt: Date | null;
}

export const outsideUserColumns = { ...userColumns, claimsAt: true };

/** What identifies a user of the application's issuer: its `iss` (empty if its tokens have none) and its `sub` [P14]. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** Throws UNAUTHENTICATED for a `sub` or `iss` that cannot be stored. */
export function identityOf({ iss = '', sub }: JWTPayload): Identity {
  if (!isStorable(sub) || sub === '')
    throw unauthenticated(
      "The token's `sub` must be a text of 1 to 255 characters, without control characters.",
    );
  if (!isStorable(iss))
    throw unauthenticated(
      "The token's `iss` must be a text of at most 255 characters, without control characters.",
    );
  return { issuer: iss, subject: sub };
}

const isStorable = (claim: unknown): claim is string =>
  typeof claim === 'string' && claim.length <= 255 && isSound(claim);

/** A row that is older than the column `issuer` belongs to the issuer whose token arrives first. */
export const findOutsideUser = async (
  { prisma }: Database,
  { issuer, subject }: Identity,
): Promise<OutsideUserRow | undefined> => {
  const find = () =>
    prisma.user.findUnique({
      where: { subject_issuer: { subject, issuer }, deletedAt: null },
      select: outsideUserColumns,
    });
  const found = await find();
  if (found) return found;
  const adopted = await prisma.user.updateMany({
    where: { subject, issuer: null, deletedAt: null },
    data: { issuer },
  });
  return (adopted.count > 0 && (await find())) || undefined;
};

/** An identity that is new here becomes a user [P9], one user however many nodes meet it at once. */
export async function meetOutsideUser(
  scope: Scope,
  identity: Identity,
  claims: JWTPayload,
  claimsAt: Date,
): Promise<OutsideUserRow> {
  const { config, database } = scope.node;
  const displayName = displayNameOf(scope, claims);
  const role = roleOfClaims(config, claims);
  for (const username of usernamesFor(scope, claims)) {
    const user = { username, displayName: displayName ?? username, ...identity, role, claimsAt };
    const added = await addUser(scope, user);
    const met = added ? { ...added, claimsAt } : await findOutsideUser(database, identity);
    if (met) return met;
  }
  throw unavailable('No free username was found for this user. Try again.');
}

/**
 * The name the issuer knows them by, made valid, then with something random after it. Never a name of ADMIN_USERNAMES: users choose their
 * `preferred_username` and `name` themselves [P14].
 */
function* usernamesFor(
  scope: Scope,
  { preferred_username, username, name, sub }: JWTPayload,
): Generator<string> {
  const base = [preferred_username, username, name, sub]
    .map(validPart)
    .find((part) => part.length >= 2 && !hasForbiddenWord(scope, part));
  if (base && !isAdminName(scope.node.config, base)) yield base;
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
