import { notFound } from '../../errors.ts';
import { conversationTopic, directTopic, type Topic } from '../../events/topics.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  conversationById,
  viewerMembership,
  type Conversation,
} from '../conversations/conversations.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { sendMessage, type SendRequest } from '../messages/send.ts';
import { spend } from '../policy/allowances.ts';
import {
  directConversationId,
  noneForGuests,
  openDirectConversation,
  requirePeer,
} from './direct-conversations.ts';

export interface PrivateMessage extends Omit<SendRequest, 'conversationId'> {
  readonly toUserId: string;
}

export interface SentPrivately {
  readonly message: MessageRow;
  readonly conversation: Conversation;
  readonly duplicate: boolean;
  /** Whether the receiver was connected to any node when it was sent; false also while that is not known. */
  readonly delivered: boolean;
}

/** Writes to one user, whether they are connected or not; the conversation begins with the first message. Repeated with the same key it gives the first message [P6]. */
export async function sendPrivateMessage(
  scope: Scope,
  { toUserId, ...request }: PrivateMessage,
): Promise<SentPrivately> {
  const viewer = requireViewer(scope);
  const conversationId = await requirePeer(scope, toUserId);
  const peerId = toUserId.toLowerCase();
  // It may begin meanwhile, here or by a message at the same moment.
  viewerMembership.clear(scope, conversationId);
  const delivered = scope.node.presence.isOnline(peerId);
  const sent = await sendMessage(scope, { ...request, conversationId }, async ({ replyToId }) => {
    // There is nothing yet to reply to, and nothing is to be opened for a send that is refused.
    if (replyToId != null) return false;
    await spend(scope, 'open-conversation', viewer.id);
    await transact(scope.node, (transaction) =>
      openDirectConversation(transaction, [viewer.id, peerId]),
    );
    return true;
  });
  return {
    ...sent,
    conversation: (await conversationById.load(scope, conversationId))!,
    delivered,
  };
}

/** Where the viewer's private messages are heard: all of them, or those with one user, whether there are any yet. */
export function privateTopic(scope: Scope, withUserId: string | null | undefined): Topic {
  const viewer = requireViewer(scope);
  if (withUserId == null) return directTopic(viewer.id);
  if (!isId(withUserId)) throw notFound(`There is no user ${withUserId}. Check the id.`);
  return conversationTopic(directConversationId(viewer.id, withUserId.toLowerCase()));
}

/** Everybody but guests may follow their own; those with somebody who went as long as there are any. */
export async function requirePrivateMessages(
  scope: Scope,
  withUserId: string | null | undefined,
): Promise<void> {
  if (requireViewer(scope).isGuest) throw noneForGuests();
  if (withUserId != null) await requirePeer(scope, withUserId);
}
