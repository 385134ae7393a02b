import type { PushDecision } from '../../gateway/push-deliveries.ts';
import type { ClaimedPush } from '../../gateway/push-store.ts';
import { transact } from '../../events/transactions.ts';
import type { Node, Scope } from '../../scope.ts';
import { conversationById, viewerMembership } from '../conversations/conversations.ts';
import { notificationById, type NotificationRow } from '../notifications/notifications.ts';
import { isSilent } from '../people/blocks.ts';
import { isSuspended } from '../people/suspension.ts';
import { accountColumns } from '../people/users.ts';
import { pushContentOf } from './push-content.ts';
import { languageOf } from './push-texts.ts';

/** The pause before the next check whether the user is active. */
const activePauseMs = 2000;

const dropped: PushDecision = { is: 'dropped' };

interface References {
  readonly conversationId?: string;
  readonly seq?: number;
  readonly authorId?: string;
  readonly invitedById?: string;
}

/**
 * Decides at the moment of sending whether a notification is still to be pushed: not if it was
 * read, if its author was blocked, if its conversation was muted, or if there is nothing left to
 * show. While the user is active in the conversation, it waits.
 */
export async function decidePush(node: Node, push: ClaimedPush): Promise<PushDecision> {
  const { subscription } = push;
  if (Date.now() - push.createdAt.getTime() > node.config.limits.pushGiveUpMs) return dropped;
  const found = await findUnread(node, push.notificationId);
  if (!found || (subscription && subscription.userId !== found.row.userId)) return dropped;
  const { scope, row } = found;
  const references = row.content.data as References;
  if (await isUnwanted(scope, references)) return dropped;
  const content = await pushContentOf(scope, row, languageOf(subscription?.language));
  if (!content) return dropped;
  if (await isActive(scope, references)) return { is: 'waiting', ms: activePauseMs };
  if (!subscription) return offer(node, push, row, references);
  const conversation =
    references.conversationId && (await conversationById.load(scope, references.conversationId));
  const payload = JSON.stringify({
    id: row.id,
    type: row.content.type,
    ...content,
    createdAt: row.createdAt,
    ...(conversation && {
      conversationId: conversation.id,
      conversationKind: conversation.kind,
      seq: references.seq,
      authorId: references.authorId,
    }),
  });
  return { is: 'wanted', message: { topic: row.id.replaceAll('-', ''), payload } };
}

/**
 * The notification, and a scope of its recipient. Undefined if it was read, or cannot be pushed.
 */
export async function findUnread(
  node: Node,
  notificationId: string,
): Promise<{ scope: Scope; row: NotificationRow } | undefined> {
  const anonymous: Scope = { node, viewer: null, requestId: 'push', address: '' };
  const row = await notificationById.load(anonymous, notificationId);
  if (!row || row.readAt) return undefined;
  const user = await node.database.prisma.user.findUnique({
    where: { id: row.userId, deletedAt: null },
    select: accountColumns,
  });
  if (!user || isSuspended(user)) return undefined;
  return { scope: { ...anonymous, viewer: { ...user, sessionId: undefined } }, row };
}

async function isUnwanted(
  scope: Scope,
  { conversationId, authorId, invitedById }: References,
): Promise<boolean> {
  const originId = authorId ?? invitedById;
  if (originId !== undefined && (await isSilent(scope, originId))) return true;
  if (conversationId === undefined) return false;
  const member = await viewerMembership.load(scope, conversationId);
  // Messages notify members only.
  if (!member) return authorId !== undefined;
  if (member.notificationLevel !== 'NOTHING') return false;
  return !member.notificationLevelUntil || new Date(member.notificationLevelUntil) > new Date();
}

/** Whether the user is online, and has sent or read something in the conversation just now. */
async function isActive({ node, viewer }: Scope, { conversationId }: References): Promise<boolean> {
  const userId = viewer!.id;
  if (conversationId === undefined || !node.presence.isOnline(userId)) return false;
  const { pushActiveMs } = node.config.limits;
  const [found] = await node.database.prisma.$queryRaw<{ isActive: boolean }[]>`
    select exists (
        select from (select author_id, created_at from messages where conversation_id = ${conversationId}::uuid order by seq desc limit 20) as recent
        where author_id = ${userId}::uuid and created_at > now() - ${pushActiveMs}::int * interval '1 ms')
      or exists (
        select from (
          (select type, data, occurred_at from events where topic = ${`user:${userId}`} order by seq desc limit 20) union all
          (select type, data, occurred_at from events where topic = ${`conversation:${conversationId}`} order by seq desc limit 20)) as recent
        where type = 'MessagesRead' and data->>'userId' = ${userId} and data->>'conversationId' = ${conversationId}
          and occurred_at > now() - ${pushActiveMs}::int * interval '1 ms') as "isActive"`;
  return found!.isActive;
}

/** Offers a notification to the application, in the transaction that removes it. */
async function offer(
  node: Node,
  { id }: ClaimedPush,
  { id: notificationId, userId }: NotificationRow,
  { conversationId }: References,
): Promise<PushDecision> {
  await transact(node, async (transaction, record) => {
    const { count } = await transaction.pendingPush.deleteMany({ where: { id } });
    if (count > 0)
      record({
        type: 'push.wanted',
        data: { userId, notificationId, ...(conversationId !== undefined && { conversationId }) },
      });
  });
  return { is: 'offered' };
}
