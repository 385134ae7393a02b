import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { Prisma, Report } from '../../db/generated/client.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { lockMembers } from '../conversations/membership.ts';
import { messageById, type MessageRow } from '../messages/message-row.ts';
import { visibleMessage } from '../messages/visible-message.ts';
import { markContentRead } from '../notifications/notifications.ts';
import { storeContents, transactNotifying, type Content } from '../notifications/write.ts';
import { spend } from '../policy/allowances.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { writeEntry } from './moderation-log.ts';
import { recordOpenReports, resolversIn } from './open-reports.ts';
import { parseReason } from './reasons.ts';
import { isModerator, reachOf } from './reports-in-reach.ts';
import { requirePower } from './standing.ts';

export type { Report };

/**
 * Reports a message that the viewer can see to its moderators. If the viewer has reported it
 * before, it returns that report. CONFLICT if the message was deleted. Not for guests.
 */
export async function reportMessage(
  scope: Scope,
  { messageId, reason }: { messageId: string; reason: string },
): Promise<Report> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests cannot report messages. Sign up first.');
  const { message } = await visibleMessage(scope, messageId);
  if (message.deletedAt) throw conflict('This message was deleted, so you cannot report it.');
  const why = parseReason(reason);
  if (!why) throw invalid('Give a reason for your report.', 'reason');
  await spend(scope, 'report');
  const { conversationId } = message;
  return transactNotifying(scope.node, async (transaction, record, notify) => {
    const [made] = await transaction.report.createManyAndReturn({
      data: { conversationId, messageId: message.id, reporterId: viewer.id, reason: why },
      skipDuplicates: true,
    });
    if (!made)
      return transaction.report.findUniqueOrThrow({
        where: { messageId_reporterId: { messageId: message.id, reporterId: viewer.id } },
      });
    recordOpenReports(record, await resolversIn(transaction, conversationId));
    const recipients = (await recipientsOf(transaction, conversationId)).filter(
      (id) => id !== viewer.id,
    );
    if (recipients.length === 0) return made;
    const content = contentOf(made);
    await storeContents(transaction, [content]);
    notify(content, recipients);
    return made;
  });
}

/**
 * The notification of a report, with the same id. It has no `conversationId`, so that reading the
 * conversation does not mark it as read.
 */
const contentOf = ({ id, conversationId, messageId, reason }: Report): Content => ({
  id,
  type: 'message_reported',
  title: 'A message was reported',
  message: reason,
  data: { reportId: id, reportedIn: conversationId, messageId },
});

/**
 * The users to notify of a report: the moderators and owners of the conversation, or the admins if
 * there are none.
 */
async function recipientsOf(transaction: Transaction, conversationId: string): Promise<string[]> {
  const moderators = await transaction.member.findMany({
    where: { conversationId, ...isModerator },
    select: { userId: true },
  });
  if (moderators.length > 0) return moderators.map(({ userId }) => userId);
  const admins = await transaction.user.findMany({
    where: { role: 'ADMIN', deletedAt: null },
    select: { id: true },
  });
  return admins.map(({ id }) => id);
}

/**
 * The reports of one room, or of all conversations that the viewer moderates, newest first.
 * Moderators and owners see reports of their rooms. Admins see all reports except those of private
 * rooms that they are not in. `resolved` selects resolved or open reports.
 */
export async function listReports(
  scope: Scope,
  {
    roomId,
    resolved,
    ...page
  }: PageArguments & { roomId?: string | null; resolved?: boolean | null },
) {
  const viewer = requireViewer(scope);
  const conditions: Prisma.ReportWhereInput[] = [
    roomId == null ? await inReachOf(scope, viewer) : await inRoom(scope, viewer, roomId),
  ];
  if (resolved != null) conditions.push({ resolvedAt: resolved ? { not: null } : null });
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: (report: Report) => report.id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.report.findMany({
        where: { AND: [...conditions, { id: { lt: after, gt: before } }] },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

/** A report that the viewer may see, by id. Null for any other. */
export const visibleReport = createRowLoader<Report>(
  () => undefined,
  (scope, ids) =>
    scope.node.database.prisma.report.findMany({
      where: { AND: [{ id: { in: ids } }, reachOf(requireViewer(scope))] },
    }),
);

/**
 * The reported message. If the viewer cannot see its conversation, it does not lead to the message
 * that it replies to: a report reveals one message of a private conversation and no other.
 */
export async function reportedMessage(scope: Scope, report: Report): Promise<MessageRow> {
  const message = (await messageById.load(scope, report.messageId))!;
  const isVisible = await findVisibleConversation(scope, report.conversationId);
  return isVisible ? message : { ...message, replyToId: null };
}

/**
 * Marks a report as resolved. For the moderators of the conversation. Does nothing if it is
 * resolved already.
 */
export async function resolveReport(scope: Scope, reportId: string): Promise<Report> {
  const viewer = requireViewer(scope);
  const inReach = { where: { AND: [{ id: reportId }, reachOf(viewer)] } };
  const report = isId(reportId) ? await scope.node.database.prisma.report.findFirst(inReach) : null;
  if (!report) throw noSuchReport();
  await spend(scope, 'moderate');
  const { id, conversationId, messageId } = report;
  return transact(scope.node, async (transaction, record) => {
    await lockMembers(transaction, conversationId, [viewer.id]);
    if (!(await transaction.report.findFirst(inReach))) throw noSuchReport();
    const { count } = await transaction.report.updateMany({
      where: { id, resolvedAt: null },
      data: { resolvedAt: new Date(), resolvedById: viewer.id },
    });
    if (count > 0) {
      const { authorId } = await transaction.message.findUniqueOrThrow({
        where: { id: messageId },
        select: { authorId: true },
      });
      await writeEntry(transaction, {
        conversationId,
        moderatorId: viewer.id,
        userId: authorId,
        messageId,
        action: 'resolve_report',
      });
      recordOpenReports(record, await resolversIn(transaction, conversationId));
      for (const read of await markContentRead(transaction, id))
        record({ type: 'NotificationsRead', data: read });
    }
    return transaction.report.findUniqueOrThrow({ where: { id } });
  });
}

async function inRoom(
  scope: Scope,
  viewer: Viewer,
  roomId: string,
): Promise<Prisma.ReportWhereInput> {
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return { conversationId: room.id };
}

async function inReachOf(scope: Scope, viewer: Viewer): Promise<Prisma.ReportWhereInput> {
  if (
    viewer.role !== 'ADMIN' &&
    !(await scope.node.database.prisma.member.findFirst({
      where: { userId: viewer.id, ...isModerator },
    }))
  )
    throw forbidden('Only moderators, owners and admins can read reports.');
  return reachOf(viewer);
}

const noSuchReport = () =>
  notFound('This report does not exist, or you cannot resolve it. Check the id.');
