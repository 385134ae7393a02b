import { transact } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { lockEntranceAlone } from '../conversations/membership.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { forgetMembership } from '../rooms/entry.ts';
import { eraseNextOfRoom } from '../departures/room-remains.ts';
import { roomOf } from './members.ts';

/** The number of batches that are deleted before the request is answered. */
const batchesAtOnce = 20;

/**
 * Deletes a room with everything in it [P17]. From the commit on, nobody can see it, its followers
 * receive RoomDeleted as the last event, and its name and external id are free. A large room is
 * deleted in the background. For services.
 */
export async function deleteRoom(scope: Scope, roomId: string): Promise<void> {
  await startServiceCall(scope, 'rooms', { action: 'deleteRoom', targets: [roomId] });
  const { id } = await roomOf(scope, roomId);
  await transact(scope.node, async (transaction, record) => {
    await lockEntranceAlone(transaction, id);
    // The lock order is that of sends.
    await transaction.$executeRaw`
      select from members where conversation_id = ${id}::uuid order by user_id for update`;
    const { count } = await transaction.conversation.updateMany({
      where: { id, deletedAt: null },
      data: {
        deletedAt: new Date(),
        archivedAt: new Date(),
        visibility: 'PRIVATE',
        name: '',
        nameKey: null,
        topic: null,
        externalId: null,
        metadata: {},
        creatorId: null,
      },
    });
    if (count === 0) return;
    await transaction.member.deleteMany({ where: { conversationId: id } });
    record({ type: 'RoomDeleted', data: { conversationId: id } });
  });
  conversationById.clear(scope, id);
  forgetMembership(scope, id);
  for (let batches = 0; batches < batchesAtOnce; batches++) {
    const hasMore = await transact(scope.node, (transaction, record) =>
      eraseNextOfRoom(transaction, record, id),
    );
    if (!hasMore) return;
  }
}
