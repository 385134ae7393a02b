import type { Transaction } from '../../db/database.ts';
import { conflict } from '../../errors.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { enterOnce, requireMember } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { changeMessage, deleted, requireWriter } from './change-message.ts';
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
    requireWriter(scope, change);
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
