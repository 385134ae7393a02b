import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { Prisma, Restriction } from '../../db/generated/client.ts';
import { createKeyset, type Key } from '../../db/keyset.ts';
import { Refusal } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';

/** A user's ban from a room. */
export interface Ban {
  readonly userId: string;
  readonly bannedAt: Date;
  /** The end of the ban. Null: it lasts until a moderator lifts it. */
  readonly until: Date | null;
  readonly reason: string | null;
}

/** The condition for bans in force. A ban with an end expires by itself. */
const inForce = () =>
  ({
    bannedAt: { not: null },
    OR: [{ bannedUntil: null }, { bannedUntil: { gt: new Date() } }],
  }) satisfies Prisma.RestrictionWhereInput;

const banOf = ({ userId, bannedAt, bannedUntil, banReason }: Restriction): Ban => ({
  userId,
  bannedAt: bannedAt!,
  until: bannedUntil,
  reason: banReason,
});

/** The viewer's ban in force, by room id; null if there is none. */
export const viewerBan = createLoader<string, Ban | null>(async ({ node, viewer }, roomIds) => {
  if (!viewer) return roomIds.map(() => null);
  const found = await node.database.prisma.restriction.findMany({
    where: { userId: viewer.id, conversationId: { in: [...roomIds] }, ...inForce() },
  });
  const bans = new Map(
    found.map((restriction) => [restriction.conversationId, banOf(restriction)]),
  );
  return roomIds.map((id) => bans.get(id) ?? null);
});

/** The bans in force of these users, by user id. The transaction holds the lock on the entrance. */
export async function bansOf(
  transaction: Transaction,
  roomId: string,
  userIds: readonly string[],
): Promise<Map<string, Ban>> {
  const bans = await transaction.restriction.findMany({
    where: { conversationId: roomId, userId: { in: [...userIds] }, ...inForce() },
  });
  return new Map(bans.map((restriction) => [restriction.userId, banOf(restriction)]));
}

/**
 * Stores a ban that starts now and replaces an earlier one. The transaction has closed the
 * entrance.
 */
export async function storeBan(
  transaction: Transaction,
  roomId: string,
  { userId, until, reason }: Omit<Ban, 'bannedAt'>,
): Promise<void> {
  const key = { conversationId: roomId, userId };
  const ban = { bannedAt: new Date(), bannedUntil: until, banReason: reason };
  await transaction.restriction.upsert({
    where: { conversationId_userId: key },
    create: { ...key, ...ban },
    update: ban,
  });
}

/** Lifts a ban that exists. The transaction has closed the entrance. */
export async function removeBan(
  transaction: Transaction,
  roomId: string,
  userId: string,
): Promise<void> {
  await transaction.restriction.update({
    where: { conversationId_userId: { conversationId: roomId, userId } },
    data: { bannedAt: null, bannedUntil: null, banReason: null },
  });
}

/** The bans in force, newest first. The caller has checked that the viewer may see them. */
export const pageOfBans = (scope: Scope, roomId: string, page: PageArguments) =>
  readPage(scope, page, {
    keys: banKey,
    keyOf: ({ bannedAt, userId }: Ban): Key => [bannedAt.toISOString(), userId],
    read: async ({ limit, inverted, ...bounds }) => {
      const found = await scope.node.database.prisma.restriction.findMany({
        where: { AND: [{ conversationId: roomId }, inForce(), ...byNewest.between(bounds)] },
        orderBy: byNewest.orderBy(inverted),
        take: limit,
      });
      return found.map(banOf);
    },
  });

const byNewest = createKeyset('bannedAt', 'userId', 'desc');
const banKey = z.tuple([z.iso.datetime(), z.guid()]);

/** Refuses a banned user, with the end and the reason of the ban. */
export function banned({ until, reason }: Ban): Refusal {
  const end = until ? ` until ${until.toISOString()}` : '';
  const why = reason ? ` Reason: ${reason}.` : '';
  const advice = until
    ? 'Come back then, or ask a moderator.'
    : 'Only a moderator can lift the ban.';
  return new Refusal('FORBIDDEN', `You are banned from this room${end}.${why} ${advice}`, {
    until,
    reason,
  });
}
