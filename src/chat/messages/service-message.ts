import type { Scope } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { externalIdIn } from '../people/external-ids.ts';
import { requireService, startServiceCall } from '../policy/service-calls.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { noSuchMessage, type VisibleMessage } from './visible-message.ts';

/**
 * The message that a service changes, of any conversation. The audit log names its author.
 * NOT_FOUND if there is none.
 */
export async function startCallOnMessage(
  scope: Scope,
  action: string,
  messageId: string,
): Promise<VisibleMessage> {
  requireService(scope, 'messages');
  const message = await findNamed(scope, messageId);
  await startServiceCall(scope, 'messages', {
    action,
    userId: message?.authorId,
    targets: [messageId],
  });
  const conversation = message && (await conversationById.load(scope, message.conversationId));
  if (!conversation || conversation.deletedAt) throw noSuchMessage();
  return { message, conversation };
}

/** The message with this id, or with the external id of its import. */
async function findNamed(scope: Scope, messageId: string): Promise<MessageRow | null> {
  const externalId = externalIdIn(scope, messageId);
  if (externalId === undefined) return messageById.load(scope, messageId.toLowerCase());
  const found = await scope.node.database.prisma.message.findFirst({
    where: { externalId },
    select: { id: true },
  });
  return found && messageById.load(scope, found.id);
}
