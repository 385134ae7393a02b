import { tsvectorOf } from '../../src/chat/messages/search-query.ts';
import type { Person } from './person.ts';
import { send } from './send-and-follow.ts';
import type { TestNode } from './start-node.ts';
import { newMessage, openWritingNode } from './writing.ts';

export interface PastMessage {
  readonly author: Person;
  readonly body: string;
}

const atOnce = 500;

/**
 * Gives a conversation a history: stores the messages of its members in this order, without a
 * request for each of them, which would take ten times as long. They have neither mentions nor
 * notifications. Followers receive them within a second, like those of another node.
 */
export async function addPastMessages(
  node: TestNode,
  conversationId: string,
  messages: readonly PastMessage[],
): Promise<void> {
  const { DATABASE_URL } = node.settings;
  if (!DATABASE_URL) {
    for (const { author, body } of messages) await send(author, conversationId, body);
    return;
  }
  await using writing = await openWritingNode({ DATABASE_URL }, 1);
  for (let start = 0; start < messages.length; start += atOnce) {
    const sends = messages
      .slice(start, start + atOnce)
      .map(({ author, body }) =>
        writing.writer.send(
          newMessage(conversationId, author.id, { body, words: tsvectorOf(body) }),
        ),
      );
    for (const { outcome } of await Promise.all(sends))
      if (outcome !== 'stored') throw new Error(`A past message was refused: ${outcome}`);
  }
}
