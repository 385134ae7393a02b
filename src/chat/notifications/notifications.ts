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
import { spend } from '../policy/allowances.ts';

/** The most notifications that one request names. */
export const idsMax = 1000;

const bite = 1000;

/** A notification. A row that came with an event has its dates as text. */
export interface NotificationRow {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date | string;
  readonly readAt: Date | string | null;
  readonly content: {
    readonly type: string;
    /** Null of a message, whose own words are shown. */
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

/** The row, whoever it is for: who follows a user's topic is that user. */
export const notificationById = createRowLoader<NotificationRow>(
  ({ notification }) => notification,
  ({ node }, ids) =>
    node.database.prisma.notification.findMany({ where: { id: { in: ids } }, select: columns }),
);

/** Everybody but guests has notifications, and sees their own alone. */
function requireUser(scope: Scope): Viewer {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests have no notifications. Sign up first.');
  return viewer;
}

export async function requireNotifications(scope: Scope): Promise<void> {
  requireUser(scope);
}

/** Where the viewer's are heard. */
export const notificationsTopic = (scope: Scope): Topic => userTopic(requireViewer(scope).id);

/** The viewer's, the newest first: the order of their events. */
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

/** How many of the viewer's are not read. */
export async function unreadNotificationCount(scope: Scope): Promise<number> {
  const { id: userId } = requireUser(scope);
  return scope.node.database.prisma.notification.count({ where: { userId, readAt: null } });
}

/** Which to mark: exactly one of the two. */
export interface ReadRequest {
  readonly ids?: readonly string[] | null;
  readonly all?: boolean | null;
}

/**
 * Marks notifications of the viewer as read: those of the ids, or all that there are. What is not the viewer's, or read already, changes nothing.
 * Each is heard of once in a NotificationsRead, however many devices and nodes mark it at once.
 */
export async function markNotificationsRead(
  scope: Scope,
  { ids, all }: ReadRequest,
): Promise<void> {
  const { id: userId } = requireUser(scope);
  if ((ids == null) === (all == null) || all === false)
    throw invalid('Give either `ids` or `all: true`, one of the two.');
  if (ids && ids.length > idsMax)
    throw invalid(`Mark at most ${idsMax} at once; mark the others after that.`, 'ids');
  await spend(scope, 'mark-notifications-read', userId);
  const named = ids?.filter(isId);
  const { _max: newest } = await scope.node.database.prisma.notification.aggregate({
    where: { userId },
    _max: { eventSeq: true },
  });
  // In bites, each with an event of its own; what comes meanwhile is not meant.
  for (;;) {
    const read = await transact(scope.node, async (transaction, record) => {
      const found = await transaction.$queryRaw<{ id: string }[]>`
        select id from notifications where user_id = ${userId}::uuid and read_at is null and event_seq <= ${newest.eventSeq ?? 0}::bigint
          and (${!named} or id = any(${named ?? []}::uuid[]))
        order by event_seq limit ${idsMax} for update`;
      if (found.length > 0)
        await setRead(
          transaction,
          found.map(({ id }) => id),
        );
      if (found.length > 0)
        record({ type: 'NotificationsRead', data: { userId, ids: found.map(({ id }) => id) } });
      return found.length;
    });
    if (read < idsMax) return;
  }
}

const setRead = (transaction: Transaction, ids: readonly string[]) =>
  transaction.notification.updateMany({
    where: { id: { in: [...ids] } },
    data: { readAt: new Date() },
  });

/** Makes read what somebody was notified of and has read since. Of those who hold the members' rows: nothing of it is added meanwhile. */
export async function markReadUpTo(
  transaction: Transaction,
  markers: readonly Marker[],
): Promise<{ userId: string; ids: string[] }[]> {
  if (markers.length === 0) return [];
  const found = await transaction.$queryRaw<{ id: string; userId: string }[]>`
    select id, notifications.user_id as "userId"
    from unnest(${markers.map(({ userId }) => userId)}::uuid[], ${markers.map(({ conversationId }) => conversationId)}::uuid[], ${markers.map(({ lastReadSeq }) => lastReadSeq)}::int[])
      as markers (user_id, conversation_id, seq)
      join notifications on notifications.user_id = markers.user_id and notifications.conversation_id = markers.conversation_id
    where read_at is null and message_seq <= seq
    order by notifications.user_id, event_seq for update of notifications`;
  if (found.length > 0)
    await setRead(
      transaction,
      found.map(({ id }) => id),
    );
  const byUser = new Map<string, string[]>();
  for (const { id, userId } of found) byUser.set(userId, [...(byUser.get(userId) ?? []), id]);
  return [...byUser].map(([userId, ids]) => ({ userId, ids }));
}

/** Makes read what was said, for all to whom it was. */
export async function markContentRead(
  transaction: Transaction,
  contentId: string,
): Promise<{ userId: string; ids: string[] }[]> {
  const found = await transaction.$queryRaw<{ id: string; userId: string }[]>`
    select id, user_id as "userId" from notifications where content_id = ${contentId}::uuid and read_at is null order by user_id, event_seq for update`;
  if (found.length > 0)
    await setRead(
      transaction,
      found.map(({ id }) => id),
    );
  return found.map(({ id, userId }) => ({ userId, ids: [id] }));
}

/** Those of a user who went, or of anybody who did lately. Returns how many. */
export const forgetNotifications = (transaction: Transaction, userId?: string): Promise<number> =>
  transaction.$executeRaw`
    delete from notifications where id = any(array(
      select notifications.id from users join notifications on user_id = users.id
      where deleted_at > now() - interval '7 days' and (${!userId} or users.id = ${userId ?? null}::uuid) limit ${bite}))`;

/** Notifications that are older than they are kept, read or not, and what they said. Returns how many rows. */
export async function pruneNotifications(transaction: Transaction, days: number): Promise<number> {
  const pruned = await transaction.$executeRaw`
    delete from notifications where id = any(array(
      select id from notifications where created_at < now() - ${days}::int * interval '1 day' order by created_at limit ${bite}))`;
  if (pruned > 0) return pruned;
  return transaction.$executeRaw`
    delete from notification_contents where id = any(array(
      select id from notification_contents where created_at < now() - (${days}::int + 1) * interval '1 day'
        and not exists (select from notifications where content_id = notification_contents.id)
        and not exists (select from announcements where content_id = notification_contents.id and completed_at is null)
      order by created_at limit ${bite}))`;
}
