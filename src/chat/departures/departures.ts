import type { Config } from '../../config.ts';
import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { kindOf } from '../conversations/kinds.ts';
import { deletedDisplayName, deletedUsernamePrefix } from '../people/reserved-names.ts';
import { userColumns } from '../people/users.ts';

const guestsAtOnce = 100;
const deletedAtOnce = 100;
const recentMs = 7 * 24 * 3_600_000;

/**
 * Removes all personal data from users, in three steps over time. First the row loses its name and
 * credentials, but stays as the author of messages and the user of logged events. Then maintenance
 * ends the memberships and, if `deletesMessages`, deletes the messages. The row
 * itself is deleted when neither the log nor another row refers to it. Returns the users that were
 * not removed before.
 */
export async function anonymiseUsers(
  transaction: Transaction,
  userIds: readonly string[],
  deletesMessages: boolean,
): Promise<{ id: string }[]> {
  const ids = [...userIds];
  await transaction.inviteLink.deleteMany({ where: { createdById: { in: ids } } });
  await transaction.block.deleteMany({
    where: { OR: [{ blockerId: { in: ids } }, { blockedId: { in: ids } }] },
  });
  // Reports of the user stay for the admins; those by the user are theirs.
  await transaction.userReport.deleteMany({ where: { reporterId: { in: ids } } });
  // Files of messages stay with them; a trigger lets those of deleted messages expire.
  await transaction.file.updateMany({
    where: { ownerId: { in: ids }, expiresAt: { not: null } },
    data: { expiresAt: new Date() },
  });
  await transaction.pushSubscription.deleteMany({ where: { userId: { in: ids } } });
  await transaction.invitation.deleteMany({
    where: { OR: [{ userId: { in: ids } }, { invitedById: { in: ids } }] },
  });
  return transaction.$queryRaw<{ id: string }[]>`
    update users set messages_go = ${deletesMessages},
      username = ${deletedUsernamePrefix} || left(replace(gen_random_uuid()::text, '-', ''), 16),
      display_name = ${deletedDisplayName}, avatar_url = null, password_hash = null, issuer = null, subject = null, claims_at = null, claimed_profile = '{}', assigned_role = null, metadata = '{}', suspended_until = null, suspension_reason = null, role = 'USER', last_seen_at = null, deleted_at = now()
    where id = any(${ids}::uuid[]) and deleted_at is null
    returning id`;
}

/** Whether the settings have the messages of deleted accounts deleted. */
export const deletesMessages = ({ DELETED_ACCOUNTS_MESSAGES }: Config): boolean =>
  DELETED_ACCOUNTS_MESSAGES === 'delete';

/**
 * Deletes guests whose last connection ended more than `guestKeptMs` ago, or who never connected. A
 * guest's connection can last as long as the token, and its end is stored a little later; no guest
 * is deleted before that. Returns the number of guests.
 */
export async function removeGuests(transaction: Transaction, config: Config): Promise<number> {
  const { guestTokenMs, guestKeptMs, presenceTtlMs, leaveGraceMs } = config.limits;
  const before = (ms: number) => new Date(Date.now() - ms);
  const createdBefore = before(Math.max(guestKeptMs, guestTokenMs + presenceTtlMs + leaveGraceMs));
  // Prisma sends conditions as parameters, which match no partial index.
  const guests = await transaction.$queryRaw<{ id: string }[]>`
    select id from users
    where is_guest and deleted_at is null and created_at < ${createdBefore}
      and (last_seen_at is null or last_seen_at < ${before(guestKeptMs)})
    order by created_at limit ${guestsAtOnce}`;
  const ids = guests.map(({ id }) => id);
  const removed = await anonymiseUsers(transaction, ids, deletesMessages(config));
  await transaction.session.deleteMany({ where: { userId: { in: ids } } });
  return removed.length;
}

/** Ends one membership of this deleted account. False if it has none. */
export async function endNextMembership(
  node: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  userId: string,
): Promise<boolean> {
  const next = await transaction.member.findFirst({
    where: { userId },
    orderBy: { conversationId: 'asc' },
    select: { conversation: true, role: true, user: { select: userColumns } },
  });
  if (!next) return false;
  await kindOf(node, next.conversation).abandon(transaction, record, next);
  return true;
}

/** Ends one membership of an account that was deleted recently. False if there is none. */
export async function endSomeMembership(
  node: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
): Promise<boolean> {
  const [user] = await transaction.$queryRaw<{ id: string }[]>`
    select id from users
    where deleted_at > ${new Date(Date.now() - recentMs)} and exists (select from members where user_id = users.id)
    order by deleted_at limit 1`;
  return user !== undefined && endNextMembership(node, transaction, record, user.id);
}

/**
 * Deletes the rows of deleted accounts to which no event and no other row refers. Each row is
 * checked for a week after the events have expired; rows that are still in use then stay. Returns
 * the number of rows.
 */
export const deleteUsers = (transaction: Transaction, retentionDays: number): Promise<number> =>
  transaction.$executeRaw`
    delete from users where id = any(array(
      select id from users
      where deleted_at < now() - (${retentionDays}::int + 1) * interval '1 day'
        and deleted_at > now() - (${retentionDays}::int + 8) * interval '1 day'
        and not exists (select from messages where author_id = users.id)
        and not exists (
          select from conversations where lesser_user_id = users.id or greater_user_id = users.id or customer_id = users.id)
        and not exists (select from members where user_id = users.id)
        and not exists (select from moderation_entries where moderator_id = users.id)
        and not exists (select from reports where reporter_id = users.id)
        and not exists (select from reactions where user_id = users.id)
        and not exists (select from files where owner_id = users.id)
      order by deleted_at limit ${deletedAtOnce}))`;
