import { z } from 'zod';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { shownTo } from './hidden.ts';
import { messageSelect } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';

/**
 * The replies to a message that were not deleted, oldest first. None if the viewer may not see the
 * conversation.
 */
export async function listReplies(
  scope: Scope,
  { id, conversationId }: MessageRow,
  page: PageArguments,
) {
  const isVisible = (await findVisibleConversation(scope, conversationId)) !== null;
  return readPage(scope, page, {
    isEmpty: !isVisible,
    keys: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    keyOf: (reply: MessageRow) => reply.seq,
    async read({ after, before, limit, inverted }) {
      const replies: MessageRow[] = await scope.node.database.prisma.message.findMany({
        where: {
          replyToId: id,
          deletedAt: null,
          seq: { gt: after, lt: before },
          ...shownTo(scope),
        },
        orderBy: { seq: inverted ? 'desc' : 'asc' },
        take: limit,
        select: messageSelect,
      });
      for (const reply of replies) messageById.prime(scope, reply.id, reply);
      return replies;
    },
  });
}

/** The number of replies that were not deleted, by the id of the message. */
export const replyCount = createLoader<string, number>(async ({ node, viewer }, messageIds) => {
  const rows = await node.database.query<{ id: string; count: number }>(countStatement, [
    messageIds,
    viewer?.id ?? null,
  ]);
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  return messageIds.map((id) => counts.get(id) ?? 0);
});

const countStatement = {
  name: 'count-replies',
  text: `select reply_to_id as id, count(*)::int as count from messages
         where reply_to_id = any($1::uuid[]) and deleted_at is null and (hidden_from_id is null or hidden_from_id <> $2::uuid)
         group by reply_to_id`,
};
