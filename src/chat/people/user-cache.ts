import { LRUCache } from 'lru-cache';
import type { Database } from '../../db/database.ts';
import { findOutsideUser, type Identity, type OutsideUserRow } from './outside-users.ts';
import { accountColumns, type AccountRow } from './users.ts';

/** How long a node may miss that a user was removed, was suspended or has another role, in ms. */
const userLifeMs = 5000;
const usersMax = 10_000;

/** The users of recent tokens, so that a request does not have to read its user. */
export interface UserCache {
  byId(userId: string): Promise<AccountRow | undefined>;
  byIdentity(identity: Identity): Promise<OutsideUserRow | undefined>;
  /** Stores the current row of an identity. */
  set(identity: Identity, user: OutsideUserRow): void;
  /** Deletes the user's rows, so that they are read again, also by reads that are under way. */
  forget(userId: string): void;
  /**
   * From now on `isRemoved` is true for the user, even if an earlier read still returns the row.
   */
  remove(userId: string): void;
  isRemoved(userId: string): boolean;
}

/** The result of a read, so that a missing row is a value too. */
interface Found<Row> {
  readonly row: Row | undefined;
}

export function createUserCache(database: Database): UserCache {
  // A read whose entry is deleted, replaced or evicted still answers those who wait for it.
  const options = { max: usersMax, ttl: userLifeMs, ignoreFetchAbort: true };
  const users = new LRUCache<string, Found<AccountRow>>({
    ...options,
    fetchMethod: async (id) => ({ row: await findUser(database, id) }),
  });
  const outsideUsers = new LRUCache<string, Found<OutsideUserRow>, Identity>({
    ...options,
    fetchMethod: async (_key, _stale, { context }) => ({
      row: await findOutsideUser(database, context),
    }),
  });
  /** Kept longer than any row that was read before the removal. */
  const removed = new LRUCache<string, true>({ max: usersMax, ttl: 2 * userLifeMs });
  let forgotten = 0;

  /** Reads again if a user was forgotten meanwhile, because the row may be older than that. */
  async function current<Row>(
    fetch: () => Promise<Found<Row> | undefined>,
    drop: () => void,
  ): Promise<Row | undefined> {
    const before = forgotten;
    const row = (await fetch())?.row;
    const isCurrent = forgotten === before;
    if (!isCurrent || row === undefined) drop();
    return isCurrent ? row : current(fetch, drop);
  }

  return {
    byId: (userId) =>
      current(
        () => users.fetch(userId),
        () => users.delete(userId),
      ),
    byIdentity(identity) {
      const key = keyOf(identity);
      return current(
        () => outsideUsers.fetch(key, { context: identity }),
        () => outsideUsers.delete(key),
      );
    },
    set: (identity, row) => void outsideUsers.set(keyOf(identity), { row }),
    forget(userId) {
      forgotten++;
      users.delete(userId);
      for (const [key, { row }] of outsideUsers.entries())
        if (row?.id === userId) outsideUsers.delete(key);
    },
    remove: (userId) => void removed.set(userId, true),
    isRemoved: (userId) => removed.has(userId),
  };
}

const findUser = async (database: Database, id: string): Promise<AccountRow | undefined> =>
  (await database.prisma.user.findUnique({
    where: { id, deletedAt: null },
    select: accountColumns,
  })) ?? undefined;

/** Neither part can contain a line break. */
const keyOf = ({ issuer, subject }: Identity) => `${issuer}\n${subject}`;
