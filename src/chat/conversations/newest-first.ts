import { z } from 'zod';
import type { Prisma } from '../../db/generated/client.ts';
import { createKeyset, type Key } from '../../db/keyset.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { conversationById, type Conversation } from './conversations.ts';

/**
 * Conversations that have a message, the one with the newest message first. A conversation that
 * receives a message while a client pages moves to the top. No other is skipped.
 */
export function listNewestFirst(
  scope: Scope,
  where: Prisma.ConversationWhereInput,
  page: PageArguments,
) {
  return readPage(scope, page, {
    keys: messageKey,
    keyOf: ({ lastMessageAt, id }: Conversation): Key => [lastMessageAt!.toISOString(), id],
    read: async ({ limit, inverted, ...bounds }) => {
      const conversations = await scope.node.database.prisma.conversation.findMany({
        where: { AND: [where, { lastMessageAt: { not: null } }, ...byNewest.between(bounds)] },
        orderBy: byNewest.orderBy(inverted),
        take: limit,
      });
      for (const conversation of conversations)
        conversationById.prime(scope, conversation.id, conversation);
      return conversations;
    },
  });
}

const byNewest = createKeyset('lastMessageAt', 'id', 'desc');
const messageKey = z.tuple([z.iso.datetime(), z.guid()]);
