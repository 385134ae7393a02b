import { z } from 'zod';
import type { UserReport } from '../../db/generated/client.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { markContentRead } from '../notifications/notifications.ts';
import { storeContents, transactNotifying, type Content } from '../notifications/write.ts';
import { isAdmin, requireAdmin } from '../people/admin-role.ts';
import { livingUsers } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { admins, recordOpenReports } from './open-reports.ts';
import { parseReason } from './reasons.ts';

export type { UserReport };

/**
 * Reports a user to the admins. An open report by the same viewer stays as it is. Not for guests.
 */
export async function reportUser(
  scope: Scope,
  { userId, reason }: { userId: string; reason: string },
): Promise<void> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests cannot report users. Sign up first.');
  const user = await livingUsers.load(scope, userId.toLowerCase());
  if (!user) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  if (user.id === viewer.id) throw conflict('You cannot report yourself.');
  const why = parseReason(reason);
  if (!why) throw invalid('Give a reason for your report.', 'reason');
  await spend(scope, 'report');
  await transactNotifying(scope.node, async (transaction, record, notify) => {
    // Of two reports at once, the second finds the first.
    await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended('reports of ' || ${viewer.id}, 0))`;
    const open = await transaction.userReport.findFirst({
      where: { userId: user.id, reporterId: viewer.id, resolvedAt: null },
      select: { id: true },
    });
    if (open) return;
    const report = await transaction.userReport.create({
      data: { userId: user.id, reporterId: viewer.id, reason: why },
    });
    const resolvers = await admins(transaction);
    recordOpenReports(record, resolvers);
    const recipients = resolvers.filter((id) => id !== viewer.id && id !== user.id);
    if (recipients.length === 0) return;
    const content = contentOf(report);
    await storeContents(transaction, [content]);
    notify(content, recipients);
  });
}

/** The notification of a report, with the same id. */
const contentOf = ({ id, userId, reason }: UserReport): Content => ({
  id,
  type: 'user_reported',
  title: 'A user was reported',
  message: reason,
  data: { reportId: id, userId },
});

/** The reports of users, newest first. For admins. */
export async function listUserReports(
  scope: Scope,
  { resolved, ...page }: PageArguments & { resolved?: boolean | null },
) {
  await requireAdmin(scope);
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: (report: UserReport) => report.id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.userReport.findMany({
        where: {
          ...(resolved != null && { resolvedAt: resolved ? { not: null } : null }),
          id: { lt: after, gt: before },
        },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

/** A report of a user, for admins. Null for everybody else. */
export async function findUserReport(scope: Scope, id: string): Promise<UserReport | null> {
  if (!(await isAdmin(scope))) return null;
  return scope.node.database.prisma.userReport.findUnique({ where: { id } });
}

/** Marks a report as resolved. For admins. A resolved report stays as it is. */
export async function resolveUserReport(scope: Scope, reportId: string): Promise<UserReport> {
  const { id: viewerId } = await requireAdmin(scope);
  await spend(scope, 'moderate');
  if (!isId(reportId)) throw noSuchReport();
  return transact(scope.node, async (transaction, record) => {
    const { count } = await transaction.userReport.updateMany({
      where: { id: reportId, resolvedAt: null },
      data: { resolvedAt: new Date(), resolvedById: viewerId },
    });
    const report = await transaction.userReport.findUnique({ where: { id: reportId } });
    if (!report) throw noSuchReport();
    if (count > 0) {
      recordOpenReports(record, await admins(transaction));
      for (const read of await markContentRead(transaction, report.id))
        record({ type: 'NotificationsRead', data: read });
    }
    return report;
  });
}

const noSuchReport = () => notFound('There is no such report. Check the id.');
