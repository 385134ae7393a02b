import type { MemberRole } from '@causerie/client';
import type { User } from '../../state/session.ts';

/** The ranks in a room. Admins rank above everyone. */
const ranks = { MEMBER: 0, MODERATOR: 1, OWNER: 2, ADMIN: 3 } as const;
export type Rank = keyof typeof ranks;

export const rankOf = (user: User, role: MemberRole): Rank =>
  user.role === 'ADMIN' ? 'ADMIN' : role;

export const ranksAbove = (one: Rank, other: Rank): boolean => ranks[one] > ranks[other];

export const canModerate = (rank: Rank): boolean => ranks[rank] >= ranks.MODERATOR;
export const canSetRoles = (rank: Rank): boolean => ranks[rank] >= ranks.OWNER;
