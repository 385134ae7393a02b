import { conflict, invalid, notFound, Refusal } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  memberCount,
  viewerMembership,
  type Conversation,
} from '../conversations/conversations.ts';
import { admit, dismiss, lockEntrance, requireOwner } from '../conversations/membership.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { banned, bansOf } from './bans.ts';
import {
  archived,
  createRoom,
  findRoom,
  noSuchRoom,
  visibleRoom,
  type RoomReference,
} from './rooms.ts';

/**
 * Joins the room with this name. If there is none, creates a public one with the viewer as its
 * owner. Of several who ask at once, one creates it and the others join.
 */
export async function joinOrCreateRoom(
  scope: Scope,
  { id, name }: RoomReference,
): Promise<Conversation> {
  requireViewer(scope);
  if (id != null || name == null)
    throw invalid('Pass the `name` of the room with `createIfMissing`, and no `roomId`.', 'name');
  if (await findRoom(scope, { name })) return joinRoom(scope, { name });
  try {
    return await createRoom(scope, { name });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'CONFLICT') return joinRoom(scope, { name });
    throw error;
  }
}

/** Makes the viewer a member of a public room. Does nothing if they are a member already. */
export async function joinRoom(scope: Scope, reference: RoomReference): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, reference);
  if (await viewerMembership.load(scope, room.id)) return room;
  await spend(scope, 'join-or-leave');
  const user = await requireUser(scope, viewer.id);
  await transact(scope.node, async (transaction, record) => {
    const entrance = await lockEntrance(transaction, room.id);
    if (entrance.visibility !== 'PUBLIC') throw noSuchRoom();
    const [ban] = (await bansOf(transaction, room.id, [user.id])).values();
    if (ban) throw banned(ban);
    if (entrance.archivedAt) throw archived();
    await admit(scope.node, transaction, record, room.id, [user]);
  });
  forgetMembership(scope, room.id);
  return room;
}

/**
 * Ends the viewer's membership. CONFLICT if the viewer is not a member, or is the last owner while
 * there are other members.
 */
export async function leaveRoom(scope: Scope, roomId: string): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  await spend(scope, 'join-or-leave');
  const user = await requireUser(scope, viewer.id);
  await transact(scope.node, async (transaction, record) => {
    const [left] = await dismiss(transaction, record, room.id, [user], 'LEFT');
    if (!left) throw conflict('You are not a member of this room, so you cannot leave it.');
    if (left.role === 'OWNER')
      await requireOwner(
        transaction,
        room.id,
        'You are the last owner of this room. Make another member an owner, then leave.',
      );
  });
  forgetMembership(scope, room.id);
  return room;
}

export async function requireUser(scope: Scope, id: string): Promise<UserRow> {
  const user = await livingUsers.load(scope, id);
  if (!user) throw notFound(`There is no user with the id ${id}. Check the id.`);
  return user;
}

export function forgetMembership(scope: Scope, roomId: string): void {
  for (const loader of [viewerMembership, memberCount]) loader.clear(scope, roomId);
}
