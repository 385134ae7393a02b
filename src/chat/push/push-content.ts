import type { Config } from '../../config.ts';
import type { Scope } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { excerptOf, invitedTo, messageOf, type Invitation } from '../notifications/display-text.ts';
import type { NotificationRow } from '../notifications/notifications.ts';
import { users } from '../people/users.ts';
import { pushTexts, type PushLanguage } from './push-texts.ts';

/** The text of a push. */
export interface PushContent {
  readonly title: string;
  readonly message: string;
}

/** With three bytes a character, the texts leave room in the 4 KiB that push services accept. */
const titleMaxCharacters = 200;
const messageMaxCharacters = 500;

/**
 * The title and the text of a notification as the setting permits. Null if nothing is left to show:
 * the message was deleted, or the viewer, its recipient, can no longer see it.
 */
export async function pushContentOf(
  scope: Scope,
  row: NotificationRow,
  language: PushLanguage,
): Promise<PushContent | null> {
  const full = await fullContent(scope, row, language);
  return full && reduce(full, scope.node.config.PUSH_CONTENT, row, language);
}

async function fullContent(
  scope: Scope,
  row: NotificationRow,
  language: PushLanguage,
): Promise<PushContent | null> {
  const { type, title, message, data } = row.content;
  const texts = pushTexts[language];
  if (message !== null) return { title: ownTitle(type, title!, language), message };
  if (type === 'room_invitation') {
    const invitation = data as unknown as Invitation;
    const room = await invitedTo(scope, invitation);
    if (!room) return null;
    const text = room.isAdded ? texts.added : texts.invited;
    return {
      title: await nameOf(scope, invitation.invitedById, language),
      message: text(room.name),
    };
  }
  const shown = await messageOf(scope, row);
  if (!shown || shown.body === null || shown.deletedAt) return null;
  const conversation = await conversationById.load(scope, shown.conversationId);
  const author = await nameOf(scope, shown.authorId, language);
  return {
    title: conversation?.name ? `${author} · ${conversation.name}` : author,
    message: shown.body,
  };
}

function ownTitle(type: string, title: string, language: PushLanguage): string {
  if (type === 'message_reported') return pushTexts[language].messageReported;
  if (type === 'user_reported') return pushTexts[language].userReported;
  return title;
}

const nameOf = async (scope: Scope, userId: string, language: PushLanguage): Promise<string> =>
  (await users.load(scope, userId))?.displayName ?? pushTexts[language].deletedUser;

function reduce(
  { title, message }: PushContent,
  setting: Config['PUSH_CONTENT'],
  { content: { type, message: ownMessage } }: NotificationRow,
  language: PushLanguage,
): PushContent {
  const texts = pushTexts[language];
  if (setting === 'none') return { title: texts.notification, message: texts.newNotification };
  const shownTitle = excerptOf(title, titleMaxCharacters);
  if (setting === 'full')
    return { title: shownTitle, message: excerptOf(message, messageMaxCharacters) };
  if (ownMessage !== null || type === 'room_invitation')
    return { title: shownTitle, message: texts.newNotification };
  return {
    title: shownTitle,
    message: type === 'mention' ? texts.mentioned : texts.wroteMessage,
  };
}
