import type { Transaction } from '../../db/database.ts';
import type { MemberRole } from '../../db/generated/enums.ts';
import { notFound } from '../../errors.ts';
import { type RecordEvent, transact } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { memberCount, viewerMembership } from '../conversations/conversations.ts';
import {
  lockEntranceAlone,
  lockEntrance,
  lockMembers,
  type LockedMember,
} from '../conversations/membership.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { noSuchRoom, visibleRoom } from '../rooms/rooms.ts';
import { requirePower } from './standing.ts';

export interface Target {
  readonly roomId: string;
  readonly userId: string;
}

/** The locked rows of a moderation; they stay unchanged until the transaction ends. */
export interface Moderation {
  readonly transaction: Transaction;
  readonly record: RecordEvent;
  readonly roomId: string;
  readonly viewer: Viewer;
  /** The viewer's membership; undefined for an admin who has none. */
  readonly member: LockedMember | undefined;
  readonly target: UserRow;
  /** Undefined if the target is not a member. */
  readonly targetMember: LockedMember | undefined;
}

/**
 * Moderates a user in a room with both memberships locked, so that a concurrent change of a role
 * happens either before or after. `entrance: 'closed'` also blocks joining until the transaction
 * ends, for bans.
 */
export async function moderate<Result>(
  scope: Scope,
  { roomId, userId }: Target,
  { power, entrance = 'open' }: { power: MemberRole; entrance?: 'open' | 'closed' },
  work: (moderation: Moderation) => Promise<Result>,
): Promise<Result> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), power);
  await spend(scope, 'moderate');
  const target = await livingUsers.load(scope, userId.toLowerCase());
  if (!target) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  const result = await transact(scope.node, async (transaction, record) => {
    if (entrance === 'closed') await lockEntranceAlone(transaction, room.id);
    const { visibility } = await lockEntrance(transaction, room.id);
    const members = await lockMembers(transaction, room.id, [viewer.id, target.id]);
    const member = members.get(viewer.id);
    if (!member && visibility !== 'PUBLIC') throw noSuchRoom();
    requirePower(viewer, member, power);
    return work({
      transaction,
      record,
      roomId: room.id,
      viewer,
      member,
      target,
      targetMember: members.get(target.id),
    });
  });
  for (const loader of [viewerMembership, memberCount]) loader.clear(scope, room.id);
  return result;
}

/** The room, the moderator and the target, as columns of the moderation log. */
export const partiesOf = ({ roomId, viewer, target }: Moderation) => ({
  conversationId: roomId,
  moderatorId: viewer.id,
  userId: target.id,
});

export const notAMember = ({ username }: UserRow) =>
  notFound(`${username} is not a member of this room. Check the user and the room.`);
