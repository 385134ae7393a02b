import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { conversationById } from '../conversations/conversations.ts';
import { findInvitation } from '../conversations/invitation-rows.ts';
import { users } from '../people/users.ts';
import { messageById, type MessageRow } from '../messages/message-row.ts';
import type { NotificationRow } from './notifications.ts';

const excerptCharacters = 200;

/**
 * The current message of a notification; null if it no longer exists, or the viewer can no longer
 * see it.
 */
export async function messageOf(
  scope: Scope,
  { content }: NotificationRow,
): Promise<MessageRow | null> {
  const { messageId } = content.data as { messageId: string };
  const message = await messageById.load(scope, messageId);
  return message && (await findVisibleConversation(scope, message.conversationId)) && message;
}

/** The user whose message or invitation it is, if it is visible to the viewer. */
async function originOf(scope: Scope, row: NotificationRow): Promise<string | undefined> {
  if (row.content.type === 'room_invitation')
    return (row.content.data as unknown as Invitation).invitedById;
  return (await messageOf(scope, row))?.authorId;
}

export interface Invitation {
  readonly conversationId: string;
  readonly invitedById: string;
  /** Undefined if the user was added without being asked. */
  readonly invitationId?: string;
}

/**
 * The title of a notification. For a message or an invitation, the current display name of its
 * author.
 */
export async function titleOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.title !== null) return row.content.title;
  const userId = await originOf(scope, row);
  return (userId && (await users.load(scope, userId))?.displayName) ?? 'A message';
}

/**
 * The text of a notification. For a message, the start of its current body, so that a deleted or
 * hidden message is hidden here too. For an invitation, the current name of the room.
 */
export async function textOf(scope: Scope, row: NotificationRow): Promise<string> {
  if (row.content.message !== null) return row.content.message;
  if (row.content.type === 'room_invitation')
    return invitationText(scope, row.content.data as unknown as Invitation);
  return excerptOf((await messageOf(scope, row))?.body ?? 'This message is no longer available.');
}

/** The beginning of a text. */
export function excerptOf(text: string, maxCharacters = excerptCharacters): string {
  const characters = [...text];
  return characters.length > maxCharacters
    ? `${characters.slice(0, maxCharacters - 1).join('')}…`
    : text;
}

/** The room to which the viewer was invited or added. Null if it is no longer visible to them. */
export async function invitedTo(
  scope: Scope,
  { conversationId, invitationId }: Invitation,
): Promise<{ name: string; isAdded: boolean } | null> {
  const isOpen = invitationId !== undefined && (await findInvitation(scope, invitationId)) !== null;
  const room = isOpen
    ? await conversationById.load(scope, conversationId)
    : await findVisibleConversation(scope, conversationId);
  return room && { name: room.name ?? '', isAdded: invitationId === undefined };
}

async function invitationText(scope: Scope, invitation: Invitation): Promise<string> {
  const room = await invitedTo(scope, invitation);
  if (!room) return 'This room is no longer available.';
  return room.isAdded
    ? `You were added to the room ${room.name}.`
    : `You were invited to the room ${room.name}.`;
}
