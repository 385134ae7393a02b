import type { Config } from '../../config.ts';
import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { kindOf } from '../conversations/kinds.ts';
import { userColumns } from '../people/users.ts';

const guestsAtOnce = 100;
const forgottenAtOnce = 100;

/**
 * A user who goes leaves a nameless one behind, for what they wrote and did still has an author, and the event log still speaks of them. Then
 * they leave what they were in, and their messages are deleted where the settings say so; and when the log has forgotten them and nothing
 * names them, the nameless one goes, too. Returns who it was.
 */
export const removeNames = (
  transaction: Transaction,
  { DELETED_ACCOUNTS_MESSAGES }: Config,
  userIds: readonly string[],
): Promise<{ id: string }[]> =>
  transaction.$queryRaw<{ id: string }[]>`
    update users set messages_go = ${DELETED_ACCOUNTS_MESSAGES === 'delete'}, username = 'deleted-' || left(replace(gen_random_uuid()::text, '-', ''), 16), display_name = 'Deleted user', avatar_url = null,
      password_hash = null, issuer = null, subject = null, claims_at = null, role = 'USER', last_seen_at = null, deleted_at = now()
    where id = any(${userIds}::uuid[]) and deleted_at is null
    returning id`;

/**
 * Guests whose last connection ended so long ago, or who came so long ago and had none. A connection may last as long as their token, which
 * is their only one, and that it ended is known a little later: nobody goes before. Returns how many.
 */
export async function removeGuests(transaction: Transaction, config: Config): Promise<number> {
  const { guestTokenMs, guestKeptMs, presenceTtlMs, leaveGraceMs } = config.limits;
  const before = (ms: number) => ({ lt: new Date(Date.now() - ms) });
  const guests = await transaction.user.findMany({
    where: {
      isGuest: true,
      deletedAt: null,
      createdAt: before(Math.max(guestKeptMs, guestTokenMs + presenceTtlMs + leaveGraceMs)),
      OR: [{ lastSeenAt: null }, { lastSeenAt: before(guestKeptMs) }],
    },
    orderBy: { createdAt: 'asc' },
    take: guestsAtOnce,
    select: { id: true },
  });
  const ids = guests.map(({ id }) => id);
  const removed = await removeNames(transaction, config, ids);
  await transaction.session.deleteMany({ where: { userId: { in: ids } } });
  return removed.length;
}

/** Ends one membership of a user who went, or of anybody who did lately. False when there is none. */
export async function leaveNext(
  node: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  userId?: string,
): Promise<boolean> {
  const gone = userId
    ? { id: userId }
    : { deletedAt: { gt: new Date(Date.now() - 7 * 24 * 3_600_000) } };
  const next = await transaction.member.findFirst({
    where: { user: gone },
    orderBy: { conversationId: 'asc' },
    select: { conversation: true, role: true, user: { select: userColumns } },
  });
  if (!next) return false;
  await kindOf(node, next.conversation).abandon(transaction, record, next);
  return true;
}

/** Nameless users of whom the log no longer speaks, whom nothing names. They are looked at for a week; after that they stay. Returns how many. */
export const forgetUsers = (transaction: Transaction, retentionDays: number): Promise<number> =>
  transaction.$executeRaw`
    delete from users where id = any(array(
      select id from users
      where deleted_at < now() - (${retentionDays}::int + 1) * interval '1 day' and deleted_at > now() - (${retentionDays}::int + 8) * interval '1 day'
        and not exists (select from messages where author_id = users.id)
        and not exists (select from conversations where lesser_user_id = users.id or greater_user_id = users.id or customer_id = users.id)
        and not exists (select from members where user_id = users.id)
        and not exists (select from moderation_entries where moderator_id = users.id)
        and not exists (select from reports where reporter_id = users.id)
        and not exists (select from reactions where user_id = users.id)
      order by deleted_at limit ${forgottenAtOnce}))`;
