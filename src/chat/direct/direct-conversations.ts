import { v5 as nameBasedId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import { forbidden, invalid, notFound } from '../../errors.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { livingUsers, users, type UserRow } from '../people/users.ts';
import { viewerMembership, type Conversation } from '../conversations/conversations.ts';
import { listNewestFirst } from '../conversations/newest-first.ts';

const namespace = '0d5fbd3c-6f0e-4d4b-9d6d-0f6b0c6a7e51';

/** The id of what two users write to each other, whether there is anything yet: so there is one such conversation, and it can be followed before it begins. */
export const directConversationId = (userId: string, otherId: string): string =>
  nameBasedId([userId, otherId].sort().join(' '), namespace);

/**
 * The id of their direct conversation. Everybody may write to everybody but themselves, guests, and those who went; and guests may to nobody.
 * Of a conversation that there is already, it says itself who may write.
 */
export async function requirePeer(scope: Scope, userId: string): Promise<string> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw noneForGuests();
  const peerId = userId.toLowerCase();
  if (peerId === viewer.id) throw invalid('Nobody writes to themselves. Name another user.');
  const conversationId = directConversationId(viewer.id, peerId);
  if (await viewerMembership.load(scope, conversationId)) return conversationId;
  const peer = await livingUsers.load(scope, peerId);
  if (!peer) throw notFound(`There is no user ${userId}. Check the id.`);
  if (peer.isGuest)
    throw forbidden(
      `${peer.username} is a guest, and guests have no private messages. Write in a public room.`,
    );
  return conversationId;
}

export const noneForGuests = () => forbidden('Guests have no private messages. Sign up first.');

/** Makes the conversation of two users and both its members, all of it once however many do so. Neither is told before there is a message. */
export async function openDirectConversation(
  transaction: Transaction,
  userIds: readonly [string, string],
): Promise<void> {
  const [lesserUserId, greaterUserId] = [...userIds].sort();
  const id = directConversationId(...userIds);
  // Held, so that somebody who goes at the same moment has left before, or finds this to leave.
  const living = await transaction.$queryRaw<
    unknown[]
  >`select from users where id = any(${[...userIds]}::uuid[]) and deleted_at is null order by id for key share`;
  if (living.length < 2) return;
  await transaction.conversation.createMany({
    data: { id, kind: 'DIRECT', lesserUserId, greaterUserId },
    skipDuplicates: true,
  });
  await transaction.member.createMany({
    data: [lesserUserId!, greaterUserId!].map((userId) => ({ conversationId: id, userId })),
    skipDuplicates: true,
  });
}

/** The other one of the two, who may have deleted their account. For the two alone. */
export async function peerOf(
  scope: Scope,
  { lesserUserId, greaterUserId }: Conversation,
): Promise<UserRow> {
  const viewer = requireViewer(scope);
  const peerId = [lesserUserId!, greaterUserId!].find((id) => id !== viewer.id)!;
  if (![lesserUserId, greaterUserId].includes(viewer.id))
    throw notFound('There is no such conversation, or it is not open to you.');
  return (await users.load(scope, peerId))!;
}

/** Those of the viewer in which there is a message, the one with the newest first. */
export async function listDirectConversations(scope: Scope, page: PageArguments) {
  const viewer = requireViewer(scope);
  return listNewestFirst(
    scope,
    { OR: [{ lesserUserId: viewer.id }, { greaterUserId: viewer.id }] },
    page,
  );
}
