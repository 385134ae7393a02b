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
import { hiddenFromPeer } from '../messages/hidden.ts';
import type { GatedConversation } from '../messages/gated-conversation.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { sendMessage, type SendRequest } from '../messages/send.ts';
import { spend } from '../policy/allowances.ts';
import { direct } from './direct.ts';
import {
  directConversationId,
  notForGuests,
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
  /**
   * Whether the recipient was connected to any node when the message was sent. Also false while
   * this is unknown, and if the recipient blocked the sender.
   */
  readonly delivered: boolean;
}

/**
 * Sends a message to one user, connected or not. The first message creates the conversation. A
 * repeat with the same key returns the first message [P6].
 */
export async function sendPrivateMessage(
  scope: Scope,
  { toUserId, ...request }: PrivateMessage,
): Promise<SentPrivately> {
  const viewer = requireViewer(scope);
  const conversationId = await requirePeer(scope, toUserId);
  const peerId = toUserId.toLowerCase();
  // This message, or another one at the same moment, may create the conversation.
  viewerMembership.clear(scope, conversationId);
  const hiddenFromId = await hiddenFromPeer(scope, peerId);
  const delivered = hiddenFromId === null && scope.node.presence.isOnline(peerId);
  const sent = await sendMessage(
    scope,
    { ...request, conversationId },
    {
      hiddenFromId,
      conversation: unopenedDirect(conversationId, [viewer.id, peerId]),
      async letIn({ replyToId }) {
        // A conversation without messages has none to reply to. A send that will be refused
        // creates no conversation.
        if (replyToId != null) return false;
        await spend(scope, 'open-conversation');
        await transact(scope.node, (transaction) =>
          openDirectConversation(transaction, [viewer.id, peerId]),
        );
        return true;
      },
    },
  );
  return {
    ...sent,
    conversation: (await conversationById.load(scope, conversationId))!,
    delivered,
  };
}

const unopenedDirect = (id: string, userIds: readonly string[]): GatedConversation => ({
  type: direct.typeName,
  id,
  userIds: userIds.toSorted(),
});

/**
 * The topic of all private messages of the viewer, or of those with one user, even if there are
 * none yet.
 */
export function privateTopic(scope: Scope, withUserId: string | null | undefined): Topic {
  const viewer = requireViewer(scope);
  if (withUserId == null) return directTopic(viewer.id);
  if (!isId(withUserId))
    throw notFound(`There is no user with the id ${withUserId}. Check the id.`);
  return conversationTopic(directConversationId(viewer.id, withUserId.toLowerCase()));
}

/**
 * Throws for guests. All other users can follow their own messages; with a deleted account only if
 * the conversation exists.
 */
export async function requirePrivateMessages(
  scope: Scope,
  withUserId: string | null | undefined,
): Promise<void> {
  if (requireViewer(scope).isGuest) throw notForGuests();
  if (withUserId != null) await requirePeer(scope, withUserId);
}
