import type { Transaction } from '../../db/database.ts';
import { invalid } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { enterOnce, requireMember } from './access.ts';
import { conversationById, viewerMembership, type Conversation } from './conversations.ts';
import { byKind, kindOf, destinationOf, type Kinds } from './kinds.ts';

/** The position up to which a member has read a conversation. */
export interface Marker {
  readonly conversationId: string;
  readonly userId: string;
  readonly lastReadSeq: number;
}

declare module '../../scope.ts' {
  interface Services {
    /**
     * Marks notifications of messages up to these markers as read, in the transaction that has
     * locked the memberships. Returns their ids by user.
     */
    readonly readNotifications: (
      transaction: Transaction,
      markers: readonly Marker[],
    ) => Promise<{ userId: string; ids: string[] }[]>;
  }
}

/**
 * A viewer who may take part without a membership has read nothing yet. All expired messages are
 * deleted; the other deleted ones and system messages are counted by their index, and imported ones
 * by their ranges.
 */
export const unreadStatement = (kinds: Kinds) => ({
  name: 'unread-counts',
  text: `select conversations.id, greatest(0, last_seq - greatest(marker, expired_seq) - (
      select count(*) from messages
      where conversation_id = conversations.id and (deleted_at is not null or kind = 'SYSTEM') and imported_at is null
        and seq > greatest(marker, expired_seq)) - (
      select coalesce(sum(to_seq - greatest(from_seq - 1, marker, expired_seq)), 0) from imported_ranges
      where conversation_id = conversations.id and to_seq > greatest(marker, expired_seq)))::int as count
    from conversations left join members on conversation_id = conversations.id and user_id = $1::uuid
      cross join lateral (
        select case when user_id is not null then last_read_seq
          when ${byKind(kinds, 'conversations.kind', ({ sql }) => sql.standsIn?.('$3::boolean'))} then 0 else last_seq end as marker) as read
    where conversations.id = any($2::uuid[])`,
});

/**
 * The number of messages by others after the viewer's read marker, by the id of the conversation; 0
 * without a membership. Deleted, imported and system messages do not count. A send moves its
 * author's marker, so every later message that counts is by somebody else. One statement reads all
 * numbers, so they are consistent.
 */
export const unreadCount = createLoader<string, number>(
  async ({ node, viewer }, conversationIds) => {
    if (!viewer) return conversationIds.map(() => 0);
    const rows = await node.database.query<{ id: string; count: number }>(
      unreadStatement(node.services.kinds),
      [viewer.id, conversationIds.filter(isId), viewer.role === 'ADMIN'],
    );
    const counts = new Map(rows.map(({ id, count }) => [id, count]));
    return conversationIds.map((id) => counts.get(id) ?? 0);
  },
);

/** The read marker of a member, or null if the viewer may not see it. */
export async function shownReadMarker(
  scope: Scope,
  { conversationId, userId, lastReadSeq }: Marker,
): Promise<number | null> {
  if (userId === scope.viewer?.id) return lastReadSeq;
  const conversation = (await conversationById.load(scope, conversationId))!;
  return kindOf(scope.node, conversation).showsReading ? lastReadSeq : null;
}

/** Moves the viewer's read marker forward to a message, at most to the newest; never back. */
export async function markRead(
  scope: Scope,
  conversationId: string,
  upToSeq: number,
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const { conversation, member } = await requireMember(scope, conversationId);
  if (upToSeq < 0) throw invalid('`upToSeq` must be the `seq` of a message, or 0.', 'upToSeq');
  if (upToSeq <= member.lastReadSeq) return conversation;
  await spend(scope, 'mark-read');
  await enterOnce(scope, conversation.id);
  const user = await users.load(scope, viewer.id);
  await transact(scope.node, async (transaction, record) => {
    // Of two concurrent calls, the second waits for the row and compares with the marker that the
    // first stored.
    const [moved] = await transaction.$queryRaw<{ upToSeq: number }[]>`
      update members set last_read_seq = least(${upToSeq}::int, last_seq) from conversations
      where conversations.id = ${conversation.id}::uuid and conversation_id = conversations.id and user_id = ${viewer.id}::uuid
        and last_read_seq < least(${upToSeq}::int, last_seq)
      returning last_read_seq as "upToSeq"`;
    if (!moved) return;
    record(
      {
        type: 'MessagesRead',
        data: { ...destinationOf(scope.node, conversation), userId: viewer.id, ...moved },
      },
      { user: { [viewer.id]: user } },
    );
    for (const read of await scope.node.services.readNotifications(transaction, [
      { conversationId: conversation.id, userId: viewer.id, lastReadSeq: moved.upToSeq },
    ]))
      record({ type: 'NotificationsRead', data: read });
  });
  for (const loader of [viewerMembership, unreadCount, conversationById])
    loader.clear(scope, conversation.id);
  return (await conversationById.load(scope, conversation.id))!;
}
