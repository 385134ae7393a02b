import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { users } from '../people/users.ts';
import { messageById, type MessageRow } from '../messages/message-row.ts';
import type { NotificationRow } from './notifications.ts';

const excerptCharacters = 200;

/** The message that a notification is of, as it is by now; null when there is none, or the viewer may not see it any more. */
async function messageOf(scope: Scope, { content }: NotificationRow): Promise<MessageRow | null> {
  const { messageId } = content.data as { messageId: string };
  const message = await messageById.load(scope, messageId);
  return message && (await findVisibleConversation(scope, message.conversationId)) && message;
}

/** Its title; of a message, what its author is called by now. */
export async function titleOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.title !== null) return row.content.title;
  const message = await messageOf(scope, row);
  return (message && (await users.load(scope, message.authorId))?.displayName) ?? 'A message';
}

/** What it says; of a message, how that begins by now: what was deleted, and what one may not read any more, is not read here either. */
export async function wordsOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.message !== null) return row.content.message;
  const characters = [...((await messageOf(scope, row))?.body ?? 'It can no longer be read.')];
  return characters.length > excerptCharacters
    ? `${characters.slice(0, excerptCharacters - 1).join('')}…`
    : characters.join('');
}
