import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { forbidden, invalid } from '../../errors.ts';
import { userTopic, type Topic } from '../../events/topics.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import type { Marker } from '../conversations/read-state.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { spend } from '../policy/allowances.ts';

/** The most ids in one request. */
export const idsMax = 1000;

const deletedAtOnce = 1000;

/** A notification. */
export interface NotificationRow {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly readAt: Date | null;
  readonly content: {
    readonly type: string;
    /** Null for a notification about a message, which shows the message itself. */
    readonly title: string | null;
    readonly message: string | null;
    readonly data: Prisma.JsonValue;
  };
}

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly notification: NotificationRow;
  }
}

const columns = {
  id: true,
  userId: true,
  createdAt: true,
  readAt: true,
  content: { select: { type: true, title: true, message: true, data: true } },
} satisfies Prisma.NotificationSelect;

/**
 * Reads a notification without a check of the recipient. Only the recipient can follow the topic in
 * which its events are.
 */
export const notificationById = createRowLoader<NotificationRow>(
  ({ notification }) => notification,
  ({ node }, ids) =>
    node.database.prisma.notification.findMany({ where: { id: { in: ids } }, select: columns }),
);

/** All users except guests have notifications. */
function requireUser(scope: Scope): Viewer {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests have no notifications. Sign up first.');
  return viewer;
}

export async function requireNotifications(scope: Scope): Promise<void> {
  requireUser(scope);
}

/** The topic of the viewer's notifications. */
export const notificationsTopic = (scope: Scope): Topic => userTopic(requireViewer(scope).id);

/** The viewer's notifications in the order of their events, newest first. */
export async function listNotifications(
  scope: Scope,
  { unreadOnly, ...page }: PageArguments & { unreadOnly?: boolean | null },
) {
  const { id: userId } = requireUser(scope);
  return readPage(scope, page, {
    keys: z.int().min(0),
    keyOf: ({ eventSeq }: NotificationRow & { eventSeq: bigint }) => Number(eventSeq),
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.notification.findMany({
        where: { userId, eventSeq: { lt: after, gt: before }, ...(unreadOnly && { readAt: null }) },
        orderBy: { eventSeq: inverted ? 'asc' : 'desc' },
        take: limit,
        select: { ...columns, eventSeq: true },
      }),
  });
}

/** One of the viewer's notifications. Null for any other. */
export async function findNotification(scope: Scope, id: string): Promise<NotificationRow | null> {
  const viewer = requireViewer(scope);
  const notification = await notificationById.load(scope, id.toLowerCase());
  return notification?.userId === viewer.id ? notification : null;
}

/** The number of the viewer's unread notifications. */
export async function unreadNotificationCount(scope: Scope): Promise<number> {
  const { id: userId } = requireUser(scope);
  return scope.node.database.prisma.notification.count({ where: { userId, readAt: null } });
}

/** The notifications to mark as read: exactly one of the two fields is set. */
export interface ReadRequest {
  readonly ids?: readonly string[] | null;
  readonly all?: boolean | null;
}

/**
 * Marks the viewer's notifications as read: those with the given ids, or all. Unknown ids, and
 * notifications that are read already, change nothing. Each notification is in exactly one
 * NotificationsRead, even if several devices mark it at once.
 */
export async function markNotificationsRead(
  scope: Scope,
  { ids, all }: ReadRequest,
): Promise<void> {
  const { id: userId } = requireUser(scope);
  if ((ids == null) === (all == null) || all === false)
    throw invalid('Pass either `ids` or `all: true`, not both.');
  if (ids && ids.length > idsMax)
    throw invalid(
      `You can mark at most ${idsMax} notifications at once. Mark the others with another request.`,
      'ids',
    );
  await spend(scope, 'mark-notifications-read');
  const { _max: newest } = await scope.node.database.prisma.notification.aggregate({
    where: { userId },
    _max: { eventSeq: true },
  });
  // In batches, each with its own event. Notifications that arrive during this are not marked.
  for (;;) {
    const marked = await markBatch(scope, userId, newest.eventSeq ?? 0, ids?.filter(isId));
    if (marked < idsMax) return;
  }
}

const markBatch = (
  scope: Scope,
  userId: string,
  upTo: number | bigint,
  ids: string[] | undefined,
): Promise<number> =>
  transact(scope.node, async (transaction, record) => {
    const unread = await transaction.$queryRaw<{ id: string }[]>`
      select id from notifications where user_id = ${userId}::uuid and read_at is null and event_seq <= ${upTo}::bigint
        and (${!ids} or id = any(${ids ?? []}::uuid[]))
      order by event_seq limit ${idsMax} for update`;
    if (unread.length === 0) return 0;
    const unreadIds = unread.map(({ id }) => id);
    await setRead(transaction, unreadIds);
    record({ type: 'NotificationsRead', data: { userId, ids: unreadIds } });
    return unread.length;
  });

async function setRead(transaction: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.notification.updateMany({
    where: { id: { in: [...ids] } },
    data: { readAt: new Date() },
  });
}

/**
 * Marks notifications about messages as read, up to the read markers. The caller has locked the
 * members' rows, so that no notification is added meanwhile.
 */
