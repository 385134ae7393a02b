import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import { deleteNotificationsOfRoom } from '../notifications/notifications.ts';

const messagesAtOnce = 500;

/**
 * Deletes a batch of what is left of a deleted room, or of any deleted room: notifications about
 * it, then messages with their reactions and reports, then the row with all the rest. Its events
 * contain ids only, and expire with the log. False if there is nothing to do.
 */
export async function eraseNextOfRoom(
  transaction: Transaction,
  record: RecordEvent,
  roomId?: string,
): Promise<boolean> {
  const room = await transaction.conversation.findFirst({
    where: { id: roomId, deletedAt: { not: null } },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  if (!room) return false;
  const { count, read } = await deleteNotificationsOfRoom(transaction, room.id);
  for (const data of read) record({ type: 'NotificationsRead', data });
  if (count > 0 || (await deleteMessages(transaction, room.id)) > 0) return true;
  // Maintenance may delete it at the same moment.
  await transaction.conversation.deleteMany({ where: { id: room.id } });
  return true;
}

const deleteMessages = (transaction: Transaction, roomId: string): Promise<number> =>
  transaction.$executeRaw`
    delete from messages where id = any(array(
      select id from messages where conversation_id = ${roomId}::uuid order by seq limit ${messagesAtOnce}))`;
