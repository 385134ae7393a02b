import { z } from 'zod';
import type { Prisma } from '../../db/generated/client.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { bannedNow, banOf, viewerMembership, type Ban } from '../conversations/conversations.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { requirePower } from './standing.ts';

/** Who is banned from a room now, the latest ban first. For its moderators and owners, and admins. */
export async function listBans(scope: Scope, roomId: string, page: PageArguments) {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return readPage(scope, page, {
    keys: place,
    keyOf: ({ bannedAt, userId }: Ban): Place => [bannedAt.toISOString(), userId],
    read: async ({ after, before, limit, inverted }) => {
      const order = inverted ? 'asc' : 'desc';
      const found = await scope.node.database.prisma.restriction.findMany({
        where: {
          AND: [
            { conversationId: room.id },
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
}

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
