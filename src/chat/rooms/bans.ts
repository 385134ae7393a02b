import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { Prisma, Restriction } from '../../db/generated/client.ts';
import { Refusal } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';

/** A user's ban from a room. */
export interface Ban {
  readonly userId: string;
  readonly bannedAt: Date;
  /** Its end; null for a ban that lasts until it is lifted. */
  readonly until: Date | null;
  readonly reason: string | null;
}

/** The bans that hold now. A ban with an end is over by itself. */
const bannedNow = () =>
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

/** The viewer's ban that holds now, by the room's id; null where there is none. */
export const viewerBan = createLoader<string, Ban | null>(async ({ node, viewer }, roomIds) => {
  if (!viewer) return roomIds.map(() => null);
  const found = await node.database.prisma.restriction.findMany({
    where: { userId: viewer.id, conversationId: { in: [...roomIds] }, ...bannedNow() },
  });
  const bans = new Map(
    found.map((restriction) => [restriction.conversationId, banOf(restriction)]),
  );
  return roomIds.map((id) => bans.get(id) ?? null);
});

/** The bans of these users that hold now, by the users' ids. For a transaction that holds the entrance. */
export async function bansOf(
  transaction: Transaction,
  roomId: string,
  userIds: readonly string[],
): Promise<Map<string, Ban>> {
  const bans = await transaction.restriction.findMany({
    where: { conversationId: roomId, userId: { in: [...userIds] }, ...bannedNow() },
  });
  return new Map(bans.map((restriction) => [restriction.userId, banOf(restriction)]));
}

/** Stores a ban that begins now, in place of an earlier one. For a transaction that has closed the entrance. */
export async function storeBan(
  transaction: Transaction,
  roomId: string,
  { userId, until, reason }: Omit<Ban, 'bannedAt'>,
): Promise<void> {
  const place = { conversationId: roomId, userId };
  const ban = { bannedAt: new Date(), bannedUntil: until, banReason: reason };
  await transaction.restriction.upsert({
    where: { conversationId_userId: place },
    create: { ...place, ...ban },
    update: ban,
  });
}

/** Lifts a ban. For a transaction that has closed the entrance, and found the ban. */
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

/** The bans that hold now, the latest first. For who has checked that the viewer may see them. */
export const pageOfBans = (scope: Scope, roomId: string, page: PageArguments) =>
  readPage(scope, page, {
    keys: place,
    keyOf: ({ bannedAt, userId }: Ban): Place => [bannedAt.toISOString(), userId],
    read: async ({ after, before, limit, inverted }) => {
      const order = inverted ? 'asc' : 'desc';
      const found = await scope.node.database.prisma.restriction.findMany({
        where: {
          AND: [
            { conversationId: roomId },
            bannedNow(),
            ...beyond('lt', after),
            ...beyond('gt', before),
          ],
        },
        orderBy: [{ bannedAt: order }, { userId: order }],
        take: limit,
      });
      return found.map(banOf);
    },
  });

/** Where a ban stands in the order: when it began, and whose it is beside those of the same moment. */
const place = z.tuple([z.iso.datetime(), z.guid()]);
type Place = z.output<typeof place>;

const beyond = (side: 'gt' | 'lt', bound: Place | undefined): Prisma.RestrictionWhereInput[] =>
  bound
    ? [
        {
          OR: [
            { bannedAt: { [side]: bound[0] } },
            { bannedAt: bound[0], userId: { [side]: bound[1] } },
          ],
        },
      ]
    : [];

export const banned = ({ until, reason }: Ban) =>
  new Refusal(
    'FORBIDDEN',
    `You are banned from this room${until ? ` until ${until.toISOString()}` : ''}${reason ? `, because of: ${reason}` : ''}. ${until ? 'Come back then, or ask its moderators.' : 'Only its moderators can lift that.'}`,
    { until, reason },
  );
