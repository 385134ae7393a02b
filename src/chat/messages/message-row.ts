import type { Prisma } from '../../db/generated/client.ts';
import { createRowLoader } from '../../loaders.ts';

/** A message. A row that came with an event has its dates as text. */
export interface MessageRow {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly authorId: string;
  /** Null once it is deleted. */
  readonly body: string | null;
  readonly createdAt: Date | string;
  readonly replyToId: string | null;
  readonly mentionedUserIds: readonly string[];
  readonly editedAt: Date | string | null;
  readonly deletedAt: Date | string | null;
}

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly message: MessageRow;
  }
}

export const messageColumns = {
  id: true,
  conversationId: true,
  seq: true,
  authorId: true,
  body: true,
  createdAt: true,
  replyToId: true,
  mentionedUserIds: true,
  editedAt: true,
  deletedAt: true,
} satisfies Prisma.MessageSelect;

/** The same, for statements of our own. */
export const messageColumnsText = `messages.id, conversation_id as "conversationId", seq, author_id as "authorId", body, messages.created_at as "createdAt",
  reply_to_id as "replyToId", mentioned_user_ids as "mentionedUserIds", edited_at as "editedAt", messages.deleted_at as "deletedAt"`;

/** The row, whoever may see it: ask access.ts first. */
export const messageById = createRowLoader<MessageRow>(
  ({ message }) => message,
  ({ node }, ids) =>
    node.database.prisma.message.findMany({ where: { id: { in: ids } }, select: messageColumns }),
);
