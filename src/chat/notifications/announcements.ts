import { v7 as newId } from 'uuid';
import { transact } from '../../events/transactions.ts';
import type { Node, Scope } from '../../scope.ts';
import { requireAdmin } from '../people/admin-role.ts';
import { spend } from '../policy/allowances.ts';
import { checkContent, type ContentRequest } from './content.ts';
import { storeContents, transactNotifying } from './write.ts';

const usersAtOnce = 1000;
/** Sorts before the id of every user. */
const beforeAllUsers = '00000000-0000-0000-0000-000000000000';

/**
 * Notifies all current users except guests. When this returns, the announcement is stored and will
 * be delivered in the background. Users who sign up later do not receive it. Returns the number of
 * recipients. For admins only.
 */
export async function announce(scope: Scope, request: ContentRequest): Promise<number> {
  const { id: viewerId } = await requireAdmin(scope);
  const content = { id: newId(), type: 'announcement', ...checkContent(request) };
  await spend(scope, 'announce');
  const count = await transact(scope.node, async (transaction) => {
    await storeContents(transaction, [content]);
    const { createdAt } = await transaction.announcement.create({
      data: { contentId: content.id, doneUpTo: beforeAllUsers },
    });
    return transaction.user.count({
      where: { deletedAt: null, isGuest: false, createdAt: { lte: createdAt } },
    });
  });
  scope.node.log.info({ announcement: content.id, by: viewerId, recipients: count }, 'announced');
  scope.node.services.deliveryBell.ring();
  return count;
}

interface Pending {
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
  readonly createdAt: Date;
  readonly doneUpTo: string;
}

/**
 * Delivers an announcement to the next users. It finishes the current announcement before it starts
 * the next older one, so that all users receive them in the same order. The progress is stored in
 * the transaction of the notifications, and only one node works at a time: each user receives it
 * exactly once, even if a node fails. Returns whether there may be more to do.
 */
export const deliverAnnouncement = (node: Node): Promise<boolean> =>
  // Only connected users receive events. If this node does not know of a connection yet, the next
  // comparison of the feeds with the log delivers the event.
  transactNotifying(
    {
      config: node.config,
      database: node.database,
      publish: (fresh) =>
        node.publish(
          fresh.filter(
            ({ event }) =>
              event.type !== 'NotificationReceived' || node.presence.isOnline(event.data.userId),
          ),
        ),
    },
    async (transaction, _record, notify) => {
      const [lock] = await transaction.$queryRaw<{ isLocked: boolean }[]>`
        select pg_try_advisory_xact_lock(hashtextextended('causerie announcements', 0)) as "isLocked"`;
      if (!lock!.isLocked) return false;
      const [pending] = await transaction.$queryRaw<Pending[]>`
      select id, title, message, data, announcements.created_at as "createdAt", done_up_to as "doneUpTo"
      from announcements join notification_contents on id = content_id
      where completed_at is null order by done_up_to = ${beforeAllUsers}::uuid, announcements.created_at, content_id limit 1`;
      if (!pending) return false;
      const { createdAt, doneUpTo, ...content } = pending;
      const next = await transaction.user.findMany({
        where: {
          id: { gt: doneUpTo },
          deletedAt: null,
          isGuest: false,
          createdAt: { lte: createdAt },
        },
        orderBy: { id: 'asc' },
        take: usersAtOnce,
        select: { id: true },
      });
      const isDone = next.length < usersAtOnce;
      await transaction.announcement.update({
        where: { contentId: content.id },
        data: { doneUpTo: next.at(-1)?.id, ...(isDone && { completedAt: new Date() }) },
      });
      notify(
        { ...content, type: 'announcement' },
        next.map(({ id }) => id),
      );
      return true;
    },
  );
