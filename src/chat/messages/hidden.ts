import type { Prisma } from '../../db/generated/client.ts';
import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { relationTo } from '../people/blocks.ts';
import type { MessageRow } from './message-row.ts';

/** The condition for messages that are not hidden from the viewer. */
export const shownTo = ({ viewer }: Scope): Prisma.MessageWhereInput =>
  viewer ? { OR: [{ hiddenFromId: null }, { hiddenFromId: { not: viewer.id } }] } : {};

export const isHidden = ({ viewer }: Scope, { hiddenFromId }: MessageRow): boolean =>
  hiddenFromId !== null && hiddenFromId === viewer?.id;

/** The other participant of a direct conversation; undefined for other conversations. */
function peerIn({ lesserUserId, greaterUserId }: Conversation, userId: string): string | undefined {
  return [lesserUserId, greaterUserId].find((id) => id !== null && id !== userId) ?? undefined;
}

/** The ids of conversations of two sides are made of their users' ids. */
const mayHaveTwoSides = (conversationId: string): boolean => conversationId[14] === '5';

/**
 * The participant from whom a message of the viewer is hidden, because they blocked the viewer.
 * Null if nobody did. FORBIDDEN if the viewer blocked them.
 */
export async function hiddenFrom(scope: Scope, conversationId: string): Promise<string | null> {
  // A backend that sends in the name of a user acts for the application.
  if (scope.service || !mayHaveTwoSides(conversationId)) return null;
  const conversation = await conversationById.load(scope, conversationId);
  const peerId = conversation && peerIn(conversation, requireViewer(scope).id);
  return peerId ? hiddenFromPeer(scope, peerId) : null;
}

/** The same, for a conversation that may not exist yet. */
export async function hiddenFromPeer(scope: Scope, peerId: string): Promise<string | null> {
  const { blockedAt, blockedViewerAt } = await relationTo.load(scope, peerId);
  if (blockedAt)
    throw forbidden('You blocked this user. Unblock them with unblockUser, then write.');
  return blockedViewerAt ? peerId : null;
}

/**
 * The participant who must not receive what the viewer does in a conversation, because one of the
 * two blocked the other. Nobody if a service acts.
 */
export async function silentPeer(
  scope: Scope,
  conversation: Conversation,
): Promise<string | undefined> {
  if (scope.service) return undefined;
  const peerId = peerIn(conversation, requireViewer(scope).id);
  if (!peerId) return undefined;
  const { blockedAt, blockedViewerAt } = await relationTo.load(scope, peerId);
  return blockedAt || blockedViewerAt ? peerId : undefined;
}
