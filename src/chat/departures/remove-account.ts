import { transact } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { anonymiseUsers } from './departures.ts';
import { createRemains } from './remains.ts';

/** The request waits for so long until everything is deleted. */
const waitMs = 1000;

/**
 * Deletes an account: first the name, the password and all sessions, on every node, then the
 * memberships. Rooms without another owner get a new one. What takes long is deleted in the
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
  const deadline = performance.now() + waitMs;
  const deleteRemains = createRemains(node, userId);
  while (await deleteRemains()) {
    if (performance.now() < deadline) continue;
    node.services.leavers.set(userId, deleteRemains);
    node.services.deliveryBell.ring();
    return;
  }
}
