import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Database } from '../../db/database.ts';
import { unauthenticated, unavailable } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isOneLine, normalForm } from '../policy/text.ts';
import { hasForbiddenWord } from '../policy/word-filter.ts';
import { isAdminName, roleOfClaims } from './admins.ts';
import { isDisplayName } from './names.ts';
import { addUser } from './new-users.ts';
import { isReservedDisplayName, isReservedUsername } from './reserved-names.ts';
import { userColumns, type UserRow } from './users.ts';

/**
 * A user of the application's issuer, with the time of the newest token whose claims were applied.
 */
export interface OutsideUserRow extends UserRow {
  readonly claimsAt: Date | null;
  /** See `roleOfClaims`. */
  readonly assignedRole: 'USER' | 'ADMIN' | null;
}

export const outsideUserColumns = { ...userColumns, claimsAt: true, assignedRole: true };

/**
 * Identifies a user of the application's issuer by `iss` (empty if tokens have none) and `sub`
 * [P14].
 */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** Throws UNAUTHENTICATED for a `sub` or `iss` that cannot be stored. */
export function identityOf({ iss = '', sub }: JWTPayload): Identity {
  if (!isIdentifier(sub) || sub === '')
    throw unauthenticated(
      "The token's `sub` must be a string of 1 to 255 characters without control characters. Get another token.",
    );
  if (!isIdentifier(iss))
    throw unauthenticated(
      "The token's `iss` must be a string of at most 255 characters without control characters. Get another token.",
    );
  return { issuer: iss, subject: sub };
}

const isIdentifier = (claim: unknown): claim is string =>
  typeof claim === 'string' && claim.length <= 255 && isOneLine(claim);

/**
 * A row without an issuer is from before the column existed. It belongs to the issuer whose token
 * arrives first.
 */
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

/**
 * Creates the user of a new identity [P9]: one user, even if several nodes receive the identity at
 * once.
 */
export async function ensureOutsideUser(
  scope: Scope,
  identity: Identity,
  claims: JWTPayload,
  claimsAt: Date,
): Promise<OutsideUserRow> {
  const { config, database } = scope.node;
  const displayName = displayNameOf(scope, claims);
  const role = roleOfClaims(config, claims, null);
  for (const username of usernamesFor(scope, claims)) {
    const added = await addUser(scope, {
      username,
      displayName: displayName ?? username,
      ...identity,
      role,
      claimsAt,
    });
    if (added) return { ...added, claimsAt, assignedRole: null };
    // Either the username is taken, or another request has just created this user.
    const existing = await findOutsideUser(database, identity);
    if (existing) return existing;
  }
  throw unavailable('We could not find a free username for you. Try again.');
}

/**
 * Candidates for the username: the issuer's name for the user, made valid, then the same with a
 * random suffix. Never a name of ADMIN_USERNAMES or a reserved one: users choose their
 * `preferred_username` and `name` themselves [P14].
 */
export function* usernamesFor(
  scope: Scope,
  { preferred_username, username, name, sub }: JWTPayload,
): Generator<string> {
  const base = [preferred_username, username, name, sub]
    .map(validPart)
    .find((part) => part.length >= 2 && canStartUsername(part) && !hasForbiddenWord(scope, part));
  const isReserved = base && (isReservedUsername(base) || isAdminName(scope.node.config, base));
  if (base && !isReserved) yield base;
  for (let tries = 0; tries < 5; tries++)
    yield `${(base ?? 'user').slice(0, 23)}-${randomBytes(4).toString('hex')}`;
}

/**
 * Whether a username with this part and a suffix cannot be taken for that of a guest or a deleted
 * account.
 */
const canStartUsername = (part: string): boolean => !isReservedUsername(`${part}-`);

/** The part of a claim that is valid in a username. Of an e-mail address, the part before the @. */
function validPart(claim: unknown): string {
  if (typeof claim !== 'string') return '';
  const ascii = claim
    .slice(0, 128)
    .replace(/(?<=.)@.*$/s, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  const part = ascii
    .replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32);
  return part.replace(/[-.]+$/, '');
}

function displayNameOf(scope: Scope, { name }: JWTPayload): string | undefined {
  if (typeof name !== 'string') return undefined;
  const cut = [...normalForm(name)].slice(0, 64).join('').trim();
  const isAllowed =
    isDisplayName(cut) && !isReservedDisplayName(cut) && !hasForbiddenWord(scope, cut);
  return isAllowed ? cut : undefined;
}
