import { LRUCache } from 'lru-cache';
import type { NodeCore } from '../../scope.ts';

/** The most users whose blocks a node keeps. */
const usersMax = 50_000;
/** The most blocks of one user, in either direction, that a node keeps. */
const blocksMax = 10_000;

/**
 * Who blocked whom, among the users who follow something on this node, so that a notice can be
 * withheld without a read of the database [P19].
 */
export interface Silences {
  /** Reads the blocks of a user who is about to follow notices. */
  load(userId: string): Promise<void>;
  /** Whether one of the two blocked the other. `userId` was loaded. */
  isSilent(userId: string, otherId: string): boolean;
  /** Whether a viewer receives notices about this user. Undefined if every viewer does. */
  audienceOf(userId: string): ((viewerId: string) => boolean) | undefined;
  /** A part of the key of a snapshot: different for viewers with blocks. */
  keyOf(viewerId: string): string;
}

declare module '../../scope.ts' {
  interface Services {
    readonly silences: Silences;
  }
}

export function createSilences({ database, watch }: NodeCore): Silences {
  const loaded = new LRUCache<string, true>({
    max: usersMax,
    dispose: (_value, userId) => void silent.delete(userId),
  });
  /** The users with blocks, in either direction, and the users on the other side. */
  const silent = new Map<string, Set<string>>();

  async function load(userId: string): Promise<void> {
    const blocks = await database.prisma.block.findMany({
      where: { OR: [{ blockerId: userId }, { blockedId: userId }] },
      take: blocksMax,
      select: { blockerId: true, blockedId: true },
    });
    loaded.set(userId, true);
    const others = blocks.map(({ blockerId, blockedId }) =>
      blockerId === userId ? blockedId : blockerId,
    );
    if (others.length > 0) silent.set(userId, new Set(others));
    else silent.delete(userId);
  }

  function add(userId: string, otherId: string): void {
    if (!loaded.has(userId)) return;
    silent.set(userId, (silent.get(userId) ?? new Set()).add(otherId));
  }

  const reload = (userId: string) => {
    if (loaded.has(userId)) void load(userId).catch(() => {});
  };

  watch((fresh) => {
    if (fresh.length === 0) for (const userId of loaded.keys()) reload(userId);
    for (const { event } of fresh) {
      if (event.type !== 'BlockChanged') continue;
      const { userId, blockedId, isBlocked } = event.data;
      if (isBlocked) {
        add(userId, blockedId);
        add(blockedId, userId);
      } else for (const one of [userId, blockedId]) reload(one);
    }
  });

  const isSilent = (userId: string, otherId: string): boolean =>
    silent.get(userId)?.has(otherId) ?? false;

  return {
    load,
    isSilent,
    audienceOf: (userId) =>
      silent.size > 0 ? (viewerId) => !isSilent(viewerId, userId) : undefined,
    keyOf: (viewerId) => (silent.has(viewerId) ? ` ${viewerId}` : ''),
  };
}
