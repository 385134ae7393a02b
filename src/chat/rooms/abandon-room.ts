import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import { memberFact } from '../conversations/conversations.ts';
import type { Departure } from '../conversations/kinds.ts';
import { dismiss, lockMembers, lockRoom } from '../conversations/membership.ts';

/**
 * Ends the membership of a user whose account is deleted. If the user was the only owner, the
 * longest-standing moderator becomes the owner, or the longest-standing member if there is no
 * moderator. Guests never become owners.
 */
export async function abandonRoom(
  transaction: Transaction,
  record: RecordEvent,
  { conversation: { id: roomId }, user, role }: Departure,
): Promise<void> {
  if (role !== 'OWNER') {
    await dismiss(transaction, record, roomId, [user], 'LEFT');
    return;
  }
  const heir = await transaction.member.findFirst({
    where: {
      conversationId: roomId,
      userId: { not: user.id },
      user: { isGuest: false, deletedAt: null },
    },
    orderBy: [{ role: 'desc' }, { joinedAt: 'asc' }, { userId: 'asc' }],
    select: { userId: true },
  });
  const held = await lockMembers(transaction, roomId, heir ? [user.id, heir.userId] : [user.id]);
  await dismiss(transaction, record, roomId, [user], 'LEFT');
  await lockRoom(transaction, roomId);
  const hasOwner = await transaction.member.findFirst({
    where: { conversationId: roomId, role: 'OWNER' },
    select: { userId: true },
  });
  if (hasOwner || !heir || !held.has(heir.userId)) return;
  const owner = await transaction.member.update({
    where: { conversationId_userId: { conversationId: roomId, userId: heir.userId } },
    data: { role: 'OWNER' },
  });
  record(
    { type: 'MemberUpdated', data: { conversationId: roomId, userId: heir.userId } },
    memberFact(owner),
  );
}
