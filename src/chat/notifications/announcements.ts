import { v7 as newId } from 'uuid';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { checkContent, type ContentRequest } from './content.ts';
import { requireAdmin } from './notify.ts';
import { storeContents, transactNotifying } from './write.ts';

const atOnce = 1000;
/** Less than every user's id: where an announcement begins. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Notifies everybody there is: all users but guests. It is stored, and on its way when this returns; users who come after it do not get it.
 * Returns how many there are. For admins.
 */
export async function announce(scope: Scope, request: ContentRequest): Promise<number> {
  await requireAdmin(scope);
  const content = { id: newId(), type: 'announcement', ...checkContent(request) };
  const { id: viewerId } = requireViewer(scope);
  await spend(scope, 'announce', viewerId);
  const count = await transact(scope.node, async (transaction) => {
    await storeContents(transaction, [content]);
    const { createdAt } = await transaction.announcement.create({
      data: { contentId: content.id, doneUpTo: nobody },
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
 * Takes an announcement to the next users: one that is under way, else the oldest, so that everybody has them in one order. How far it has come is stored with their notifications, and one node at a
 * time is at it: whoever is killed, each user has it once. Returns whether there may be more to do here.
 */
export const announceOn = (node: Node): Promise<boolean> =>
  // Who is not connected hears nothing; who is, and is not known to be, does so when the feeds are next compared with the log.
  transactNotifying(
    {
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
      const [lock] = await transaction.$queryRaw<
        { held: boolean }[]
      >`select pg_try_advisory_xact_lock(hashtextextended('causerie announcements', 0)) as held`;
      if (!lock!.held) return false;
      const [pending] = await transaction.$queryRaw<Pending[]>`
      select id, title, message, data, announcements.created_at as "createdAt", done_up_to as "doneUpTo"
      from announcements join notification_contents on id = content_id
      where completed_at is null order by done_up_to = ${nobody}::uuid, announcements.created_at, content_id limit 1`;
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
        take: atOnce,
        select: { id: true },
      });
      const isDone = next.length < atOnce;
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
