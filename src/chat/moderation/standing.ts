import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden } from '../../errors.ts';
import type { Viewer } from '../../scope.ts';
import { hasRole, rank } from '../conversations/access.ts';
import type { UserRow } from '../people/users.ts';
import type { LockedMember } from '../conversations/membership.ts';

type Standing = Pick<LockedMember, 'role'> | null | undefined;

/** An admin stands above everybody in every room they see, with or without a membership; who is not a member stands with the members. */
const heightOf = (user: Pick<UserRow, 'role'>, member: Standing): number =>
  user.role === 'ADMIN' ? rank.OWNER + 1 : rank[member?.role ?? 'MEMBER'];

/** FORBIDDEN for who has not at least this role in the room. For rooms that the viewer may see. */
export function requirePower(viewer: Viewer, member: Standing, role: MemberRole): void {
  if (viewer.role === 'ADMIN' || hasRole(member, role)) return;
  throw forbidden(
    role === 'OWNER'
      ? "Only the room's owners do that. Ask one of them."
      : "Only the room's moderators and owners do that. Ask one of them.",
  );
}

/** Nobody moderates an equal or a superior, nor themselves. */
export function requireSuperior(
  viewer: Viewer,
  member: Standing,
  target: UserRow,
  targetMember: Standing,
): void {
  if (viewer.id === target.id)
    throw forbidden('You cannot do that to yourself. To go, leave the room.');
  if (heightOf(viewer, member) <= heightOf(target, targetMember))
    throw forbidden(
      `${target.username} has a role that is not below yours here. Ask someone whose role is higher.`,
    );
}
