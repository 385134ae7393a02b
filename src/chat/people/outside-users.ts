import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Database } from '../../db/database.ts';
import { unauthenticated, unavailable } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isOneLine, normalForm } from '../policy/text.ts';
import { hasForbiddenWord } from '../policy/word-filter.ts';
import { isAdminName, roleOfClaims } from './admins.ts';
import { isAvatarUrl, isDisplayName } from './names.ts';
import { addUser } from './new-users.ts';
import { isReservedDisplayName, isReservedUsername } from './reserved-names.ts';
import { accountColumns, type AccountRow } from './users.ts';

/**
 * A user of the application's issuer, with the time of the newest token whose claims were applied.
 */
export interface OutsideUserRow extends AccountRow {
  readonly claimsAt: Date | null;
  /** See `roleOfClaims`. */
  readonly assignedRole: 'USER' | 'ADMIN' | null;
  /** A ClaimedProfile. */
  readonly claimedProfile: unknown;
}

export const outsideUserColumns = {
  ...accountColumns,
  claimsAt: true,
  assignedRole: true,
  claimedProfile: true,
};

/** The profile in a token. A field is missing if the token lacks it or its value is not allowed. */
export interface ClaimedProfile {
  readonly username?: string;
  readonly displayName?: string;
  readonly avatarUrl?: string;
}

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
  const claimed = claimedProfileOf(scope, claims);
  const role = roleOfClaims(config, claims, null);
  for (const username of usernamesFor(scope, claims)) {
    const added = await addUser(scope, {
      username,
      displayName: claimed.displayName ?? username,
      avatarUrl: claimed.avatarUrl,
      ...identity,
      role,
      claimsAt,
      claimedProfile: { ...claimed },
    });
    if (added)
      return {
        ...added,
        suspendedUntil: null,
        suspensionReason: null,
        claimsAt,
        assignedRole: null,
        claimedProfile: claimed,
      };
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
  const base = usernamePartOf(scope, [preferred_username, username, name, sub]);
  if (base !== undefined && isOpenUsername(scope, base)) yield base;
  for (let tries = 0; tries < 5; tries++)
    yield `${(base ?? 'user').slice(0, 23)}-${randomBytes(4).toString('hex')}`;
}

/** The first of the claims that makes a valid part of a username, as that part. */
const usernamePartOf = (scope: Scope, claims: readonly unknown[]): string | undefined =>
  claims
    .map(validPart)
    .find((part) => part.length >= 2 && canStartUsername(part) && !hasForbiddenWord(scope, part));

/** Whether a user of the issuer may have the username. */
const isOpenUsername = ({ node: { config } }: Scope, username: string): boolean =>
  !isReservedUsername(username) && !isAdminName(config, username);

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

/** The profile in a token. Users can edit it, so it never decides who a user is [P14]. */
export function claimedProfileOf(scope: Scope, claims: JWTPayload): ClaimedProfile {
  const username = usernamePartOf(scope, [claims.preferred_username, claims.username]);
  const displayName = displayNameOf(scope, claims);
  const { picture } = claims;
  return {
    ...(username !== undefined && isOpenUsername(scope, username) && { username }),
    ...(displayName !== undefined && { displayName }),
    ...(typeof picture === 'string' && isAvatarUrl(picture) && { avatarUrl: picture }),
  };
}

function displayNameOf(scope: Scope, { name }: JWTPayload): string | undefined {
  if (typeof name !== 'string') return undefined;
  const cut = [...normalForm(name)].slice(0, 64).join('').trim();
  const isAllowed =
    isDisplayName(cut) && !isReservedDisplayName(cut) && !hasForbiddenWord(scope, cut);
  return isAllowed ? cut : undefined;
}
