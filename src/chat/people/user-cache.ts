import { LRUCache } from 'lru-cache';
import type { Database } from '../../db/database.ts';
import { findOutsideUser, type Identity, type OutsideUserRow } from './outside-users.ts';
import { userColumns, type UserRow } from './users.ts';

/** How long a node may miss that a user was removed or has another role, in ms. */
const userLifeMs = 5000;
const usersMax = 10_000;

/** The users of recent tokens, so that a request does not have to read its user. */
export interface UserCache {
  byId(userId: string): Promise<UserRow | undefined>;
  byIdentity(identity: Identity): Promise<OutsideUserRow | undefined>;
  /** Stores the current row of an identity. */
  set(identity: Identity, user: OutsideUserRow): void;
  /** Deletes the user's rows, so that they are read again. */
  forget(userId: string): void;
  /**
   * From now on `isRemoved` is true for the user, even if an earlier read still returns the row.
   */
  remove(userId: string): void;
  isRemoved(userId: string): boolean;
}

export function createUserCache(database: Database): UserCache {
  const users = new LRUCache<string, UserRow>({
    max: usersMax,
    ttl: userLifeMs,
    fetchMethod: async (id) =>
      (await database.prisma.user.findUnique({
        where: { id, deletedAt: null },
        select: userColumns,
      })) ?? undefined,
  });
  const outsideUsers = new LRUCache<string, OutsideUserRow, Identity>({
    max: usersMax,
    ttl: userLifeMs,
    fetchMethod: (_key, _stale, { context }) => findOutsideUser(database, context),
  });
  /** Kept longer than any row that was read before the removal. */
  const removed = new LRUCache<string, true>({ max: usersMax, ttl: 2 * userLifeMs });

  return {
    byId: (userId) => users.fetch(userId),
    byIdentity: (identity) => outsideUsers.fetch(keyOf(identity), { context: identity }),
    set: (identity, user) => void outsideUsers.set(keyOf(identity), user),
    forget(userId) {
      users.delete(userId);
      for (const [key, user] of outsideUsers.entries())
        if (user.id === userId) outsideUsers.delete(key);
    },
    remove: (userId) => void removed.set(userId, true),
    isRemoved: (userId) => removed.has(userId),
  };
}

/** Neither part can contain a line break. */
const keyOf = ({ issuer, subject }: Identity) => `${issuer}\n${subject}`;
