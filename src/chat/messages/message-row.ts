import type { Prisma } from '../../db/generated/client.ts';
import { createRowLoader } from '../../scope.ts';

/** A message. A row that came with an event has `createdAt` as text. */
export interface MessageRow {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly authorId: string;
  readonly body: string | null;
  readonly createdAt: Date | string;
  readonly replyToId: string | null;
  readonly mentionedUserIds: readonly string[];
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
} satisfies Prisma.MessageSelect;

/** The row, whoever may see it: ask access.ts first. */
export const messageById = createRowLoader<MessageRow>('message', ({ node }, ids) =>
  node.database.prisma.message.findMany({ where: { id: { in: ids } }, select: messageColumns }),
);
