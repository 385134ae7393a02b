import type { Database } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { exportedMessageSelect } from '../messages/message-fields.ts';
import { deleteNotifications } from '../notifications/notifications.ts';
import { isAdminName } from '../people/admins.ts';
import { checkCurrentPassword } from '../people/change-password.ts';
import { spend } from '../policy/allowances.ts';
import { endNextMembership, anonymiseUsers } from './departures.ts';
import { createEraser } from './erasure.ts';

/** Reads each part of the data about a user. The password hash is not part of the export. */
const parts: {
  readonly [part: string]: (prisma: Database['prisma'], userId: string) => Promise<unknown>;
} = {
  account: (prisma, id) =>
    prisma.user.findUniqueOrThrow({
      where: { id },
      select: {
        id: true,
        username: true,
        displayName: true,
        avatarUrl: true,
        role: true,
        isGuest: true,
        issuer: true,
        subject: true,
        claimsAt: true,
        metadata: true,
        createdAt: true,
        lastSeenAt: true,
      },
    }),
  sessions: (prisma, userId) =>
    prisma.session.findMany({
      where: { userId },
      select: { id: true, createdAt: true, lastUsedAt: true, userAgent: true, endedAt: true },
      orderBy: { createdAt: 'asc' },
    }),
  memberships: (prisma, userId) =>
    prisma.member.findMany({
      where: { userId },
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
        mutedUntil: true,
        lastSentAt: true,
      },
      orderBy: { joinedAt: 'asc' },
    }),
  assignedSupport: (prisma, assigneeId) =>
    prisma.conversation.findMany({
      where: { assigneeId },
      select: { id: true, customerId: true, resolvedAt: true },
      orderBy: { id: 'asc' },
    }),
  messages: (prisma, authorId) =>
    prisma.message.findMany({
      where: { authorId },
      select: exportedMessageSelect,
      orderBy: [{ conversationId: 'asc' }, { seq: 'asc' }],
    }),
  notifications: (prisma, userId) =>
    prisma.notification.findMany({
      where: { userId },
      select: {
        id: true,
        createdAt: true,
        readAt: true,
        content: { select: { type: true, title: true, message: true, data: true } },
      },
      orderBy: { eventSeq: 'asc' },
    }),
  reactions: (prisma, userId) =>
    prisma.reaction.findMany({
      where: { userId },
      omit: { userId: true },
      orderBy: [{ createdAt: 'asc' }, { messageId: 'asc' }],
    }),
  restrictions: (prisma, userId) =>
    prisma.restriction.findMany({ where: { userId }, omit: { userId: true } }),
  moderationOfYou: (prisma, userId) =>
    prisma.moderationEntry.findMany({
      where: { userId },
      omit: { userId: true, moderatorId: true },
      orderBy: { id: 'asc' },
    }),
  moderationByYou: (prisma, moderatorId) =>
    prisma.moderationEntry.findMany({
      where: { moderatorId },
      omit: { moderatorId: true },
      orderBy: { id: 'asc' },
    }),
  callsOfBackends: (prisma, userId) =>
    prisma.auditEntry.findMany({
      where: { userId },
      omit: { userId: true },
      orderBy: { id: 'asc' },
    }),
  reportsByYou: (prisma, reporterId) =>
    prisma.report.findMany({
      where: { reporterId },
      omit: { reporterId: true, resolvedById: true },
      orderBy: { id: 'asc' },
    }),
};

/** All data about the viewer as JSON, with dates as strings. */
export async function exportMyData(scope: Scope): Promise<Record<string, unknown>> {
  const viewer = requireViewer(scope);
  await spend(scope, 'export-data');
  const data: Record<string, unknown> = { exportedAt: new Date() };
  // One after the other, so that one large export does not use all database connections.
  for (const [part, read] of Object.entries(parts))
    data[part] = await read(scope.node.database.prisma, viewer.id);
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

/** The number of batches of messages that are deleted before the request is answered. */
const batchesAtOnce = 5;

/**
 * Deletes the viewer's account: first the name, the password and all sessions, on every node, then
 * the memberships. Rooms without another owner get a new one. Messages stay without a name or are
 * deleted, according to the settings; many messages are deleted in the background. An account with
 * a password requires the password.
 */
export async function deleteMyAccount(
  scope: Scope,
  { password }: { password?: string | null },
): Promise<void> {
  const viewer = requireViewer(scope);
  const { config, database } = scope.node;
  await spend(scope, 'delete-account');
  const found = await database.prisma.user.findUnique({
    where: { id: viewer.id },
    select: { username: true, passwordHash: true },
  });
  if (found?.passwordHash) await checkCurrentPassword(scope, found.passwordHash, password ?? '');
  if (found?.passwordHash && isAdminName(config, found.username))
    throw forbidden(
      'You cannot delete this account, because its username gives the admin role and would become free. Remove it from ADMIN_USERNAMES first.',
    );
  await transact(scope.node, async (transaction, record) => {
    const [removed] = await anonymiseUsers(transaction, config, [viewer.id]);
    if (!removed) return;
    await transaction.session.updateMany({
      where: { userId: viewer.id, endedAt: null },
      data: { endedAt: new Date() },
    });
    record({ type: 'UserRemoved', data: { userId: viewer.id } });
  });
  await deleteRemains(scope.node, viewer.id);
}

/**
 * Each batch is a transaction of its own, so that no lock is held for long. Maintenance completes
 * the work if the process ends before.
 */
async function deleteRemains(node: Node, userId: string): Promise<void> {
  const deleteSome = () =>
    transact(node, (transaction) => deleteNotifications(transaction, userId));
  while ((await deleteSome()) > 0) continue;

  const leaveOne = () =>
    transact(node, (transaction, record) => endNextMembership(node, transaction, record, userId));
  while (await leaveOne()) continue;

  const erase = createEraser(node);
  for (let batches = 0; batches < batchesAtOnce; batches++) {
    const hasMore = await transact(node, (transaction, record) =>
      erase(transaction, record, userId),
    );
    if (!hasMore) return;
  }
}
