import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden } from '../../errors.ts';
import type { Viewer } from '../../scope.ts';
import { hasRole, rank } from '../conversations/access.ts';
import type { UserRow } from '../people/users.ts';
import type { LockedMember } from '../conversations/membership.ts';

/** A membership, as far as it matters for the rank. */
type Standing = Pick<LockedMember, 'role'> | null | undefined;

/**
 * Admins rank above owners in every room that they can see. A user who is not a member ranks like a
 * member.
 */
const rankOf = (user: Pick<UserRow, 'role'>, member: Standing): number =>
  user.role === 'ADMIN' ? rank.OWNER + 1 : rank[member?.role ?? 'MEMBER'];

/**
 * Whether the viewer has at least this role in the room, or is an admin. The viewer must be able to
 * see the room.
 */
export const hasPower = (viewer: Viewer, member: Standing, role: MemberRole): boolean =>
  viewer.role === 'ADMIN' || hasRole(member, role);

/** The same, with FORBIDDEN instead of false. */
export function requirePower(viewer: Viewer, member: Standing, role: MemberRole): void {
  if (hasPower(viewer, member, role)) return;
  const permitted = role === 'OWNER' ? 'owners' : 'moderators and owners';
  throw forbidden(`Only the room's ${permitted} can do that. Ask one of them.`);
}

/** FORBIDDEN unless the target ranks below the viewer. */
export function requireSuperior(
  viewer: Viewer,
  member: Standing,
  target: UserRow,
  targetMember: Standing,
): void {
  if (viewer.id === target.id)
    throw forbidden('You cannot do that to yourself. To end your membership, leave the room.');
  if (rankOf(viewer, member) <= rankOf(target, targetMember))
    throw forbidden(
      `You cannot do that to ${target.username}, whose role in this room is not below yours. Ask a user with a higher role.`,
    );
}
