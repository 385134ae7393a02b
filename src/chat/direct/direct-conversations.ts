import { v5 as nameBasedId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import { forbidden, invalid, notFound } from '../../errors.ts';
import { directTopic } from '../../events/topics.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { livingUsers, users, type UserRow } from '../people/users.ts';
import { viewerMembership, type Conversation } from '../conversations/conversations.ts';
import { listNewestFirst } from '../conversations/newest-first.ts';

const namespace = '0d5fbd3c-6f0e-4d4b-9d6d-0f6b0c6a7e51';

/**
 * The id of the conversation of two users. It is derived from their ids, so that there is only one
 * such conversation, and clients can subscribe before it exists.
 */
export const directConversationId = (userId: string, otherId: string): string =>
  nameBasedId([userId, otherId].sort().join(' '), namespace);

/**
 * The id of the viewer's conversation with a user. Users can write to all other users except guests
 * and deleted accounts; guests can write to none. If the conversation exists, its own rules decide
 * who can write.
 */
export async function requirePeer(scope: Scope, userId: string): Promise<string> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw notForGuests();
  const peerId = userId.toLowerCase();
  if (peerId === viewer.id) throw invalid('You cannot write to yourself. Choose another user.');
  const conversationId = directConversationId(viewer.id, peerId);
  if (await viewerMembership.load(scope, conversationId)) return conversationId;
  const peer = await livingUsers.load(scope, peerId);
  if (!peer) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  if (peer.isGuest)
    throw forbidden(
      `${peer.username} is a guest and cannot receive private messages. Write in a public room.`,
    );
  return conversationId;
}

export const notForGuests = () => forbidden('Guests cannot use private messages. Sign up first.');

/**
 * Creates the conversation of two users with both members, if it does not exist. Neither user is
 * notified before the first message.
 */
export async function openDirectConversation(
  transaction: Transaction,
  userIds: readonly [string, string],
): Promise<void> {
  const [lesserUserId, greaterUserId] = [...userIds].sort();
  const id = directConversationId(...userIds);
  // The lock orders this and a deletion of one of the accounts, which then finds this membership to
  // end.
  const living = await transaction.$queryRaw<unknown[]>`
    select from users where id = any(${[...userIds]}::uuid[]) and deleted_at is null order by id for key share`;
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

/** The other participant, whose account may be deleted. Only for the two participants. */
export async function peerOf(
  scope: Scope,
  { lesserUserId, greaterUserId }: Conversation,
): Promise<UserRow> {
  const viewer = requireViewer(scope);
  const peerId = [lesserUserId!, greaterUserId!].find((id) => id !== viewer.id)!;
  if (![lesserUserId, greaterUserId].includes(viewer.id))
    throw notFound('This conversation does not exist, or you do not have access to it.');
  return (await users.load(scope, peerId))!;
}

/** The viewer's conversations that have messages, sorted by their newest message, newest first. */
export async function listDirectConversations(scope: Scope, page: PageArguments) {
  const viewer = requireViewer(scope);
  return listNewestFirst(scope, directTopic(viewer.id), page);
}
