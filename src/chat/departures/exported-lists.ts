import type { Database } from '../../db/database.ts';
import { exportedMessageSelect } from '../messages/message-fields.ts';

type Prisma = Database['prisma'];

/** Rows in memory at once: at most 12 MB of messages, with 16 KB of text and 8 KB of metadata. */
const pageRows = 500;

/** The pages of one list of the export. */
type Pages = (prisma: Prisma, userId: string) => AsyncGenerator<readonly unknown[]>;

/** Reads a list page by page. `readAfter` reads the page that follows a row, or the first one. */
function pagesOf<Row>(
  readAfter: (prisma: Prisma, userId: string, after: Row | undefined) => Promise<Row[]>,
): Pages {
  return async function* (prisma, userId) {
    let after: Row | undefined;
    for (;;) {
      const rows = await readAfter(prisma, userId, after);
      if (rows.length > 0) yield rows;
      if (rows.length < pageRows) return;
      after = rows.at(-1);
    }
  };
}

/** The rows after the one with this id. */
const beyond = (after: { readonly id: string } | undefined) => ({ gt: after?.id });

/** The lists of the export, by name. Rows that come or go meanwhile do not move the pages. */
export const lists: { readonly [name: string]: Pages } = {
  sessions: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.session.findMany({
      where: { userId, id: beyond(after) },
      select: { id: true, createdAt: true, lastUsedAt: true, userAgent: true, endedAt: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  memberships: pagesOf<{ conversation: { id: string } }>((prisma, userId, after) =>
    prisma.member.findMany({
      where: { userId, conversationId: beyond(after?.conversation) },
      select: {
        conversation: {
          select: {
            id: true,
            kind: true,
            name: true,
            lesserUserId: true,
            greaterUserId: true,
            customerId: true,
          },
        },
        role: true,
        joinedAt: true,
        lastReadSeq: true,
        notificationLevel: true,
        notificationLevelUntil: true,
        mutedUntil: true,
        lastSentAt: true,
      },
      orderBy: { conversationId: 'asc' },
      take: pageRows,
    }),
  ),
  assignedSupport: pagesOf<{ id: string }>((prisma, assigneeId, after) =>
    prisma.conversation.findMany({
      where: { assigneeId, id: beyond(after) },
      select: { id: true, customerId: true, resolvedAt: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  messages: pagesOf<{ conversationId: string; seq: number }>((prisma, authorId, after) =>
    prisma.message.findMany({
      where: {
        authorId,
        conversationId: { gte: after?.conversationId },
        ...(after && {
          OR: [
            { conversationId: { gt: after.conversationId } },
            { conversationId: after.conversationId, seq: { gt: after.seq } },
          ],
        }),
      },
      select: exportedMessageSelect,
      orderBy: [{ conversationId: 'asc' }, { seq: 'asc' }],
      take: pageRows,
    }),
  ),
  files: pagesOf<{ id: string }>((prisma, ownerId, after) =>
    prisma.file.findMany({
      where: { ownerId, id: beyond(after) },
      select: {
        id: true,
        fileName: true,
        contentType: true,
        sizeBytes: true,
        width: true,
        height: true,
        createdAt: true,
        completedAt: true,
        expiresAt: true,
        message: { select: { messageId: true } },
      },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  notifications: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.notification.findMany({
      where: { userId, id: beyond(after) },
      select: {
        id: true,
        createdAt: true,
        readAt: true,
        content: { select: { type: true, title: true, message: true, data: true } },
      },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  reactions: pagesOf<{ messageId: string; emoji: string }>((prisma, userId, after) =>
    prisma.reaction.findMany({
      where: {
        userId,
        messageId: { gte: after?.messageId },
        ...(after && {
          OR: [
            { messageId: { gt: after.messageId } },
            { messageId: after.messageId, emoji: { gt: after.emoji } },
          ],
        }),
      },
      omit: { userId: true },
      orderBy: [{ messageId: 'asc' }, { emoji: 'asc' }],
      take: pageRows,
    }),
  ),
  restrictions: pagesOf<{ conversationId: string }>((prisma, userId, after) =>
    prisma.restriction.findMany({
      where: { userId, conversationId: { gt: after?.conversationId } },
      omit: { userId: true },
      orderBy: { conversationId: 'asc' },
      take: pageRows,
    }),
  ),
  blockedUsers: pagesOf<{ blockedId: string }>((prisma, blockerId, after) =>
    prisma.block.findMany({
      where: { blockerId, blockedId: { gt: after?.blockedId } },
      select: { blockedId: true, createdAt: true },
      orderBy: { blockedId: 'asc' },
      take: pageRows,
    }),
  ),
  pushSubscriptions: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.pushSubscription.findMany({
      where: { userId, id: beyond(after) },
      select: { id: true, endpoint: true, language: true, createdAt: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  inviteLinks: pagesOf<{ id: string }>((prisma, createdById, after) =>
    prisma.inviteLink.findMany({
      where: { createdById, id: beyond(after) },
      omit: { createdById: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  invitations: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.invitation.findMany({
      where: { userId, id: beyond(after) },
      omit: { userId: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  invitationsByYou: pagesOf<{ id: string }>((prisma, invitedById, after) =>
    prisma.invitation.findMany({
      where: { invitedById, id: beyond(after) },
      omit: { invitedById: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  moderationOfYou: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.moderationEntry.findMany({
      where: { userId, id: beyond(after) },
      omit: { userId: true, moderatorId: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  moderationByYou: pagesOf<{ id: string }>((prisma, moderatorId, after) =>
    prisma.moderationEntry.findMany({
      where: { moderatorId, id: beyond(after) },
      omit: { moderatorId: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  callsOfBackends: pagesOf<{ id: string }>((prisma, userId, after) =>
    prisma.auditEntry.findMany({
      where: { userId, id: beyond(after) },
      omit: { userId: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  userReportsByYou: pagesOf<{ id: string }>((prisma, reporterId, after) =>
    prisma.userReport.findMany({
      where: { reporterId, id: beyond(after) },
      omit: { reporterId: true, resolvedById: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
  reportsByYou: pagesOf<{ id: string }>((prisma, reporterId, after) =>
    prisma.report.findMany({
      where: { reporterId, id: beyond(after) },
      omit: { reporterId: true, resolvedById: true },
      orderBy: { id: 'asc' },
      take: pageRows,
    }),
  ),
};
