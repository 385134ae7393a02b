import { z } from 'zod';
import type { Prisma } from '../../db/generated/client.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { visibleConversation } from './access.ts';
import type { Member } from './conversations.ts';

/** The members of a conversation that the viewer may see, in the order of joining. */
export async function listMembers(scope: Scope, conversationId: string, page: PageArguments) {
  await visibleConversation(scope, conversationId);
  return readPage(scope, page, {
    keys: joinPlace,
    keyOf: (member: Member): JoinPlace => [member.joinedAt.toISOString(), member.userId],
    read: ({ after, before, limit, inverted }) => {
      const order = inverted ? 'desc' : 'asc';
      return scope.node.database.prisma.member.findMany({
        where: { AND: [{ conversationId }, ...beyond('gt', after), ...beyond('lt', before)] },
        orderBy: [{ joinedAt: order }, { userId: order }],
        take: limit,
      });
    },
  });
}

/** Where a member stands in the order of joining: when, and who beside those who came at the same time. */
const joinPlace = z.tuple([z.iso.datetime(), z.guid()]);
type JoinPlace = z.output<typeof joinPlace>;

function beyond(side: 'gt' | 'lt', place: JoinPlace | undefined): Prisma.MemberWhereInput[] {
  if (place === undefined) return [];
  const [joinedAt, userId] = place;
  return [
    { joinedAt: { [`${side}e`]: joinedAt } },
    { OR: [{ joinedAt: { [side]: joinedAt } }, { joinedAt, userId: { [side]: userId } }] },
  ];
}
