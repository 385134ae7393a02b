import { notFound } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { messageById, type MessageRow } from './message-row.ts';

export interface VisibleMessage {
  readonly message: MessageRow;
  readonly conversation: Conversation;
}

/**
 * A message in a conversation that the viewer may see. Otherwise NOT_FOUND, the same as for a
 * message that does not exist.
 */
export async function visibleMessage(scope: Scope, id: string): Promise<VisibleMessage> {
  const message = await messageById.load(scope, id.toLowerCase());
  const conversation = message && (await findVisibleConversation(scope, message.conversationId));
  if (!message || !conversation) throw noSuchMessage();
  return { message, conversation };
}

export const noSuchMessage = () =>
  notFound('There is no such message, or it is not open to you. Check the id.');
