import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { Prisma, Report } from '../../db/generated/client.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { lockMembers } from '../conversations/membership.ts';
import { visibleMessage } from '../messages/visible-message.ts';
import { markContentRead } from '../notifications/notifications.ts';
import { storeContents, transactNotifying, type Content } from '../notifications/write.ts';
import { spend } from '../policy/allowances.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { writeEntry } from './moderation-log.ts';
import { readReason } from './reasons.ts';
import { requirePower } from './standing.ts';

export type { Report };

/** Tells the moderators of a message that the viewer may see. Who has reported it before gets that report again. CONFLICT for one that was deleted. Not for guests. */
export async function reportMessage(
  scope: Scope,
  { messageId, reason }: { messageId: string; reason: string },
): Promise<Report> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests cannot report messages. Sign up first.');
  const { message } = await visibleMessage(scope, messageId);
  if (message.deletedAt)
    throw conflict('This message was deleted; there is nothing left to report.');
  const why = readReason(reason);
  if (!why) throw invalid('Say why you report this message.', 'reason');
  await spend(scope, 'report', viewer.id);
  const { conversationId } = message;
  return transactNotifying(scope.node, async (transaction, _record, notify) => {
    const [made] = await transaction.report.createManyAndReturn({
      data: { conversationId, messageId: message.id, reporterId: viewer.id, reason: why },
      skipDuplicates: true,
    });
    if (!made)
      return transaction.report.findUniqueOrThrow({
        where: { messageId_reporterId: { messageId: message.id, reporterId: viewer.id } },
      });
    const keepers = (await keepersOf(transaction, conversationId)).filter((id) => id !== viewer.id);
    if (keepers.length === 0) return made;
    const content = contentOf(made);
    await storeContents(transaction, [content]);
    notify(content, keepers);
    return made;
  });
}

/** Its notification, by the same id. It has no `conversationId`: that one looks at the conversation does not settle it. */
const contentOf = ({ id, conversationId, messageId, reason }: Report): Content => ({
  id,
  type: 'message_reported',
  title: 'A message was reported',
  message: reason,
  data: { reportId: id, reportedIn: conversationId, messageId },
});

/** Who is told of reports: those who keep order there, or where nobody does, the admins. */
async function keepersOf(transaction: Transaction, conversationId: string): Promise<string[]> {
  const keepers = await transaction.member.findMany({
    where: { conversationId, ...isModerator },
    select: { userId: true },
  });
  if (keepers.length > 0) return keepers.map(({ userId }) => userId);
  const admins = await transaction.user.findMany({
    where: { role: 'ADMIN', deletedAt: null },
    select: { id: true },
  });
  return admins.map(({ id }) => id);
}

/**
 * Reports of one room, or of all that the viewer looks after: moderators and owners the rooms they are that of; admins everything but
 * private rooms that they are not in, which are invisible to them. Newest first; with `resolved` only those that are, or are not.
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
  const within =
    roomId != null
      ? await withinRoom(scope, viewer, roomId)
      : await reachOfModerator(scope, viewer);
  const conditions: Prisma.ReportWhereInput[] = [
    within,
    ...(resolved == null ? [] : [{ resolvedAt: resolved ? { not: null } : null }]),
  ];
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

/** Marks a report as dealt with, for those who look after the room. One that is resolved already stays as it is. */
export async function resolveReport(scope: Scope, reportId: string): Promise<Report> {
  const viewer = requireViewer(scope);
  const withinReach = { where: { AND: [{ id: reportId }, reachOf(viewer)] } };
  const report = isId(reportId)
    ? await scope.node.database.prisma.report.findFirst(withinReach)
    : null;
  if (!report) throw noSuchReport();
  const { id, conversationId, messageId } = report;
  return transact(scope.node, async (transaction, record) => {
    await lockMembers(transaction, conversationId, [viewer.id]);
    if (!(await transaction.report.findFirst(withinReach))) throw noSuchReport();
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
      for (const read of await markContentRead(transaction, id))
        record({ type: 'NotificationsRead', data: read });
    }
    return transaction.report.findUniqueOrThrow({ where: { id } });
  });
}

async function withinRoom(
  scope: Scope,
  viewer: Viewer,
  roomId: string,
): Promise<Prisma.ReportWhereInput> {
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return { conversationId: room.id };
}

async function reachOfModerator(scope: Scope, viewer: Viewer): Promise<Prisma.ReportWhereInput> {
  if (
    viewer.role !== 'ADMIN' &&
    !(await scope.node.database.prisma.member.findFirst({
      where: { userId: viewer.id, ...isModerator },
    }))
  )
    throw forbidden('Only moderators, owners and admins read reports.');
  return reachOf(viewer);
}

const isModerator = { role: { in: ['MODERATOR', 'OWNER'] } } satisfies Prisma.MemberWhereInput;

function reachOf(viewer: Viewer): Prisma.ReportWhereInput {
  if (viewer.role === 'ADMIN')
    return {
      conversation: {
        OR: [
          { visibility: 'PUBLIC' },
          { visibility: null },
          { members: { some: { userId: viewer.id } } },
        ],
      },
    };
  return { conversation: { members: { some: { userId: viewer.id, ...isModerator } } } };
}

const noSuchReport = () =>
  notFound('There is no such report, or it is not for you to resolve. Check the id.');
