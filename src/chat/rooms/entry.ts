import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { hasRole, joinFirst, requireMember } from '../conversations/access.ts';
import {
  memberCount,
  viewerMembership,
  type Conversation,
  type Member,
} from '../conversations/conversations.ts';
import {
  admit,
  dismiss,
  lockEntrance,
  lockMembers,
  requireOwner,
  type Entrance,
} from '../conversations/membership.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { banned, bansOf } from './bans.ts';
import { archived, noSuchRoom, visibleRoom, type RoomReference } from './rooms.ts';

const invitedAtOnce = 100;

/** Makes the viewer a member of a public room. Does nothing if they are a member already. */
export async function joinRoom(scope: Scope, reference: RoomReference): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, reference);
  if (await viewerMembership.load(scope, room.id)) return room;
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

/** Adds users to a room: all of them or none. Users who are members already stay unchanged. */
export async function inviteToRoom(
  scope: Scope,
  roomId: string,
  userIds: readonly string[],
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  const { member } = await requireMember(scope, room.id);
  requireInvitation(viewer, room, member, []);
  const invited = await requireUsers(scope, userIds);
  if (room.visibility === 'PRIVATE') await spendForStrangers(scope, viewer, invited);
  await transact(scope.node, async (transaction, record) => {
    const entrance = await lockEntrance(transaction, room.id);
    const members = await lockMembers(transaction, room.id, [viewer.id]);
    requireInvitation(viewer, entrance, members.get(viewer.id), invited);
    const bans = await bansOf(
      transaction,
      room.id,
      invited.map(({ id }) => id),
    );
    const bannedUser = invited.find(({ id }) => bans.has(id));
    if (bannedUser)
      throw forbidden(
        `${bannedUser.username} is banned from this room. Invite the others only, or ask a moderator to lift the ban.`,
      );
    await admit(scope.node, transaction, record, room.id, invited);
  });
  forgetMembership(scope, room.id);
  return room;
}

/**
 * Counts each user who shares no private room and no direct conversation with the viewer, so that
 * nobody can fill private rooms with strangers.
 */
async function spendForStrangers(
  scope: Scope,
  viewer: Viewer,
  invited: readonly UserRow[],
): Promise<void> {
  const acquainted = await scope.node.database.prisma.user.findMany({
    where: {
      id: { in: invited.map(({ id }) => id) },
      members: {
        some: {
          conversation: {
            members: { some: { userId: viewer.id } },
            OR: [{ visibility: 'PRIVATE' }, { visibility: null }],
          },
        },
      },
    },
    select: { id: true },
  });
  const acquaintedIds = new Set(acquainted.map(({ id }) => id));
  for (const { id } of invited)
    if (!acquaintedIds.has(id)) await spend(scope, 'invite-stranger', viewer.id);
}

function requireInvitation(
  viewer: Viewer,
  room: Pick<Conversation, keyof Entrance>,
  member: Pick<Member, 'role'> | undefined,
  invited: UserRow[],
): void {
  if (!member) throw room.visibility === 'PUBLIC' ? joinFirst() : noSuchRoom();
  if (viewer.isGuest) throw forbidden('Guests cannot invite others. Sign up first.');
  if (room.visibility === 'PRIVATE' && !hasRole(member, 'MODERATOR'))
    throw forbidden(
      'Only owners and moderators can invite others to a private room. Ask one of them.',
    );
  if (room.archivedAt) throw archived();
  if (room.visibility === 'PRIVATE' && invited.some(({ isGuest }) => isGuest))
    throw forbidden('Guests cannot join private rooms. Invite the others only.');
}

async function requireUsers(scope: Scope, userIds: readonly string[]): Promise<UserRow[]> {
  const ids = [...new Set(userIds.map((id) => id.toLowerCase()))];
  if (ids.length < 1 || ids.length > invitedAtOnce)
    throw invalid(`You can invite 1 to ${invitedAtOnce} users at once.`, 'userIds');
  return Promise.all(ids.map((id) => requireUser(scope, id)));
}

async function requireUser(scope: Scope, id: string): Promise<UserRow> {
  const user = await livingUsers.load(scope, id);
  if (!user) throw notFound(`There is no user with the id ${id}. Check the id.`);
  return user;
}

function forgetMembership(scope: Scope, roomId: string): void {
  for (const loader of [viewerMembership, memberCount]) loader.clear(scope, roomId);
}
