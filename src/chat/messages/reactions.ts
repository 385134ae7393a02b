import type { Transaction } from '../../db/database.ts';
import { conflict } from '../../errors.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { enterOnce, requireMember } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { changeMessage, deleted, requireWriter } from './change-message.ts';
import { readEmoji } from './emoji.ts';
import type { MessageRow } from './message-row.ts';
import { visibleMessage, type VisibleMessage } from './visible-message.ts';

export const distinctMax = 20;

/** How many gave one emoji to a message. */
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

/** Gives a message an emoji of the viewer's, once: again, nothing happens. CONFLICT for one that was deleted, or that has 20 others. */
export async function addReaction(
  scope: Scope,
  { messageId, emoji: text }: ReactionRequest,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requirePlace(scope, visible);
  const emoji = readEmoji(text);
  await spend(scope, 'react', viewer.id);
  const changed = await changeMessage(scope, visible, async (change) => {
    requireWriter(scope, change);
    const { transaction, held, tell } = change;
    if (held.deletedAt) throw deleted();
    const { count } = await transaction.reaction.createMany({
      data: { messageId: held.id, emoji, userId: viewer.id },
      skipDuplicates: true,
    });
    if (count === 0) return held;
    const counts = await countsNow(transaction, held.id);
    if (counts.length > distinctMax)
      throw conflict(
        `A message has at most ${distinctMax} different reactions. Choose one of those that it has.`,
      );
    tell('ReactionsChanged', factsOf(held, counts), {
      reaction: { userId: viewer.id, emoji, isAdded: true },
    });
    return held;
  });
  forgetReactions(scope, changed);
  return changed;
}

/** Takes the viewer's emoji back; where there is none, nothing happens. */
export async function removeReaction(
  scope: Scope,
  { messageId, emoji: text }: ReactionRequest,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requirePlace(scope, visible);
  const emoji = readEmoji(text);
  await spend(scope, 'react', viewer.id);
  const changed = await changeMessage(scope, visible, async ({ transaction, held, tell }) => {
    const { count } = await transaction.reaction.deleteMany({
      where: { messageId: held.id, emoji, userId: viewer.id },
    });
    if (count > 0)
      tell('ReactionsChanged', factsOf(held, await countsNow(transaction, held.id)), {
        reaction: { userId: viewer.id, emoji, isAdded: false },
      });
    return held;
  });
  forgetReactions(scope, changed);
  return changed;
}

/** For members, and for those who become one by this: see `Kind.enter`. */
async function requirePlace(scope: Scope, { conversation: { id } }: VisibleMessage): Promise<void> {
  await requireMember(scope, id);
  await enterOnce(scope, id);
}

/** What a message was given, by its id, in the order in which each emoji first came. */
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

/** Which emoji the viewer gave to a message, by its id. */
export const reactionsOfViewer = createLoader<string, ReadonlySet<string>>(
  async ({ node, viewer }, messageIds) => {
    const given = viewer
      ? await node.database.prisma.reaction.findMany({
          where: { userId: viewer.id, messageId: { in: [...messageIds] } },
          select: { messageId: true, emoji: true },
        })
      : [];
    return messageIds.map(
      (id) => new Set(given.filter(({ messageId }) => messageId === id).map(({ emoji }) => emoji)),
    );
  },
);

const countStatement = {
  name: 'count-reactions',
  text: `select message_id as "messageId", emoji, count(*)::int as count from reactions where message_id = any($1::uuid[])
         group by message_id, emoji order by message_id, min(created_at), emoji`,
};

/** For who holds the message. */
export const countsNow = (transaction: Transaction, messageId: string): Promise<ReactionCount[]> =>
  transaction.$queryRawUnsafe<ReactionCount[]>(countStatement.text, [messageId]);

/** What live hearers are told with it. */
export const factsOf = (message: MessageRow, counts: readonly ReactionCount[]) => ({
  message: { [message.id]: message },
  reactions: { [message.id]: counts },
});

/** After they were changed. */
export function forgetReactions(scope: Scope, { id }: MessageRow): void {
  reactionsOf.clear(scope, id);
  reactionsOfViewer.clear(scope, id);
}
