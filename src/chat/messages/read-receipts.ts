import type { Scope } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { kindOf } from '../conversations/kinds.ts';
import type { MessageRow } from './message-row.ts';

/**
 * Whether the other side of the conversation has read the message. Always false in a kind that does
 * not show it.
 */
export async function isRead(
  scope: Scope,
  { conversationId, authorId, seq }: MessageRow,
): Promise<boolean> {
  const conversation = (await conversationById.load(scope, conversationId))!;
  return (await kindOf(scope.node, conversation).readUpTo(scope, conversation, authorId)) >= seq;
}
