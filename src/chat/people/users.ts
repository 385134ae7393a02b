import type { Prisma } from '../../db/generated/client.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { isAdminName } from './admins.ts';
import { suspensionColumns, type Suspension } from './suspension.ts';
import {
  checkAvatarUrl,
  checkDisplayName,
  checkUsername,
  normaliseUsername,
  refuseReservedDisplayName,
  refuseReservedUsername,
} from './names.ts';

/** The public part of a user. */
export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly role: 'USER' | 'ADMIN';
  readonly isGuest: boolean;
  readonly isBot: boolean;
  readonly createdAt: Date;
}

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly user: UserRow;
  }
}

/**
 * The columns of a UserRow. They never include the password hash, because rows travel with events.
 */
export const userColumns = {
  id: true,
  username: true,
  displayName: true,
  avatarUrl: true,
  role: true,
  isGuest: true,
  isBot: true,
  createdAt: true,
} satisfies Prisma.UserSelect;

/** A user whose tokens are checked. */
export interface AccountRow extends UserRow, Suspension {}

export const accountColumns = { ...userColumns, ...suspensionColumns } satisfies Prisma.UserSelect;

export const users = createRowLoader<UserRow>(
  ({ user }) => user,
  (scope, ids) =>
    scope.node.database.prisma.user.findMany({ where: { id: { in: ids } }, select: userColumns }),
);

/** Like `users`, but null for deleted accounts. For users who are to be added, invited or found. */
export const livingUsers = createRowLoader<UserRow>(
  () => undefined,
  (scope, ids) =>
    scope.node.database.prisma.user.findMany({
      where: { id: { in: ids }, deletedAt: null },
      select: userColumns,
    }),
);

/** Finds a user by id or by username. Null if there is no such user. */
export async function findUser(
  scope: Scope,
  { id, username }: { id?: string | null; username?: string | null },
): Promise<UserRow | null> {
  requireViewer(scope);
  if ((id == null) === (username == null))
    throw invalid('Pass either the `id` or the `username` of the user, not both.');
  if (id != null) return livingUsers.load(scope, id.toLowerCase());
  const name = normaliseUsername(username!);
  if (name === undefined) return null;
  if (scope.node.config.USER_DIRECTORY !== 'everyone') await spend(scope, 'find');
  const user = await scope.node.database.prisma.user.findUnique({
    where: { username: name, deletedAt: null },
    select: userColumns,
  });
  if (user) users.prime(scope, user.id, user);
  return user;
}

export interface ProfileChanges {
  readonly username?: string | null;
  readonly displayName?: string | null;
  readonly avatarUrl?: string | null;
}

/** Records that a user's profile or metadata changed. */
export const recordUserUpdate = (record: RecordEvent, user: UserRow): void =>
  record({ type: 'UserUpdated', data: { userId: user.id } }, { user: { [user.id]: user } });

export const isOtherProfile = (one: UserRow, other: UserRow): boolean =>
  one.username !== other.username ||
  one.displayName !== other.displayName ||
  one.avatarUrl !== other.avatarUrl;

/** Omitted fields keep their value. CONFLICT if another user has the username. */
export async function updateProfile(scope: Scope, changes: ProfileChanges): Promise<UserRow> {
  const viewer = requireViewer(scope);
  const { prisma } = scope.node.database;
  const current = await prisma.user.findUnique({
    where: { id: viewer.id },
    select: { ...userColumns, passwordHash: true },
  });
  if (!current) throw notFound('Your account was deleted. Sign up again.');
  const username = changes.username == null ? current.username : checkUsername(changes.username);
  if (username !== current.username)
    checkRename(scope, current, refuseWords(scope, username, 'username'));
  const displayName =
    changes.displayName == null
      ? undefined
      : filterWords(scope, checkDisplayName(changes.displayName), 'displayName');
  const isNewName = displayName !== undefined && displayName !== current.displayName;
  if (isNewName && current.role !== 'ADMIN') refuseReservedDisplayName(displayName);
  const data = {
    username,
    displayName,
    avatarUrl: changes.avatarUrl == null ? changes.avatarUrl : checkAvatarUrl(changes.avatarUrl),
  };
  await spend(scope, 'update-profile');
  const user = await transact(scope.node, async (transaction, record) => {
    const updated = await transaction.user.update({
      where: { id: viewer.id },
      data,
      select: userColumns,
    });
    if (isOtherProfile(updated, current)) recordUserUpdate(record, updated);
    return updated;
  }).catch((error: unknown) => {
    throw (error as { code?: string }).code === 'P2002' ? usernameTaken(username) : error;
  });
  users.prime(scope, user.id, user);
  return user;
}

export const usernameTaken = (username: string) =>
  conflict(`The username ${username} is taken. Choose another.`);

/** A username that gives the admin role can be neither taken nor released by a rename. */
function checkRename(
  scope: Scope,
  current: UserRow & { passwordHash: string | null },
  username: string,
): void {
  if (current.isGuest)
    throw forbidden('Guests cannot change their username. Sign up to choose one.');
  if (current.passwordHash && isAdminName(scope.node.config, current.username))
    throw forbidden(
      'You cannot change this username while ADMIN_USERNAMES contains it, because it gives the admin role.',
    );
  refuseReservedUsername(username);
  if (isAdminName(scope.node.config, username)) throw usernameTaken(username);
}
