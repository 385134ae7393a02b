import type { Database } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { exportedMessageSelect } from '../messages/message-fields.ts';
import { forgetNotifications } from '../notifications/notifications.ts';
import { isAdminName } from '../people/admins.ts';
import { checkCurrentPassword } from '../people/change-password.ts';
import { spend } from '../policy/allowances.ts';
import { leaveNext, removeNames } from './departures.ts';
import { createEraser } from './erasure.ts';

/** Everything that is kept about a user, by what it is. The password is kept as a hash and tells nothing; it is left out. */
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
  reportsByYou: (prisma, reporterId) =>
    prisma.report.findMany({
      where: { reporterId },
      omit: { reporterId: true, resolvedById: true },
      orderBy: { id: 'asc' },
    }),
};

/** Everything about the viewer as JSON: dates are text. */
export async function exportMyData(scope: Scope): Promise<Record<string, unknown>> {
  const viewer = requireViewer(scope);
  await spend(scope, 'export-data', viewer.id);
  const data: Record<string, unknown> = { exportedAt: new Date() };
  // One after the other: who has much of it does not take all connections.
  for (const [part, read] of Object.entries(parts))
    data[part] = await read(scope.node.database.prisma, viewer.id);
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

/** So many bites of somebody's messages are deleted before they are answered. */
const bitesAtOnce = 5;

/**
 * Removes the viewer: at once the name, the password and every sign-in, on every node; then the memberships. What they wrote stays, without
 * a name, or goes, as the settings say; of much, the rest soon after. Who came with a password gives it. A room that was theirs alone is handed over.
 */
export async function deleteMyAccount(
  scope: Scope,
  { password }: { password?: string | null },
): Promise<void> {
  const viewer = requireViewer(scope);
  const { config, database } = scope.node;
  const found = await database.prisma.user.findUnique({
    where: { id: viewer.id },
    select: { username: true, passwordHash: true },
  });
  if (found?.passwordHash) await checkCurrentPassword(scope, found.passwordHash, password ?? '');
  if (found?.passwordHash && isAdminName(config, found.username))
    throw forbidden(
      'This username holds the admin role: were it free, somebody else could take it. Have it taken out of ADMIN_USERNAMES first.',
    );
  await transact(scope.node, async (transaction, record) => {
    const [removed] = await removeNames(transaction, config, [viewer.id]);
    if (!removed) return;
    await transaction.session.updateMany({
      where: { userId: viewer.id, endedAt: null },
      data: { endedAt: new Date() },
    });
    record({ type: 'UserRemoved', data: { userId: viewer.id } });
  });
  while (
    (await transact(scope.node, (transaction) => forgetNotifications(transaction, viewer.id))) > 0
  )
    continue;
  // A transaction for each, so that no room is held for another. What is left when the process ends meanwhile is for maintenance.
  while (
    await transact(scope.node, (transaction, record) =>
      leaveNext(scope.node, transaction, record, viewer.id),
    )
  )
    continue;
  const eraser = createEraser(scope.node);
  for (
    let bites = 0;
    bites < bitesAtOnce &&
    (await transact(scope.node, (transaction, record) => eraser(transaction, record, viewer.id)));
    bites++
  )
    continue;
}
