import type { Conversation, Member } from '../../db/generated/client.ts';
import { isId } from '../../ids.ts';
import { createLoader, createRowLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';
import { memberKey } from '../../events/facts.ts';

export type { Conversation, Member };

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly conversation: Conversation;
    /** By `memberKey`. */
    readonly member: Member;
  }
}

/**
 * The row, without a check of permission: that is the task of access.ts. A row that came with an
 * event has its dates as text.
 */
export const conversationById = createRowLoader<Conversation>(
  ({ conversation }) => conversation,
  async ({ node: { services } }, ids) =>
    (
      await Promise.all(ids.map((id) => services.conversationReads.conversation(id.toLowerCase())))
    ).filter((conversation) => conversation !== null),
);

/**
 * The viewer's membership, by the id of the conversation; null for viewers who are not members, or
 * not signed in.
 */
export const viewerMembership = createLoader<string, Member | null>(
  ({ node: { services }, viewer }, conversationIds) =>
    Promise.all(
      conversationIds.map((id) =>
        viewer && isId(id)
          ? services.conversationReads.member(memberKey(id.toLowerCase(), viewer.id))
          : null,
      ),
    ),
);

/** A membership, by `memberKey`; null if there is none. */
const members = createLoader<string, Member | null>(async ({ node, facts }, keys) => {
  return Promise.all(
    keys.map((key) => facts?.member?.[key] ?? node.services.conversationReads.member(key)),
  );
});

export const memberOf = (
  scope: Scope,
  conversationId: string,
  userId: string,
): Promise<Member | null> => members.load(scope, memberKey(conversationId, userId));

/** A membership as a fact that travels with an event. */
export const memberFact = (member: Member) => ({
  member: { [memberKey(member.conversationId, member.userId)]: member },
});

/** The number of members, by the id of the room. */
export const memberCount = createLoader<string, number>(async ({ node }, conversationIds) => {
  const counted = await node.database.prisma.memberCount.findMany({
    where: { conversationId: { in: [...conversationIds] } },
  });
  const counts = new Map(counted.map(({ conversationId, members }) => [conversationId, members]));
  return conversationIds.map((id) => counts.get(id) ?? 0);
});
