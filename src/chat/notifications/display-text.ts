import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { users } from '../people/users.ts';
import { messageById, type MessageRow } from '../messages/message-row.ts';
import type { NotificationRow } from './notifications.ts';

const excerptCharacters = 200;

/**
 * The current message of a notification; null if it no longer exists, or the viewer can no longer
 * see it.
 */
async function messageOf(scope: Scope, { content }: NotificationRow): Promise<MessageRow | null> {
  const { messageId } = content.data as { messageId: string };
  const message = await messageById.load(scope, messageId);
  return message && (await findVisibleConversation(scope, message.conversationId)) && message;
}

/** The title of a notification. For a message, the current display name of its author. */
export async function titleOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.title !== null) return row.content.title;
  const message = await messageOf(scope, row);
  return (message && (await users.load(scope, message.authorId))?.displayName) ?? 'A message';
}

/**
 * The text of a notification. For a message, the start of its current body, so that a deleted or
 * hidden message is hidden here too.
 */
export async function textOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.message !== null) return row.content.message;
  const characters = [
    ...((await messageOf(scope, row))?.body ?? 'This message is no longer available.'),
  ];
  return characters.length > excerptCharacters
    ? `${characters.slice(0, excerptCharacters - 1).join('')}…`
    : characters.join('');
}
