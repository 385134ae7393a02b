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
import { supportDestination } from './destination.ts';

// All current admins are on the desk. An admin becomes a member of a support conversation, with a
// read marker, by first writing or reading there. The membership ends with the admin role, so that
// a membership is a permission here as everywhere.

/** FORBIDDEN for a viewer who is not on the desk. */
export async function requireDesk(scope: Scope): Promise<void> {
  if (!(await isAdmin(scope))) throw offDesk();
}

export const offDesk = () =>
  forbidden('Only the support desk can do that. You need the admin role.');

/**
 * The membership that an admin would have in a conversation that they have neither written nor read
 * in.
 */
export const deskMember = ({ id, createdAt }: Conversation, userId: string): Member => ({
  conversationId: id,
  userId,
  role: 'MEMBER',
  joinedAt: createdAt,
  lastReadSeq: 0,
  mutedUntil: null,
  lastSentAt: null,
  notifiedSeq: 0,
  metadata: {},
});

/** The users among these who are on the desk, locked there until the transaction ends. */
export async function lockDesk(
  transaction: Transaction,
  userIds: readonly string[],
): Promise<Set<string>> {
  const admins = await transaction.$queryRaw<{ id: string }[]>`
    select id from users where id = any(${[...userIds]}::uuid[]) and role = 'ADMIN' and deleted_at is null order by id for share`;
  return new Set(admins.map(({ id }) => id));
}

/**
 * Makes the viewer a member of a support conversation, if they are on the desk. Returns whether
 * they are.
 */
export async function enterAsDesk(scope: Scope, conversation: Conversation): Promise<boolean> {
  const viewer = requireViewer(scope);
  if (!(await isAdmin(scope))) return false;
  const hasEntered = await transact(scope.node, async (transaction) => {
    const desk = await lockDesk(transaction, [viewer.id]);
    if (desk.has(viewer.id))
      await transaction.member.createMany({
        data: { conversationId: conversation.id, userId: viewer.id },
        skipDuplicates: true,
      });
    return desk.has(viewer.id);
  });
  viewerMembership.clear(scope, conversation.id);
  return hasEntered;
}

/**
 * For users who have lost the admin role: ends their memberships in all support conversations
 * except their own, and clears the assignee of their open conversations.
 */
export async function leaveDesk(
  transaction: Transaction,
  record: RecordEvent,
  userIds: readonly string[],
): Promise<void> {
  const ids = [...userIds];
  // The lock order is that of sends.
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
    record({ type: 'SupportUpdated', data: supportDestination(conversation) });
}
