import { transact } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { deleteNotifications } from '../notifications/notifications.ts';
import { endNextMembership } from './departures.ts';
import { createEraser } from './erasure.ts';

/** Deletes one batch of what remains of a deleted account. Returns whether there may be more. */
export type DeleteRemains = () => Promise<boolean>;

declare module '../../scope.ts' {
  interface Services {
    /**
     * The deleted accounts of which this node still deletes something, by id. Maintenance completes
     * the work if the process ends before.
     */
    readonly leavers: Map<string, DeleteRemains>;
  }
}

/**
 * Deletes notifications, then memberships, then messages if the settings say so. Each batch is a
 * transaction of its own, so that no lock is held for long.
 */
export function createRemains(node: Node, userId: string): DeleteRemains {
  const erase = createEraser(node);
  return () =>
    transact(
      node,
      async (transaction, record) =>
        (await deleteNotifications(transaction, userId)) > 0 ||
        (await endNextMembership(node, transaction, record, userId)) ||
        (await erase(transaction, record, userId)),
    );
}

/** Continues with one of the accounts that left. Returns whether there is more to do. */
export async function continueDepartures({ services: { leavers } }: Node): Promise<boolean> {
  const [leaver] = leavers;
  if (!leaver) return false;
  const [userId, deleteRemains] = leaver;
  if (!(await deleteRemains())) leavers.delete(userId);
  return leavers.size > 0;
}
