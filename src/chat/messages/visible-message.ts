import { notFound } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { isHidden } from './hidden.ts';
import { messageById, type MessageRow } from './message-row.ts';

export interface VisibleMessage {
  readonly message: MessageRow;
  readonly conversation: Conversation;
}

/**
 * A message in a conversation that the viewer may see. Otherwise null, the same as for a message
 * that does not exist.
 */
export async function findVisibleMessage(scope: Scope, id: string): Promise<VisibleMessage | null> {
  const message = await messageById.load(scope, id.toLowerCase());
  if (message && isHidden(scope, message)) return null;
  const conversation = message && (await findVisibleConversation(scope, message.conversationId));
  return conversation ? { message, conversation } : null;
}

/** The same, with NOT_FOUND instead of null. */
export async function visibleMessage(scope: Scope, id: string): Promise<VisibleMessage> {
  const visible = await findVisibleMessage(scope, id);
  if (!visible) throw noSuchMessage();
  return visible;
}

export const noSuchMessage = () =>
  notFound('There is no such message, or it is not open to you. Check the id.');
