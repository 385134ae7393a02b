import type { Transaction } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import { type RecordEvent, transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  viewerMembership,
  type Conversation,
  type Member,
} from '../conversations/conversations.ts';
import { isAdmin } from '../people/admin-role.ts';
import { supportPlace } from './place.ts';

// On the desk is whoever holds the admin role now. Their places in support conversations, which hold what they have read, come when they first
// write or read there, and go with the role: so a place is a permission, as everywhere.

/** FORBIDDEN for a viewer who is not on the desk. */
export async function requireDesk(scope: Scope): Promise<void> {
  if (!(await isAdmin(scope))) throw offDesk();
}

export const offDesk = () =>
  forbidden('Only the support desk does that: those who hold the admin role.');

/** How somebody on the desk stands in a conversation in which they have neither written nor read yet. */
export const deskMember = ({ id, createdAt }: Conversation, userId: string): Member => ({
  conversationId: id,
  userId,
  role: 'MEMBER',
  joinedAt: createdAt,
  lastReadSeq: 0,
  mutedUntil: null,
  lastSentAt: null,
  notifiedSeq: 0,
});

/** Those of the users who are on the desk, and will be until the transaction ends. */
export async function holdDesk(
  transaction: Transaction,
  userIds: readonly string[],
): Promise<Set<string>> {
  const held = await transaction.$queryRaw<{ id: string }[]>`
    select id from users where id = any(${[...userIds]}::uuid[]) and role = 'ADMIN' and deleted_at is null order by id for share`;
  return new Set(held.map(({ id }) => id));
}

/** Gives the viewer a place in a support conversation, if they are on the desk. False when not. */
export async function takePart(scope: Scope, conversation: Conversation): Promise<boolean> {
  const viewer = requireViewer(scope);
  if (!(await isAdmin(scope))) return false;
  const hasPlace = await transact(scope.node, async (transaction) => {
    const desk = await holdDesk(transaction, [viewer.id]);
    if (desk.has(viewer.id))
      await transaction.member.createMany({
        data: { conversationId: conversation.id, userId: viewer.id },
        skipDuplicates: true,
      });
    return desk.has(viewer.id);
  });
  viewerMembership.clear(scope, conversation.id);
  return hasPlace;
}

/** For users who have lost the admin role: ends their places in all support conversations but their own, and what is open and assigned to them is nobody's. */
export async function leaveDesk(
  transaction: Transaction,
  record: RecordEvent,
  userIds: readonly string[],
): Promise<void> {
  const ids = [...userIds];
  // In the order in which those who send hold them.
  await transaction.$executeRaw`
    select from members join conversations on conversations.id = conversation_id
    where user_id = any(${ids}::uuid[]) and kind = 'SUPPORT' and customer_id <> user_id
    order by conversation_id, user_id for update of members`;
  await transaction.$executeRaw`
    delete from members using conversations
    where conversations.id = conversation_id and user_id = any(${ids}::uuid[]) and kind = 'SUPPORT' and customer_id <> user_id`;
  const assigned = await transaction.conversation.updateManyAndReturn({
    where: { assigneeId: { in: ids }, resolvedAt: null },
    data: { assigneeId: null },
  });
  for (const conversation of assigned)
    record({ type: 'SupportUpdated', data: supportPlace(conversation) });
}
