import type { Conversation, Member } from '../db/generated/client.ts';
import { createLoader, createRowLoader, isId } from '../scope.ts';

export type { Conversation, Member };

/** The row, whoever may see it: ask access.ts first. Its dates may be text, where it came along with an event. */
export const conversationById = createRowLoader<Conversation>('conversation', ({ node }, ids) =>
  node.database.prisma.conversation.findMany({ where: { id: { in: ids } } }),
);

/** The viewer's membership of a conversation, by the conversation's id; null for those who are not members, or not signed in. */
export const viewerMembership = createLoader<string, Member | null>(async ({ node, viewer }, conversationIds) => {
  if (!viewer) return conversationIds.map(() => null);
  const found = await node.database.prisma.member.findMany({ where: { userId: viewer.id, conversationId: { in: conversationIds.filter(isId) } } });
  const members = new Map(found.map((member) => [member.conversationId, member]));
  return conversationIds.map((id) => members.get(id.toLowerCase()) ?? null);
});

/** How many members a conversation has, by its id. */
export const memberCount = createLoader<string, number>(async ({ node }, conversationIds) => {
  const counted = await node.database.prisma.member.groupBy({ by: 'conversationId', where: { conversationId: { in: [...conversationIds] } }, _count: true });
  const counts = new Map(counted.map(({ conversationId, _count }) => [conversationId, _count]));
  return conversationIds.map((id) => counts.get(id) ?? 0);
});
