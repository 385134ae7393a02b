import type { Node } from '../../scope.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { kindOf } from '../conversations/kinds.ts';

/** A conversation as the gate sees it. */
export interface GatedConversation {
  readonly type: string;
  readonly id: string;
  /** The users whose conversation it is. Other types have members instead. */
  readonly userIds?: readonly string[];
  readonly [detail: string]: unknown;
}

export function gatedConversation(
  node: Pick<Node, 'services'>,
  conversation: Conversation,
): GatedConversation {
  const { id, externalId, name, topic, visibility, metadata } = conversation;
  const { lesserUserId, greaterUserId, customerId } = conversation;
  const userIds = [lesserUserId, greaterUserId, customerId].filter((userId) => userId !== null);
  return {
    type: kindOf(node, conversation).typeName,
    id,
    ...(userIds.length > 0 ? { userIds } : { externalId, name, topic, visibility, metadata }),
  };
}
