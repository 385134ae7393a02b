import { forbidden } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { deleteNotifications } from '../notifications/notifications.ts';
import { isAdminName } from '../people/admins.ts';
import { checkCurrentPassword } from '../people/change-password.ts';
import { spend } from '../policy/allowances.ts';
import { endNextMembership, anonymiseUsers } from './departures.ts';
import { createEraser } from './erasure.ts';

/** The number of batches of messages that are deleted before the request is answered. */
const batchesAtOnce = 5;

/**
 * Deletes the viewer's account: first the name, the password and all sessions, on every node, then
 * the memberships. Rooms without another owner get a new one. Messages stay without a name or are
 * deleted, according to the settings; many messages are deleted in the background. An account with
 * a password requires the password.
 */
export async function deleteMyAccount(
  scope: Scope,
  { password }: { password?: string | null },
): Promise<void> {
  const viewer = requireViewer(scope);
  const { config, database } = scope.node;
  await spend(scope, 'delete-account');
  const found = await database.prisma.user.findUnique({
    where: { id: viewer.id },
    select: { username: true, passwordHash: true },
  });
  if (found?.passwordHash) await checkCurrentPassword(scope, found.passwordHash, password ?? '');
  if (found?.passwordHash && isAdminName(config, found.username))
    throw forbidden(
      'You cannot delete this account, because its username gives the admin role and would become free. Remove it from ADMIN_USERNAMES first.',
    );
  await transact(scope.node, async (transaction, record) => {
    const [removed] = await anonymiseUsers(transaction, config, [viewer.id]);
    if (!removed) return;
    await transaction.session.updateMany({
      where: { userId: viewer.id, endedAt: null },
      data: { endedAt: new Date() },
    });
    record({ type: 'UserRemoved', data: { userId: viewer.id } });
  });
  await deleteRemains(scope.node, viewer.id);
}

/**
 * Each batch is a transaction of its own, so that no lock is held for long. Maintenance completes
 * the work if the process ends before.
 */
async function deleteRemains(node: Node, userId: string): Promise<void> {
  const deleteSome = () =>
    transact(node, (transaction) => deleteNotifications(transaction, userId));
  while ((await deleteSome()) > 0) continue;

  const leaveOne = () =>
    transact(node, (transaction, record) => endNextMembership(node, transaction, record, userId));
  while (await leaveOne()) continue;

  const erase = createEraser(node);
  for (let batches = 0; batches < batchesAtOnce; batches++) {
    const hasMore = await transact(node, (transaction, record) =>
      erase(transaction, record, userId),
    );
    if (!hasMore) return;
  }
}
