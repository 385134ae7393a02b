import { z } from 'zod';
import type { Topic } from '../../events/topics.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { conversationById, type Conversation } from './conversations.ts';

/** A conversation with the number of its newest message's event in the topic of the list. */
interface ListedConversation extends Conversation {
  readonly eventSeq: number;
}

/**
 * The conversations of a topic that have a message, the one with the newest message first. The
 * order is that of the events in the topic, so a client that moves a conversation to the top at
 * each message has the same order [P1]. A conversation that receives a message while a client pages
 * moves to the top. No other is skipped. `isResolved` selects resolved conversations or open ones.
 */
export function listNewestFirst(
  scope: Scope,
  topic: Topic,
  page: PageArguments,
  isResolved?: boolean,
) {
  return readPage(scope, page, {
    keys: z.int().min(0),
    keyOf: ({ eventSeq }: ListedConversation) => eventSeq,
    read: async ({ after, before, limit, inverted }) => {
      const rows = await scope.node.database.prisma.listedConversation.findMany({
        where: { topic, isResolved, eventSeq: { lt: after, gt: before } },
        orderBy: { eventSeq: inverted ? 'asc' : 'desc' },
        take: limit,
        include: { conversation: true },
      });
      for (const { conversation } of rows)
        conversationById.prime(scope, conversation.id, conversation);
      return rows.map(({ conversation, eventSeq }) => ({
        ...conversation,
        eventSeq: Number(eventSeq),
      }));
    },
  });
}
