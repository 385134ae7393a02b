import { LRUCache } from 'lru-cache';
import type { NodeCore } from '../../scope.ts';

/** The most users whose blocks a node keeps. */
const usersMax = 50_000;
/** The users whose blocks are read at once after events may have been missed. */
const readAtOnce = 20;
/** The most blocks of one user, in either direction, that a node keeps. */
const blocksMax = 10_000;

/**
 * The blocks of the users who follow something on this node, so that a notice can be withheld
 * without a read of the database [P19].
 */
export interface Silences {
  /** Reads the blocks of a user who is about to follow notices. */
  load(userId: string): Promise<void>;
  /** Whether one of the two blocked the other. `userId` was loaded. */
  isSilent(userId: string, otherId: string): boolean;
  /** Whether a viewer receives notices about this user. Undefined if every viewer does. */
  audienceOf(userId: string): ((viewerId: string) => boolean) | undefined;
  /**
   * The loaded users who have a block with any of these users, each with those of them. The cost
   * grows with the number of users.
   */
  withBlocksAmong(userIds: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>>;
  /** A part of the key of a snapshot: different for viewers with blocks. */
  keyOf(viewerId: string): string;
}

declare module '../../scope.ts' {
  interface Services {
    readonly silences: Silences;
  }
}

export function createSilences({ database, watch }: NodeCore): Silences {
  /** The users whose blocks are known or being read, with the number of changes since then. */
  const changes = new LRUCache<string, number>({
    max: usersMax,
    dispose: (_count, userId, reason) => {
      if (reason === 'evict') setSilent(userId, []);
    },
  });
  /** The users with blocks, in either direction, and the users on the other side. */
  const silent = new Map<string, Set<string>>();

  /** The same by the users on the other side. */
  const loadedBy = new Map<string, Set<string>>();

  function setSilent(userId: string, others: readonly string[]): void {
    for (const other of silent.get(userId) ?? []) {
      const loaded = loadedBy.get(other);
      loaded?.delete(userId);
      if (loaded?.size === 0) loadedBy.delete(other);
    }
    if (others.length === 0) silent.delete(userId);
    else silent.set(userId, new Set(others));
    for (const other of others) loadedBy.set(other, (loadedBy.get(other) ?? new Set()).add(userId));
  }

  async function load(userId: string): Promise<void> {
    if (!changes.has(userId)) changes.set(userId, 0);
    let others: string[];
    let count: number | undefined;
    do {
      count = changes.get(userId);
      others = await readOthers(userId);
      // A change that came meanwhile may be missing.
    } while (count !== changes.get(userId));
    if (changes.has(userId)) setSilent(userId, others);
  }

  async function readOthers(userId: string): Promise<string[]> {
    const blocks = await database.prisma.block.findMany({
      where: { OR: [{ blockerId: userId }, { blockedId: userId }] },
      take: blocksMax,
      select: { blockerId: true, blockedId: true },
    });
    return blocks.map(({ blockerId, blockedId }) => (blockerId === userId ? blockedId : blockerId));
  }

  function change(userId: string, otherId: string, isBlocked: boolean): void {
    const count = changes.get(userId);
    if (count === undefined) return;
    changes.set(userId, count + 1);
    if (isBlocked) setSilent(userId, [...(silent.get(userId) ?? []), otherId]);
    // The other one may still block this user.
    else void reload(userId);
  }

  const reload = (userId: string) => load(userId).catch(() => {});

  /** Reading an entry moves it in the cache, so that a loop over the cache itself would not end. */
  async function reloadAll(): Promise<void> {
    const userIds = [...changes.keys()];
    for (let start = 0; start < userIds.length; start += readAtOnce)
      await Promise.all(userIds.slice(start, start + readAtOnce).map(reload));
  }

  watch((fresh) => {
    if (fresh.length === 0) void reloadAll();
    for (const { event } of fresh) {
      if (event.type !== 'BlockChanged') continue;
      const { userId, blockedId, isBlocked } = event.data;
      change(userId, blockedId, isBlocked);
      change(blockedId, userId, isBlocked);
    }
  });

  const isSilent = (userId: string, otherId: string): boolean =>
    silent.get(userId)?.has(otherId) ?? false;

  return {
    load,
    isSilent,
    audienceOf: (userId) =>
      silent.size > 0 ? (viewerId) => !isSilent(viewerId, userId) : undefined,
    withBlocksAmong(userIds) {
      const found = new Map<string, Set<string>>();
      if (loadedBy.size === 0) return found;
      for (const userId of userIds)
        for (const viewerId of loadedBy.get(userId) ?? [])
          found.set(viewerId, (found.get(viewerId) ?? new Set()).add(userId));
      return found;
    },
    keyOf: (viewerId) => (silent.has(viewerId) ? ` ${viewerId}` : ''),
  };
}
