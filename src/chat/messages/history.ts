import { z } from 'zod';
import type { Event, Position } from '../../events/event.ts';
import { conversationTopic } from '../../events/topics.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { messageSelect, messageColumns } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';

/**
 * The messages of a conversation, oldest first. None if the viewer may not see the conversation.
 * Without `first` or `last` it starts at the oldest, or with `before` alone, goes back from there.
 */
export async function listMessages(scope: Scope, conversationId: string, page: PageArguments) {
  const isVisible = (await findVisibleConversation(scope, conversationId)) !== null;
  return readPage(scope, page, {
    isEmpty: !isVisible,
    keys: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    keyOf: (message: MessageRow) => message.seq,
    async read({ after, before, limit, inverted }) {
      const messages: MessageRow[] = await scope.node.database.prisma.message.findMany({
        where: { conversationId, seq: { gt: after, lt: before } },
        orderBy: { seq: inverted ? 'desc' : 'asc' },
        take: limit,
        select: messageSelect,
      });
      // Most replies refer to a message on the same page.
      for (const message of messages) messageById.prime(scope, message.id, message);
      return messages;
    },
  });
}

/** The newest message of a conversation; null if there is none, or the viewer may not see it. */
export async function lastMessage(
  scope: Scope,
  conversationId: string,
): Promise<MessageRow | null> {
  const conversation = await findVisibleConversation(scope, conversationId);
  return conversation && newestMessage.load(scope, conversation.id);
}

const newestMessage = createLoader<string, MessageRow | null>(async ({ node }, conversationIds) => {
  const newest = await node.database.query<MessageRow>(newestStatement, [conversationIds]);
  const messages = new Map(newest.map((message) => [message.conversationId, message]));
  return conversationIds.map((id) => messages.get(id) ?? null);
});

const newestStatement = {
  name: 'newest-messages',
  text: `select newest.* from unnest($1::uuid[]) as conversations(id) cross join lateral (
           select ${messageColumns} from messages where conversation_id = conversations.id order by seq desc limit 1) as newest`,
};

/**
 * The events of the newest messages up to an event of the conversation's topic, oldest first, also
 * if the log has deleted them. Messages that arrive later do not displace any of them. The caller
 * has checked that the viewer may see them.
 */
export async function recentMessages(
  { node }: Scope,
  conversationId: string,
  count: number,
  upTo: number,
): Promise<Event[]> {
  const topic = conversationTopic(conversationId);
  const messages = await node.database.query<RecentRow>(recentStatement, [
    conversationId,
    count,
    topic,
    upTo,
  ]);
  return messages.map(({ id, createdAt, ...position }) => ({
    type: 'MessageSent',
    data: { conversationId, messageId: id },
    topic,
    ...position,
    occurredAt: createdAt.getTime(),
  }));
}

interface RecentRow extends Position {
  readonly id: string;
  readonly createdAt: Date;
  readonly follows: number;
}

const recentStatement = {
  name: 'recent-messages',
  // No client can resume after an event that the log has deleted, so any tag serves for it.
  text: `select newest.id, event_seq as seq, created_at as "createdAt", coalesce(tag, 0) as tag, coalesce(follows, 0) as follows
         from (select id, seq, event_seq, created_at from messages
           where conversation_id = $1 and event_seq <= $4 order by seq desc limit $2) as newest
           left join lateral (select tag, follows from events where topic = $3 and seq = event_seq limit 1) as logged on true
         order by newest.seq`,
};
