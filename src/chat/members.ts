import type { Prisma } from '../db/generated/client.ts';
import { invalid } from '../errors.ts';
import { readPage, type PageArguments } from '../graphql/pages.ts';
import { isId, type Scope } from '../scope.ts';
import { visibleConversation } from './access.ts';
import type { Member } from './conversations.ts';

/** Everyone in a conversation that the viewer may look at, in the order in which they came. */
export async function listMembers(scope: Scope, conversationId: string, page: PageArguments) {
  await visibleConversation(scope, conversationId);
  return readPage(scope, page, {
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
type JoinPlace = readonly [joinedAt: string, userId: string];

function beyond(side: 'gt' | 'lt', place: JoinPlace | undefined): Prisma.MemberWhereInput[] {
  if (place === undefined) return [];
  // It comes out of a cursor, in which a client may have put anything.
  const [date, userId] = Array.isArray(place) ? (place as unknown[]) : [];
  const joinedAt = new Date(typeof date === 'string' ? date : Number.NaN);
  if (Number.isNaN(joinedAt.getTime()) || typeof userId !== 'string' || !isId(userId))
    throw invalid('This is not a cursor of this list; pass one of its `pageInfo` or edges.');
  return [{ joinedAt: { [`${side}e`]: joinedAt } }, { OR: [{ joinedAt: { [side]: joinedAt } }, { joinedAt, userId: { [side]: userId } }] }];
}
