import { isDeepStrictEqual } from 'node:util';
import type { Prisma } from '../../db/generated/client.ts';
import type { MemberRole } from '../../db/generated/enums.ts';
import { conflict, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import { noSuchConversation } from '../conversations/access.ts';
import {
  conversationById,
  memberFact,
  type Conversation,
  type Member,
} from '../conversations/conversations.ts';
import { resolveConversationId } from '../conversations/external-ids.ts';
import { destinationOf } from '../conversations/kinds.ts';
import { admit, dismiss, lockEntrance, lockMembers } from '../conversations/membership.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { bansOf } from '../rooms/bans.ts';
import { forgetMembership } from '../rooms/entry.ts';
import { isRoom, noSuchRoom } from '../rooms/rooms.ts';
import { itemsMax } from './upserts.ts';

/** The users to add to a room or to remove from it, all of them or none. */
export interface MembersRequest {
  readonly roomId: string;
  readonly userIds: readonly string[];
}

export interface MembersChange {
  readonly room: Conversation;
  /** The number of memberships that began, changed or ended. */
  readonly changedCount: number;
}

/**
 * Makes users members of a room, with a role if one is given; members keep theirs without one. It
 * notifies nobody. CONFLICT if one is banned, or is a guest who cannot have this membership. For
 * services.
 */
export async function addMembers(
  scope: Scope,
  { role, ...request }: MembersRequest & { readonly role?: MemberRole | null },
): Promise<MembersChange> {
  const { room, users } = await start(scope, 'addMembers', request);
  const ids = users.map(({ id }) => id);
  const changed = await transact(scope.node, async (transaction, record) => {
    const { visibility } = await lockEntrance(transaction, room.id);
    refuseGuests(users, visibility === 'PRIVATE', role ?? 'MEMBER');
    const [ban] = (await bansOf(transaction, room.id, ids)).keys();
    if (ban)
      throw conflict(
        `The user ${ban} is banned from this room. Lift the ban first, or add the others only.`,
      );
    const joined = await admit(scope.node, transaction, record, room.id, users);
    if (!role) return joined;
    const members = await lockMembers(transaction, room.id, ids);
    const others = [...members.values()].filter((member) => member.role !== role);
    const updated = await transaction.member.updateManyAndReturn({
      where: { conversationId: room.id, userId: { in: others.map(({ userId }) => userId) } },
      data: { role },
    });
    for (const member of updated)
      record(
        { type: 'MemberUpdated', data: { conversationId: room.id, userId: member.userId } },
        memberFact(member),
      );
    return [...joined, ...updated.map(({ userId }) => userId)];
  });
  forgetMembership(scope, room.id);
  return { room, changedCount: new Set(changed).size };
}

function refuseGuests(users: readonly UserRow[], isPrivate: boolean, role: MemberRole): void {
  const guest = users.find(({ isGuest }) => isGuest);
  if (guest && (isPrivate || role !== 'MEMBER'))
    throw conflict(
      `${guest.username} is a guest. Guests can be members of public rooms only, without a role.`,
    );
}

/** Ends memberships; users who are not members stay as they are. For services. */
export async function removeMembers(scope: Scope, request: MembersRequest): Promise<MembersChange> {
  const { room, users } = await start(scope, 'removeMembers', request);
  const left = await transact(scope.node, async (transaction, record) => {
    await lockMembers(
      transaction,
      room.id,
      users.map(({ id }) => id),
    );
    return dismiss(transaction, record, room.id, users, 'KICKED');
  });
  forgetMembership(scope, room.id);
  return { room, changedCount: left.length };
}

/** The room and the users of a call. NOT_FOUND for an unknown one. */
async function start(
  scope: Scope,
  action: string,
  { roomId, userIds }: MembersRequest,
): Promise<{ room: Conversation; users: UserRow[] }> {
  await startServiceCall(scope, 'rooms', { action, targets: [roomId, ...userIds] });
  if (userIds.length < 1 || userIds.length > itemsMax)
    throw invalid(`Pass 1 to ${itemsMax} users. Pass the others with another call.`, 'userIds');
  const room = await roomOf(scope, roomId);
  const ids = await resolveUserIds(scope, userIds);
  const users = await Promise.all(
    ids.map(async (id, index) => {
      const user = isId(id) ? await livingUsers.load(scope, id.toLowerCase()) : null;
      if (!user) throw notFound(`There is no user with the id ${userIds[index]}. Check the id.`);
      return user;
    }),
  );
  return { room, users: [...new Map(users.map((user) => [user.id, user])).values()] };
}

/** The room with an id that a service passed. NOT_FOUND if there is none. */
export async function roomOf(scope: Scope, roomId: string): Promise<Conversation> {
  const id = await resolveConversationId(scope, roomId);
  const room = isId(id) ? await conversationById.load(scope, id) : null;
  if (room?.kind !== isRoom.kind || room.deletedAt) throw noSuchRoom();
  return room;
}

/**
 * Replaces the metadata of a membership in a conversation of any kind. The same metadata changes
 * nothing. NOT_FOUND if there is no such membership. For services.
 */
export async function setMemberMetadata(
  scope: Scope,
  request: { conversationId: string; userId: string; metadata: JsonObject },
): Promise<Member> {
  const targets = [request.conversationId, request.userId];
  await startServiceCall(scope, 'rooms', { action: 'setMemberMetadata', targets });
  const metadata = checkJson(request.metadata, 'metadata');
  const conversationId = await resolveConversationId(scope, request.conversationId);
  const [userId] = await resolveUserIds(scope, [request.userId]);
  if (!isId(conversationId) || !isId(userId!)) throw noSuchMember();
  const conversation = await conversationById.load(scope, conversationId);
  if (!conversation) throw noSuchConversation();
  const key = { conversationId, userId: userId!.toLowerCase() };
  return transact(scope.node, async (transaction, record) => {
    await lockMembers(transaction, conversationId, [key.userId]);
    const where = { conversationId_userId: key };
    const member = await transaction.member.findUnique({ where });
    if (!member) throw noSuchMember();
    if (isDeepStrictEqual(member.metadata, metadata)) return member;
    const data = { metadata: metadata as Prisma.InputJsonObject };
    const updated = await transaction.member.update({ where, data });
    record(
      {
        type: 'MemberUpdated',
        data: { ...destinationOf(scope.node, conversation), userId: key.userId },
      },
      memberFact(updated),
    );
    return updated;
  });
}

const noSuchMember = () =>
  notFound(
    'This user is not a member of this conversation, or one of them does not exist. Check the ids.',
  );
