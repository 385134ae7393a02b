import type { Transaction } from '../../db/database.ts';
import { conflict, invalid } from '../../errors.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { enterOnce, requireMember } from '../conversations/access.ts';
import { users, type UserRow } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { changeMessage, deleted, requireWritable } from './change-message.ts';
import { parseEmoji } from './emoji.ts';
import type { MessageRow } from './message-row.ts';
import { visibleMessage, type VisibleMessage } from './visible-message.ts';

export const distinctMax = 20;

/** The number of users who reacted to a message with one emoji. */
export interface ReactionCount {
  readonly messageId: string;
  readonly emoji: string;
  readonly count: number;
}

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly reactions: readonly ReactionCount[];
  }
}

interface ReactionRequest {
  readonly messageId: string;
  readonly emoji: string;
}

/**
 * Adds the viewer's reaction; a repeat changes nothing. CONFLICT if the message is deleted, or has
 * 20 other emoji.
 */
export async function addReaction(
  scope: Scope,
  { messageId, emoji: text }: ReactionRequest,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requireMembership(scope, visible);
  const emoji = parseEmoji(text);
  await spend(scope, 'react');
  const changed = await changeMessage(scope, visible, async (change) => {
    requireWritable(scope, change);
    const { transaction, locked, record } = change;
    if (locked.deletedAt) throw deleted();
    const { count } = await transaction.reaction.createMany({
      data: { messageId: locked.id, emoji, userId: viewer.id },
      skipDuplicates: true,
    });
    if (count === 0) return locked;
    const counts = await countsNow(transaction, locked.id);
    if (counts.length > distinctMax)
      throw conflict(
        `A message has at most ${distinctMax} different reactions. Choose one that it already has.`,
      );
    record('ReactionsChanged', reactionFacts(locked, counts), {
      reaction: { userId: viewer.id, emoji, isAdded: true },
    });
    return locked;
  });
  forgetReactions(scope, changed);
  return changed;
}

/** Removes the viewer's reaction, if there is one. */
export async function removeReaction(
  scope: Scope,
  { messageId, emoji: text }: ReactionRequest,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requireMembership(scope, visible);
  const emoji = parseEmoji(text);
  await spend(scope, 'react');
  const changed = await changeMessage(scope, visible, async ({ transaction, locked, record }) => {
    const { count } = await transaction.reaction.deleteMany({
      where: { messageId: locked.id, emoji, userId: viewer.id },
    });
    if (count > 0)
      record('ReactionsChanged', reactionFacts(locked, await countsNow(transaction, locked.id)), {
        reaction: { userId: viewer.id, emoji, isAdded: false },
      });
    return locked;
  });
  forgetReactions(scope, changed);
  return changed;
}

/** Requires a member, or makes the viewer one: see `Kind.enter`. */
async function requireMembership(
  scope: Scope,
  { conversation: { id } }: VisibleMessage,
): Promise<void> {
  await requireMember(scope, id);
  await enterOnce(scope, id);
}

/** The reactions to a message, by its id, in the order in which each emoji was first used. */
export const reactionsOf = createLoader<string, readonly ReactionCount[]>(
  async ({ node, facts }, messageIds) => {
    const known = facts?.reactions;
    const unread = messageIds.filter((id) => !known?.[id]);
    const counts =
      unread.length > 0 ? await node.database.query<ReactionCount>(countStatement, [unread]) : [];
    return messageIds.map(
      (id) => known?.[id] ?? counts.filter(({ messageId }) => messageId === id),
    );
  },
);

/** The emoji of the viewer's reactions to a message, by its id. */
export const reactionsOfViewer = createLoader<string, ReadonlySet<string>>(
  async ({ node, viewer }, messageIds) => {
    const reactions = viewer
      ? await node.database.prisma.reaction.findMany({
          where: { userId: viewer.id, messageId: { in: [...messageIds] } },
          select: { messageId: true, emoji: true },
        })
      : [];
    return messageIds.map(
      (id) =>
        new Set(reactions.filter(({ messageId }) => messageId === id).map(({ emoji }) => emoji)),
    );
  },
);

/** A reaction whose users are asked for: at most `count`, those who reacted first. */
const usersKey = (messageId: string, emoji: string, count: number) =>
  `${messageId} ${count} ${emoji}`;

/** The ids of users, by `usersKey`. */
const usersByKey = createLoader<string, readonly string[]>(async ({ node }, keys) => {
  const parts = keys.map((key) => key.split(' '));
  const rows = await node.database.query<{ place: number; userIds: string[] }>(usersStatement, [
    parts.map(([messageId]) => messageId),
    parts.map(([, count]) => Number(count)),
    parts.map(([, , emoji]) => emoji),
  ]);
  const found = new Map(rows.map(({ place, userIds }) => [place, userIds]));
  return keys.map((_key, index) => found.get(index + 1) ?? []);
});

const usersStatement = {
  name: 'users-of-reactions',
  text: `select place::int as place, array(
           select user_id from reactions where message_id = wanted.message_id and emoji = wanted.emoji
           order by created_at, user_id limit wanted.count) as "userIds"
         from unnest($1::uuid[], $2::int[], $3::text[]) with ordinality as wanted (message_id, count, emoji, place)`,
};

/**
 * The users who reacted with this emoji, those who reacted first. INVALID for a count outside 0 to
 * the size of a page.
 */
export async function usersOfReaction(
  scope: Scope,
  { messageId, emoji }: ReactionCount,
  count: number,
): Promise<UserRow[]> {
  const { pageMax } = scope.node.config.limits;
  if (count < 0 || count > pageMax)
    throw invalid(`\`first\` must be between 0 and ${pageMax}.`, 'first');
  const ids = await usersByKey.load(scope, usersKey(messageId, emoji, count));
  const found = await Promise.all(ids.map((id) => users.load(scope, id)));
  return found.filter((user) => user !== null);
}

const countStatement = {
  name: 'count-reactions',
  // One look-up for each message, whatever the statistics say.
  text: `select message_id as "messageId", emoji, count from unnest($1::uuid[]) as message_id cross join lateral (
           select emoji, count(*)::int as count, min(created_at) as since from reactions
           where reactions.message_id = message_id.message_id group by emoji) as counted
         order by message_id, since, emoji`,
};

/** The current counts. The caller has locked the message. */
export const countsNow = (transaction: Transaction, messageId: string): Promise<ReactionCount[]> =>
  transaction.$queryRawUnsafe<ReactionCount[]>(countStatement.text, [messageId]);

/** The rows that travel with the event of a reaction. */
export const reactionFacts = (message: MessageRow, counts: readonly ReactionCount[]) => ({
  message: { [message.id]: message },
  reactions: { [message.id]: counts },
});

/** Clears the loaders after a change. */
export function forgetReactions(scope: Scope, { id }: MessageRow): void {
  reactionsOf.clear(scope, id);
  reactionsOfViewer.clear(scope, id);
}
