import type { MemberRole } from '@causerie/client';
import type { User } from '../../state/session.ts';

/** Somebody's standing in a room: admins stand above everybody. */
const standings = { MEMBER: 0, MODERATOR: 1, OWNER: 2, ADMIN: 3 } as const;
export type Standing = keyof typeof standings;

export const moderates = (viewer: User, role: MemberRole): Standing =>
  viewer.role === 'ADMIN' ? 'ADMIN' : role;

export const standsAbove = (one: Standing, other: Standing): boolean =>
  standings[one] > standings[other];

export const keepsOrder = (standing: Standing): boolean =>
  standings[standing] >= standings.MODERATOR;
export const givesRoles = (standing: Standing): boolean => standings[standing] >= standings.OWNER;