export async function markReadUpTo(
  transaction: Transaction,
  markers: readonly Marker[],
): Promise<{ userId: string; ids: string[] }[]> {
  if (markers.length === 0) return [];
  const userIds = markers.map(({ userId }) => userId);
  const conversationIds = markers.map(({ conversationId }) => conversationId);
  const lastReadSeqs = markers.map(({ lastReadSeq }) => lastReadSeq);
  const found = await transaction.$queryRaw<{ id: string; userId: string }[]>`
    select id, notifications.user_id as "userId"
    from unnest(${userIds}::uuid[], ${conversationIds}::uuid[], ${lastReadSeqs}::int[])
      as markers (user_id, conversation_id, seq)
      join notifications on notifications.user_id = markers.user_id and notifications.conversation_id = markers.conversation_id
    where read_at is null and message_seq <= seq
    order by notifications.user_id, event_seq for update of notifications`;
  return markFoundRead(transaction, found);
}

/**
 * Marks notifications about these messages as read. The caller has locked the messages, so that no
 * notification is added meanwhile.
 */
export async function markMessagesRead(
  transaction: Transaction,
  messages: readonly Pick<MessageRow, 'conversationId' | 'seq'>[],
): Promise<{ userId: string; ids: string[] }[]> {
  const conversationIds = messages.map(({ conversationId }) => conversationId);
  const seqs = messages.map(({ seq }) => seq);
  const found = await transaction.$queryRaw<{ id: string; userId: string }[]>`
    select id, user_id as "userId"
    from unnest(${conversationIds}::uuid[], ${seqs}::int[]) as messages (conversation_id, seq)
      join notifications on notifications.conversation_id = messages.conversation_id and message_seq = seq
    where read_at is null
    order by user_id, event_seq for update of notifications`;
  return markFoundRead(transaction, found);
}

/** Marks all notifications with this content as read. */
export async function markContentRead(
  transaction: Transaction,
  contentId: string,
): Promise<{ userId: string; ids: string[] }[]> {
  const found = await transaction.$queryRaw<{ id: string; userId: string }[]>`
    select id, user_id as "userId" from notifications where content_id = ${contentId}::uuid and read_at is null order by user_id, event_seq for update`;
  return markFoundRead(transaction, found);
}

async function markFoundRead(
  transaction: Transaction,
  found: readonly { readonly id: string; readonly userId: string }[],
): Promise<{ userId: string; ids: string[] }[]> {
  await setRead(
    transaction,
    found.map(({ id }) => id),
  );
  const byUser = new Map<string, string[]>();
  for (const { id, userId } of found) byUser.set(userId, [...(byUser.get(userId) ?? []), id]);
  return [...byUser].map(([userId, ids]) => ({ userId, ids }));
}

/**
 * Deletes a batch of the notifications about messages in a room and about reports of them. Returns
 * their number, and the ids of those that were unread, by user. A notification of a report has the
 * id of the report as that of its content.
 */
export async function deleteNotificationsOfRoom(
  transaction: Transaction,
  roomId: string,
): Promise<{ count: number; read: { userId: string; ids: string[] }[] }> {
  const found = await transaction.$queryRaw<{ id: string; userId: string; isUnread: boolean }[]>`
    select id, user_id as "userId", read_at is null as "isUnread" from notifications
    where id = any(array(select id from notifications where conversation_id = ${roomId}::uuid limit ${deletedAtOnce}))
      or id = any(array(
        select notifications.id from reports join notifications on content_id = reports.id
        where reports.conversation_id = ${roomId}::uuid limit ${deletedAtOnce}))
    order by user_id, event_seq for update`;
  const read = await markFoundRead(
    transaction,
    found.filter(({ isUnread }) => isUnread),
  );
  const ids = found.map(({ id }) => id);
  await transaction.$executeRaw`
    with gone as (delete from notifications where id = any(${ids}::uuid[]) returning content_id)
    delete from notification_contents where id in (select content_id from gone)
      and not exists (select from notifications where content_id = notification_contents.id and id <> all(${ids}::uuid[]))`;
  return { count: ids.length, read };
}

/**
 * Deletes notifications of a deleted account, or of all accounts deleted recently. Returns their
 * number.
 */
export const deleteNotifications = (transaction: Transaction, userId?: string): Promise<number> =>
  transaction.$executeRaw`
    delete from notifications where id = any(array(
      select notifications.id from users join notifications on user_id = users.id
      where deleted_at > now() - interval '7 days' and (${!userId} or users.id = ${userId ?? null}::uuid) limit ${deletedAtOnce}))`;

/**
 * Deletes notifications older than the retention time, and contents that no notification uses.
 * Returns the number of rows.
 */
export async function pruneNotifications(transaction: Transaction, days: number): Promise<number> {
  const pruned = await transaction.$executeRaw`
    delete from notifications where id = any(array(
      select id from notifications where created_at < now() - ${days}::int * interval '1 day' order by created_at limit ${deletedAtOnce}))`;
  if (pruned > 0) return pruned;
  return transaction.$executeRaw`
    delete from notification_contents where id = any(array(
      select id from notification_contents where created_at < now() - (${days}::int + 1) * interval '1 day'
        and not exists (select from notifications where content_id = notification_contents.id)
        and not exists (select from announcements where content_id = notification_contents.id and completed_at is null)
      order by created_at limit ${deletedAtOnce}))`;
}
