import { invalid } from '../../errors.ts';
import { createLoader, isId, requireViewer, transact, type Scope } from '../../scope.ts';
import { requireMember } from './access.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import {
  conversationById,
  memberOf,
  placeOf,
  viewerMembership,
  type Conversation,
} from './conversations.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { readWithMessages } from '../notifications/notifications.ts';
import { takePart } from '../support/desk.ts';

const unreadStatement = {
  name: 'unread-counts',
  // Who is on the desk and has no place in a support conversation has read nothing of it.
  text: `select conversations.id, last_seq - case when user_id is not null then last_read_seq when kind = 'SUPPORT' and $3 then 0 else last_seq end as count
    from conversations left join members on conversation_id = conversations.id and user_id = $1::uuid
    where conversations.id = any($2::uuid[])`,
};

/**
 * Messages by others after the viewer's read marker, by the conversation's id; 0 where they are no member. What one sends moves the own
 * marker, so all that follows it is by others. Both numbers are of one moment.
 */
export const unreadCount = createLoader<string, number>(
  async ({ node, viewer }, conversationIds) => {
    if (!viewer) return conversationIds.map(() => 0);
    const rows = await node.database.query<{ id: string; count: number }>(unreadStatement, [
      viewer.id,
      conversationIds.filter(isId),
      viewer.role === 'ADMIN',
    ]);
    const counts = new Map(rows.map(({ id, count }) => [id, count]));
    return conversationIds.map((id) => counts.get(id) ?? 0);
  },
);

/** Moves the viewer's read marker up to a message, or to the newest where that is beyond it; never back. */
export async function markRead(
  scope: Scope,
  conversationId: string,
  upToSeq: number,
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const { conversation, member } = await requireMember(scope, conversationId);
  if (upToSeq < 0) throw invalid('`upToSeq` is the `seq` of a message, or 0.', 'upToSeq');
  if (upToSeq <= member.lastReadSeq) return conversation;
  await spend(scope, 'mark-read', viewer.id);
  if (!(await viewerMembership.load(scope, conversation.id)))
    await takePart(scope, conversation.id);
  const user = await users.load(scope, viewer.id);
  await transact(scope, async (transaction, record) => {
    // Of two that come together the second sees what the first has stored, and moves on from there or not at all.
    const [moved] = await transaction.$queryRaw<{ upToSeq: number }[]>`
      update members set last_read_seq = least(${upToSeq}::int, last_seq) from conversations
      where conversations.id = ${conversation.id}::uuid and conversation_id = conversations.id and user_id = ${viewer.id}::uuid
        and last_read_seq < least(${upToSeq}::int, last_seq)
      returning last_read_seq as "upToSeq"`;
    if (!moved) return;
    record(
      { type: 'MessagesRead', data: { ...placeOf(conversation), userId: viewer.id, ...moved } },
      { user: { [viewer.id]: user } },
    );
    for (const read of await readWithMessages(transaction, [
      { conversationId: conversation.id, userId: viewer.id, lastReadSeq: moved.upToSeq },
    ]))
      record({ type: 'NotificationsRead', data: read });
  });
  for (const loader of [viewerMembership, unreadCount, conversationById])
    loader.clear(scope, conversation.id);
  return (await conversationById.load(scope, conversation.id))!;
}

/** Whether the other of the two has read it, or, of a customer's message, anybody on the desk; in rooms it is not told. */
export async function isRead(
  scope: Scope,
  { conversationId, authorId, seq }: MessageRow,
): Promise<boolean> {
  const { lesserUserId, greaterUserId, customerId } = (await conversationById.load(
    scope,
    conversationId,
  ))!;
  if (customerId === authorId) return (await deskMarker.load(scope, conversationId)) >= seq;
  const readerId = customerId ?? [lesserUserId, greaterUserId].find((id) => id !== authorId);
  const reader = readerId && (await memberOf(scope, conversationId, readerId));
  return !!reader && reader.lastReadSeq >= seq;
}

/** How far the desk has read a support conversation, by its id. */
const deskMarker = createLoader<string, number>(async ({ node }, conversationIds) => {
  const rows = await node.database.query<{ id: string; marker: number }>(deskMarkerStatement, [
    conversationIds,
  ]);
  const markers = new Map(rows.map(({ id, marker }) => [id, marker]));
  return conversationIds.map((id) => markers.get(id) ?? 0);
});

const deskMarkerStatement = {
  name: 'desk-markers',
  text: `select conversations.id, max(last_read_seq) as marker from conversations join members on conversation_id = conversations.id and user_id <> customer_id
    where conversations.id = any($1::uuid[]) group by conversations.id`,
};
