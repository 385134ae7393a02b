import { isId } from '../../ids.ts';
import { createLoader } from '../../loaders.ts';
import type { Node, Scope } from '../../scope.ts';
import { relationTo } from '../people/blocks.ts';

const storeStatement = {
  name: 'store-last-seen',
  text: `update users set last_seen_at = departed.at
    from (select id, to_timestamp(ms / 1000) as at from unnest($1::uuid[], $2::float8[]) as given(id, ms)) as departed
    where users.id = departed.id and deleted_at is null and (last_seen_at is null or last_seen_at < departed.at)`,
};

/**
 * Stores when the last connection of each user of this node ended, and when users of a node that
 * failed were last seen.
 */
export function keepLastSeen({ presence, database }: Node): void {
  presence.onDeparture(async (departed) => {
    await database.query(storeStatement, [[...departed.keys()], [...departed.values()]]);
  });
}

/** When a user's last connection ended, by user id; null if none has ended yet. */
export const lastSeenAt = createLoader<string, Date | null>(async ({ node }, userIds) => {
  const found = await node.database.prisma.user.findMany({
    where: { id: { in: userIds.filter(isId) } },
    select: { id: true, lastSeenAt: true },
  });
  const times = new Map(found.map((user) => [user.id, user.lastSeenAt]));
  return userIds.map((id) => times.get(id) ?? null);
});

/**
 * The same, as the viewer may know it: between two users of whom one blocked the other, nothing
 * after the block [P19].
 */
export async function shownLastSeen(scope: Scope, userId: string): Promise<Date | null> {
  const { blockedAt, blockedViewerAt } = await relationTo.load(scope, userId);
  const at = await lastSeenAt.load(scope, userId);
  const ends = [at, blockedAt, blockedViewerAt].filter((time) => time !== null);
  return at && new Date(Math.min(...ends.map((time) => time.getTime())));
}
