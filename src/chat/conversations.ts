import type { Conversation, Member, Prisma } from '../db/generated/client.ts';
import type { Place } from '../events/catalogue.ts';
import { createLoader, createRowLoader, isId, type Scope } from '../scope.ts';

export type { Conversation, Member };

/** The row, whoever may see it: ask access.ts first. Its dates may be text, where it came along with an event. */
export const conversationById = createRowLoader<Conversation>('conversation', ({ node }, ids) =>
  node.database.prisma.conversation.findMany({ where: { id: { in: ids } } }),
);

/** Where an event of this conversation happens. */
export const placeOf = ({ id, lesserUserId, greaterUserId, customerId }: Pick<Conversation, 'id' | 'lesserUserId' | 'greaterUserId' | 'customerId'>): Place => ({
  conversationId: id,
  ...(customerId && { isSupport: true }),
  ...(lesserUserId && greaterUserId && { peerIds: [lesserUserId, greaterUserId] }),
});

/** The viewer's membership of a conversation, by the conversation's id; null for those who are not members, or not signed in. */
export const viewerMembership = createLoader<string, Member | null>(async ({ node, viewer }, conversationIds) => {
  if (!viewer) return conversationIds.map(() => null);
  const found = await node.database.prisma.member.findMany({ where: { userId: viewer.id, conversationId: { in: conversationIds.filter(isId) } } });
  const members = new Map(found.map((member) => [member.conversationId, member]));
  return conversationIds.map((id) => members.get(id.toLowerCase()) ?? null);
});

/** Somebody's ban from a conversation; without `until`, for ever. */
export interface Ban {
  readonly until: Date | null;
}

/** The viewer's ban from a conversation that holds now, by the conversation's id; null where there is none. */
export const viewerBan = createLoader<string, Ban | null>(async ({ node, viewer }, conversationIds) => {
  if (!viewer) return conversationIds.map(() => null);
  const found = await node.database.prisma.restriction.findMany({ where: { userId: viewer.id, conversationId: { in: [...conversationIds] }, ...bannedNow() } });
  const bans = new Map(found.map(({ conversationId, bannedUntil }) => [conversationId, { until: bannedUntil }]));
  return conversationIds.map((id) => bans.get(id) ?? null);
});

/** Which restrictions are bans that hold: ends come by themselves. */
export const bannedNow = () => ({ bannedAt: { not: null }, OR: [{ bannedUntil: null }, { bannedUntil: { gt: new Date() } }] }) satisfies Prisma.RestrictionWhereInput;

const memberKey = (conversationId: string, userId: string) => `${conversationId} ${userId}`;

/** A member, by the ids of the conversation and of the user; null for who is not one. */
const members = createLoader<string, Member | null>(async ({ node, facts }, keys) => {
  const known = facts?.member as { [key: string]: Member } | undefined;
  const unread = keys.filter((key) => !known?.[key]).map((key) => key.split(' ') as [string, string]);
  const found = unread.length > 0 ? await node.database.prisma.member.findMany({ where: { OR: unread.map(([conversationId, userId]) => ({ conversationId, userId })) } }) : [];
  const rows = new Map(found.map((member) => [memberKey(member.conversationId, member.userId), member]));
  return keys.map((key) => known?.[key] ?? rows.get(key) ?? null);
});

export const memberOf = (scope: Scope, conversationId: string, userId: string): Promise<Member | null> => members.load(scope, memberKey(conversationId, userId));

/** A member as a fact to go along with an event. */
export const memberFact = (member: Member) => ({ member: { [memberKey(member.conversationId, member.userId)]: member } });

/** How many members a conversation has, by its id. */
export const memberCount = createLoader<string, number>(async ({ node }, conversationIds) => {
  const counted = await node.database.prisma.member.groupBy({ by: 'conversationId', where: { conversationId: { in: [...conversationIds] } }, _count: true });
  const counts = new Map(counted.map(({ conversationId, _count }) => [conversationId, _count]));
  return conversationIds.map((id) => counts.get(id) ?? 0);
});
