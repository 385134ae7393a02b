import type { Conversation, Member, Prisma, Restriction } from '../../db/generated/client.ts';
import type { Place } from '../../events/catalogue.ts';
import { createLoader, createRowLoader, createSharedRead, isId, type Scope } from '../../scope.ts';

export type { Conversation, Member };

const memberColumns = {
  conversationId: 'conversation_id',
  userId: 'user_id',
  role: 'role',
  joinedAt: 'joined_at',
  lastReadSeq: 'last_read_seq',
  mutedUntil: 'muted_until',
  lastSentAt: 'last_sent_at',
  notifiedSeq: 'notified_seq',
} satisfies Record<keyof Member, string>;

/** By pairs: a crowd in one room, or one viewer in a hundred, is one statement. */
const membersStatement = {
  name: 'members',
  text: `select ${Object.entries(memberColumns)
    .map(([field, column]) => `members.${column} as "${field}"`)
    .join(', ')}
    from unnest($1::uuid[], $2::uuid[]) as asked (conversation_id, user_id) join members using (conversation_id, user_id)`,
};

const conversationRow = createSharedRead<string, Conversation | null>(async ({ database }, ids) => {
  const found = await database.prisma.conversation.findMany({
    where: { id: { in: [...new Set(ids)] } },
  });
  const rows = new Map(found.map((conversation) => [conversation.id, conversation]));
  return ids.map((id) => rows.get(id) ?? null);
});

/** The row, whoever may see it: ask access.ts first. Its dates may be text, where it came along with an event. */
export const conversationById = createRowLoader<Conversation>(
  'conversation',
  async ({ node }, ids) =>
    (await Promise.all(ids.map((id) => conversationRow(node, id.toLowerCase())))).filter(
      (conversation) => conversation !== null,
    ),
);

/** Where an event of this conversation happens. */
export const placeOf = ({
  id,
  lesserUserId,
  greaterUserId,
  customerId,
}: Pick<Conversation, 'id' | 'lesserUserId' | 'greaterUserId' | 'customerId'>): Place => ({
  conversationId: id,
  ...(customerId && { isSupport: true }),
  ...(lesserUserId && greaterUserId && { peerIds: [lesserUserId, greaterUserId] }),
});

const memberKey = (conversationId: string, userId: string) => `${conversationId} ${userId}`;

const memberRow = createSharedRead<string, Member | null>(async ({ database }, keys) => {
  const pairs = [...new Set(keys)].map((key) => key.split(' '));
  const found = await database.query<Member>(membersStatement, [
    pairs.map(([conversationId]) => conversationId),
    pairs.map(([, userId]) => userId),
  ]);
  const rows = new Map(
    found.map((member) => [memberKey(member.conversationId, member.userId), member]),
  );
  return keys.map((key) => rows.get(key) ?? null);
});

/**
 * Whether what happens in a conversation is heard in more topics than its own, as in those that are not rooms. It shows in their ids, which
 * are made of those of their users (version 5); the database sees to that.
 */
export const isHeardElsewhere = (conversationId: string): boolean => conversationId[14] === '5';

/** The viewer's membership of a conversation, by the conversation's id; null for those who are not members, or not signed in. */
export const viewerMembership = createLoader<string, Member | null>(
  ({ node, viewer }, conversationIds) =>
    Promise.all(
      conversationIds.map((id) =>
        viewer && isId(id) ? memberRow(node, memberKey(id.toLowerCase(), viewer.id)) : null,
      ),
    ),
);

/** Somebody's ban from a conversation; without `until`, for ever. */
export interface Ban {
  readonly userId: string;
  readonly bannedAt: Date;
  readonly until: Date | null;
  readonly reason: string | null;
}

export const banOf = ({ userId, bannedAt, bannedUntil, banReason }: Restriction): Ban => ({
  userId,
  bannedAt: bannedAt!,
  until: bannedUntil,
  reason: banReason,
});

/** The viewer's ban from a conversation that holds now, by the conversation's id; null where there is none. */
export const viewerBan = createLoader<string, Ban | null>(
  async ({ node, viewer }, conversationIds) => {
    if (!viewer) return conversationIds.map(() => null);
    const found = await node.database.prisma.restriction.findMany({
      where: { userId: viewer.id, conversationId: { in: [...conversationIds] }, ...bannedNow() },
    });
    const bans = new Map(
      found.map((restriction) => [restriction.conversationId, banOf(restriction)]),
    );
    return conversationIds.map((id) => bans.get(id) ?? null);
  },
);

/** Which restrictions are bans that hold: ends come by themselves. */
export const bannedNow = () =>
  ({
    bannedAt: { not: null },
    OR: [{ bannedUntil: null }, { bannedUntil: { gt: new Date() } }],
  }) satisfies Prisma.RestrictionWhereInput;

/** A member, by the ids of the conversation and of the user; null for who is not one. */
const members = createLoader<string, Member | null>(async ({ node, facts }, keys) => {
  const known = facts?.member as { [key: string]: Member } | undefined;
  return Promise.all(keys.map((key) => known?.[key] ?? memberRow(node, key)));
});

export const memberOf = (
  scope: Scope,
  conversationId: string,
  userId: string,
): Promise<Member | null> => members.load(scope, memberKey(conversationId, userId));

/** A member as a fact to go along with an event. */
export const memberFact = (member: Member) => ({
  member: { [memberKey(member.conversationId, member.userId)]: member },
});

/** How many members a conversation has, by its id. */
export const memberCount = createLoader<string, number>(async ({ node }, conversationIds) => {
  const counted = await node.database.prisma.member.groupBy({
    by: 'conversationId',
    where: { conversationId: { in: [...conversationIds] } },
    _count: true,
  });
  const counts = new Map(counted.map(({ conversationId, _count }) => [conversationId, _count]));
  return conversationIds.map((id) => counts.get(id) ?? 0);
});
