import { transact } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { deleteNotifications } from '../notifications/notifications.ts';
import { anonymiseUsers, endNextMembership } from './departures.ts';
import { createEraser } from './erasure.ts';

/** The number of batches of messages that are deleted before the request is answered. */
const batchesAtOnce = 5;

/**
 * Deletes an account: first the name, the password and all sessions, on every node, then the
 * memberships. Rooms without another owner get a new one. Many messages are deleted in the
 * background. Does nothing for an account that was deleted before.
 */
export async function removeAccount(
  node: Node,
  userId: string,
  deletesMessages: boolean,
): Promise<void> {
  await transact(node, async (transaction, record) => {
    const [removed] = await anonymiseUsers(transaction, [userId], deletesMessages);
    if (!removed) return;
    await transaction.session.updateMany({
      where: { userId, endedAt: null },
      data: { endedAt: new Date() },
    });
    record({ type: 'UserRemoved', data: { userId } });
  });
  await deleteRemains(node, userId);
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
