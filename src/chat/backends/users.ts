import type { Role } from '../../db/generated/enums.ts';
import { conflict, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import type { Scope, ServiceScope } from '../../scope.ts';
import { deletesMessages } from '../departures/departures.ts';
import { exportLink } from '../departures/export-links.ts';
import { removeAccount } from '../departures/remove-account.ts';
import { isAdminName } from '../people/admins.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { livingUsers, userColumns, users, type UserRow } from '../people/users.ts';
import { requireService, startServiceCall } from '../policy/service-calls.ts';

/** The user with an id that a service passed. NOT_FOUND if there is none. */
async function startCallOnUser(
  scope: Scope,
  needed: ServiceScope,
  action: string,
  userId: string,
): Promise<UserRow> {
  requireService(scope, needed);
  const [id = ''] = await resolveUserIds(scope, [userId]);
  const user = isId(id) ? await livingUsers.load(scope, id.toLowerCase()) : null;
  await startServiceCall(scope, needed, { action, userId: user?.id, targets: [userId] });
  if (!user) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  return user;
}

/**
 * Sets the role of a user. It counts more than the claims of tokens, and less than the settings:
 * CONFLICT for a user whom they make an admin, and for guests. For services.
 */
export async function setUserRole(
  scope: Scope,
  { userId, role }: { userId: string; role: Role },
): Promise<UserRow> {
  const { node } = scope;
  const { id, isGuest } = await startCallOnUser(scope, 'users', 'setUserRole', userId);
  if (isGuest) throw conflict('Guests cannot be admins. Choose a user with an account.');
  const user = await transact(node, async (transaction, record) => {
    const [before] = await transaction.$queryRaw<
      { username: string; role: Role; subject: string | null; hasPassword: boolean }[]
    >`select username, role, subject, password_hash is not null as "hasPassword"
      from users where id = ${id}::uuid and deleted_at is null for no key update`;
    if (!before) throw notFound('The user was deleted meanwhile.');
    const isAdminBySettings =
      (before.hasPassword && isAdminName(node.config, before.username)) ||
      (before.subject !== null && node.config.ADMIN_SUBJECTS.includes(before.subject));
    if (isAdminBySettings && role === 'USER')
      throw conflict(
        'The settings make this user an admin. Remove the user from ADMIN_USERNAMES or ADMIN_SUBJECTS first.',
      );
    const data = { role, assignedRole: role };
    const changed = await transaction.user.update({ where: { id }, data, select: userColumns });
    if (before.role === role) return changed;
    if (role === 'USER') await node.services.loseAdminRole(transaction, record, [id]);
    record({ type: 'DeskChanged', data: { userId: id } });
    return changed;
  });
  users.prime(scope, user.id, user);
  return user;
}

/**
 * Deletes the account of a user, as `deleteMyAccount` does. CONFLICT while its username gives the
 * admin role. For services.
 */
export async function deleteUser(
  scope: Scope,
  request: { userId: string; deleteMessages?: boolean | null },
): Promise<void> {
  const { config, database } = scope.node;
  const user = await startCallOnUser(scope, 'erase', 'deleteUser', request.userId);
  const found = await database.prisma.user.findUnique({
    where: { id: user.id },
    select: { passwordHash: true },
  });
  if (found?.passwordHash && isAdminName(config, user.username))
    throw conflict(
      'The username of this user gives the admin role and would become free. Remove it from ADMIN_USERNAMES first.',
    );
  await removeAccount(scope.node, user.id, request.deleteMessages ?? deletesMessages(config));
}

/** A path that shows all data about a user to the same service, for an hour. For services. */
export async function exportUser(scope: Scope, userId: string): Promise<string> {
  const user = await startCallOnUser(scope, 'erase', 'exportUser', userId);
  return exportLink(scope.node, user.id, scope.service!.id);
}
