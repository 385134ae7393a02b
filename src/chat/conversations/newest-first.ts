import { z } from 'zod';
import type { Prisma } from '../../db/generated/client.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { conversationById, type Conversation } from './conversations.ts';

/** Conversations that have a message, the one with the newest message first. A conversation that receives a message while a client pages moves to the top; no other is skipped. */
export function listNewestFirst(
  scope: Scope,
  where: Prisma.ConversationWhereInput,
  page: PageArguments,
) {
  return readPage(scope, page, {
    keys: place,
    keyOf: ({ lastMessageAt, id }: Conversation): Place => [lastMessageAt!.toISOString(), id],
    read: async ({ after, before, limit, inverted }) => {
      const order = inverted ? 'asc' : 'desc';
      const conversations = await scope.node.database.prisma.conversation.findMany({
        where: {
          AND: [
            where,
            { lastMessageAt: { not: null } },
            ...beyond('lt', after),
            ...beyond('gt', before),
          ],
        },
        orderBy: [{ lastMessageAt: order }, { id: order }],
        take: limit,
      });
      for (const conversation of conversations)
        conversationById.prime(scope, conversation.id, conversation);
      return conversations;
    },
  });
}

/** Where a conversation stands in the order of the newest messages: when that came, and its id beside those of the same moment. */
const place = z.tuple([z.iso.datetime(), z.guid()]);
type Place = z.output<typeof place>;

function beyond(side: 'gt' | 'lt', bound: Place | undefined): Prisma.ConversationWhereInput[] {
  if (bound === undefined) return [];
  const [lastMessageAt, id] = bound;
  return [
    { lastMessageAt: { [`${side}e`]: lastMessageAt } },
    { OR: [{ lastMessageAt: { [side]: lastMessageAt } }, { lastMessageAt, id: { [side]: id } }] },
  ];
}
