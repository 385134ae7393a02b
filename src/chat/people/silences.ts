import { LRUCache } from 'lru-cache';
import type { NodeCore } from '../../scope.ts';

/** The most users whose blocks a node keeps. Of others it reads them again when they matter. */
const keptUsers = 50_000;
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
  /**
   * Whether one of the two blocked the other. `userId` was loaded. Also true if the blocks of
   * `userId` are not known any more: they are read again, and notices are withheld until then.
   */
  isSilent(userId: string, otherId: string): boolean;
  /**
   * Whether the blocks of a viewer who was loaded are known. If not, they are read again. Undefined
   * if those of every viewer are.
   */
  knownAudience(): ((viewerId: string) => boolean) | undefined;
  /** Whether a viewer receives notices about this user. Undefined if every viewer does. */
  audienceOf(userId: string): ((viewerId: string) => boolean) | undefined;
  /**
   * The known users who have a block with any of these users, each with those of them. The cost
   * grows with the number of users.
   */
  withBlocksAmong(userIds: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>>;
  /** A part of the key of a snapshot: different for viewers who may have blocks. */
  keyOf(viewerId: string): string;
}

declare module '../../scope.ts' {
  interface Services {
    readonly silences: Silences;
  }
}

/** The blocks of a user. */
interface Known {
  /** The changes since the blocks were first read. */
  changes: number;
  isLoaded: boolean;
}

export function createSilences(
  { database, watch }: Pick<NodeCore, 'database' | 'watch'>,
  usersMax = keptUsers,
): Silences {
  /** The users whose blocks are known or being read. */
  const known = new LRUCache<string, Known>({
    max: usersMax,
    dispose: (_known, userId, reason) => {
      if (reason !== 'evict') return;
      setSilent(userId, []);
      hasForgotten = true;
    },
  });
  /** Whether there may be followers whose blocks are not known. */
  let hasForgotten = false;
  /** The followers whose blocks are being read again. */
  const readAgain = new Set<string>();
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
    const user = known.get(userId) ?? { changes: 0, isLoaded: false };
    known.set(userId, user);
    let others: string[];
    let changes: number;
    do {
      ({ changes } = user);
      others = await readOthers(userId);
      // A change that came meanwhile may be missing.
    } while (changes !== user.changes);
    if (known.peek(userId) !== user) return;
    setSilent(userId, others);
    user.isLoaded = true;
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
    const user = known.peek(userId);
    if (!user) return;
    user.changes++;
    if (isBlocked) setSilent(userId, [...(silent.get(userId) ?? []), otherId]);
    // The other one may still block this user.
    else void reload(userId);
  }

  const reload = (userId: string) => load(userId).catch(() => {});

  /** Reading an entry moves it in the cache, so that a loop over the cache itself would not end. */
  async function reloadAll(): Promise<void> {
    const userIds = [...known.keys()];
    for (let start = 0; start < userIds.length; start += readAtOnce)
      await Promise.all(userIds.slice(start, start + readAtOnce).map(reload));
  }

  async function readForgotten(): Promise<void> {
    for (let batch = nextForgotten(); batch.length > 0; batch = nextForgotten()) {
      await Promise.all(batch.map(reload));
      for (const userId of batch) readAgain.delete(userId);
    }
  }

  const nextForgotten = () => [...readAgain].slice(0, readAtOnce);

  function isKnown(userId: string): boolean {
    if (!hasForgotten || known.get(userId)?.isLoaded) return true;
    const isReading = readAgain.size > 0;
    readAgain.add(userId);
    if (!isReading) void readForgotten();
    return false;
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
    !isKnown(userId) || (silent.get(userId)?.has(otherId) ?? false);

  return {
    load,
    isSilent,
    knownAudience: () => (hasForgotten ? isKnown : undefined),
    audienceOf: (userId) =>
      silent.size > 0 || hasForgotten ? (viewerId) => !isSilent(viewerId, userId) : undefined,
    withBlocksAmong(userIds) {
      const found = new Map<string, Set<string>>();
      if (loadedBy.size === 0) return found;
      for (const userId of userIds)
        for (const viewerId of loadedBy.get(userId) ?? [])
          found.set(viewerId, (found.get(viewerId) ?? new Set()).add(userId));
      return found;
    },
    keyOf: (viewerId) => (!isKnown(viewerId) || silent.has(viewerId) ? ` ${viewerId}` : ''),
  };
}
