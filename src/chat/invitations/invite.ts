import { v7 as newId } from 'uuid';
import { forbidden, invalid } from '../../errors.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { hasRole, joinFirst, requireMember } from '../conversations/access.ts';
import type { Conversation, Member } from '../conversations/conversations.ts';
import { admit, lockEntrance, lockMembers, type Entrance } from '../conversations/membership.ts';
import { storeContents, transactNotifying, type Content } from '../notifications/write.ts';
import type { UserRow } from '../people/users.ts';
import { spend, spendFor } from '../policy/allowances.ts';
import { bansOf } from '../rooms/bans.ts';
import { forgetMembership, requireUser } from '../rooms/entry.ts';
import { archived, noSuchRoom, visibleRoom } from '../rooms/rooms.ts';

const invitedAtOnce = 100;

/**
 * Adds users to a room: all of them or none. Users who are members already stay unchanged; the
 * others are notified.
 */
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
  await spend(scope, 'invite', invited.length);
  if (room.visibility === 'PRIVATE') await spendForStrangers(scope, viewer, invited);
  await transactNotifying(scope.node, async (transaction, record, notify) => {
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
    const joined = new Set(await admit(scope.node, transaction, record, room.id, invited));
    const notified = invited.filter(({ id, isGuest }) => joined.has(id) && !isGuest);
    if (notified.length === 0) return;
    const content = invitationContent(room.id, viewer.id);
    await storeContents(transaction, [content]);
    notify(
      content,
      notified.map(({ id }) => id),
    );
  });
  forgetMembership(scope, room.id);
  return room;
}

/**
 * Counts each user who has written nothing in a private room or a direct conversation with the
 * viewer, so that nobody can fill private rooms with strangers, or add one to ever more of them.
 */
async function spendForStrangers(
  scope: Scope,
  viewer: Viewer,
  invited: readonly UserRow[],
): Promise<void> {
  const known = await scope.node.database.query<{ id: string }>(acquaintedStatement, [
    viewer.id,
    invited.map(({ id }) => id),
  ]);
  const acquainted = new Set(known.map(({ id }) => id));
  for (const { id } of invited) {
    if (acquainted.has(id)) continue;
    await spend(scope, 'invite-stranger');
    await spendFor(scope, 'invite-same-stranger', `${viewer.id} ${id}`);
  }
}

/** A message shows that a user takes part; a membership may be the viewer's own doing. */
const acquaintedStatement = {
  name: 'acquainted-users',
  text: `select id from unnest($2::uuid[]) as invited(id) where exists (
      select from members theirs join members own using (conversation_id) join conversations on conversations.id = conversation_id
      where theirs.user_id = invited.id and own.user_id = $1 and visibility is distinct from 'PUBLIC' and exists (
        select from messages where author_id = invited.id and conversation_id = conversations.id))`,
};

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

/** Its words are made when it is read, from the current names of the inviter and the room. */
const invitationContent = (conversationId: string, invitedById: string): Content => ({
  id: newId(),
  type: 'room_invitation',
  title: null,
  message: null,
  data: { conversationId, invitedById },
});
