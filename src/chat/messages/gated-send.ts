import type { Scope } from '../../scope.ts';
import { forgetPermission, noSuchConversation, requireWriter } from '../conversations/access.ts';
import { conversationById } from '../conversations/conversations.ts';
import { gatedConversation, type GatedConversation } from './gated-conversation.ts';
import { gateFor } from './message-gate.ts';
import { writtenBody, type NewMessage } from './new-message.ts';

/**
 * The message as the gate of the application lets it pass. `unopened` is the conversation that the
 * message will create, if there is none. It throws if the author may not write there, before the
 * gate is asked, or if the gate refuses. A message that is stored already is not asked about [P6].
 */
export async function reviewSend(
  scope: Scope,
  message: NewMessage,
  unopened?: GatedConversation,
): Promise<NewMessage> {
  const gate = gateFor(scope);
  if (!gate) return message;
  return gate.inTurn(scope, async () => {
    if (await isStored(scope, message)) return message;
    const conversation = await writableConversation(scope, message.conversationId, unopened);
    const { body: sentBody, metadata, replyToId, attachmentIds } = message;
    const { body, ...rewritten } = await gate.review(scope, {
      type: 'BeforeMessageSent',
      id: null,
      body: sentBody,
      metadata,
      replyToId,
      attachmentIds,
      conversation,
    });
    if (body === undefined && rewritten.metadata === undefined) return message;
    const written = body === undefined ? {} : writtenBody(body);
    return { ...message, ...rewritten, ...written, sentBody };
  });
}

async function isStored(
  { node }: Scope,
  { authorId, conversationId, idempotencyKey }: NewMessage,
): Promise<boolean> {
  if (idempotencyKey === undefined) return false;
  const found = await node.database.query(stored, [authorId, conversationId, idempotencyKey]);
  return found.length > 0;
}

const stored = {
  name: 'gated message',
  text: 'select from messages where author_id = $1::uuid and conversation_id = $2::uuid and idempotency_key = $3::text',
};

async function writableConversation(
  scope: Scope,
  id: string,
  unopened: GatedConversation | undefined,
): Promise<GatedConversation> {
  const conversation = await conversationById.load(scope, id);
  if (!conversation && !unopened) throw noSuchConversation();
  if (conversation) await requireWriter(scope, id);
  // The message may change these rows.
  forgetPermission(scope, id);
  return conversation ? gatedConversation(scope.node, conversation) : unopened!;
}
