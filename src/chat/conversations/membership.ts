import type { Transaction } from '../../db/database.ts';
import type { MemberRole, Visibility } from '../../db/generated/enums.ts';
import { conflict } from '../../errors.ts';
import type { LeaveReason } from '../../events/catalogue.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import type { UserRow } from '../people/users.ts';
import { noSuchConversation } from './access.ts';
import { memberFact } from './conversations.ts';

// A transaction locks the rows that its permission depends on until it ends, so that no write lands
// after the change that forbids it. Every transaction locks in the same order, or two could
// deadlock: the entrance of the room, members by user id, the conversation, and last, by `record`,
// the topics.

export interface Entrance {
  readonly visibility: Visibility;
  readonly archivedAt: Date | null;
}

export interface LockedMember {
  readonly userId: string;
  readonly role: MemberRole;
  readonly mutedUntil: Date | null;
}

export interface LockedRoom extends Entrance {
  readonly name: string;
  readonly topic: string | null;
  readonly slowModeSeconds: number;
  readonly creatorId: string | null;
}

/**
 * Locks the rules for joining a room, together with other joins. The lock is advisory and not on
 * the row: sends lock the row of a busy room all the time, and a shared row lock would make them
 * wait while users join. Throws NOT_FOUND if the room was deleted.
 */
export async function lockEntrance(transaction: Transaction, roomId: string): Promise<Entrance> {
  await transaction.$executeRaw`select pg_advisory_xact_lock_shared(hashtextextended(${roomId}, 0))`;
  const entrance = await transaction.conversation.findUnique({
    where: { id: roomId, deletedAt: null },
    select: { visibility: true, archivedAt: true },
  });
  if (!entrance) throw noSuchConversation();
  return entrance as Entrance;
}

/**
 * Locks the entrance alone, so that no user joins until the transaction ends: for changes of the
 * rules for joining.
 */
export async function lockEntranceAlone(transaction: Transaction, roomId: string): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${roomId}, 0))`;
}

/** Locks the memberships of these users; users who are not members are missing from the result. */
export async function lockMembers(
  transaction: Transaction,
  conversationId: string,
  userIds: readonly string[],
): Promise<Map<string, LockedMember>> {
  const members = await transaction.$queryRaw<LockedMember[]>`
    select user_id as "userId", role, muted_until as "mutedUntil" from members
    where conversation_id = ${conversationId}::uuid and user_id = any(${userIds}::uuid[])
    order by user_id
    for update`;
  return new Map(members.map((member) => [member.userId, member]));
}

/** Locks the room. The role of an owner changes only under this lock. */
export async function lockRoom(transaction: Transaction, roomId: string): Promise<LockedRoom> {
  const [room] = await transaction.$queryRaw<LockedRoom[]>`
    select name, topic, visibility, slow_mode_seconds as "slowModeSeconds", archived_at as "archivedAt", creator_id as "creatorId"
    from conversations where id = ${roomId}::uuid for no key update`;
  if (!room) throw new Error(`the room ${roomId} is gone`);
  return room;
}

/**
 * Makes users members, with every earlier message read, and with it its notification. Existing
 * members stay unchanged, and a mute from an earlier membership still applies. The caller holds the
 * lock of the entrance.
 */
export async function admit(
  { services }: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  users: readonly UserRow[],
): Promise<string[]> {
  const joined = await transaction.$queryRaw<{ userId: string; lastReadSeq: number }[]>`
    insert into members (conversation_id, user_id, last_read_seq)
    select conversations.id, users.id, last_seq from conversations, users
    where conversations.id = ${roomId}::uuid and users.id = any(${idsOf(users)}::uuid[]) and users.deleted_at is null
    order by users.id
    on conflict do nothing
    returning user_id as "userId", last_read_seq as "lastReadSeq"`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of joined)
    record(
      { type: 'MemberJoined', data: { conversationId: roomId, userId } },
      { user: { [userId]: rows.get(userId) } },
    );
  const markers = joined.map((marker) => ({ conversationId: roomId, ...marker }));
  for (const read of await services.readNotifications(transaction, markers))
    record({ type: 'NotificationsRead', data: read });
  const joinedIds = joined.map(({ userId }) => userId);
  await restoreRestrictions(transaction, record, roomId, joinedIds);
  return joinedIds;
}

/**
 * Restores the mute and the slow mode of an earlier membership. The insert before has waited for a
 * concurrent departure, so its row is visible.
 */
async function restoreRestrictions(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  userIds: readonly string[],
): Promise<void> {
  const restored = await transaction.$queryRaw<
    { userId: string; mutedUntil: Date | null; lastSentAt: Date | null }[]
  >`
    delete from restrictions where conversation_id = ${roomId}::uuid and user_id = any(${userIds}::uuid[])
    returning user_id as "userId", muted_until as "mutedUntil", last_sent_at as "lastSentAt"`;
  for (const { userId, mutedUntil, lastSentAt } of restored) {
    const member = await transaction.member.update({
      where: { conversationId_userId: { conversationId: roomId, userId } },
      data: { mutedUntil, lastSentAt },
    });
    if (mutedUntil && mutedUntil > new Date())
      record(
        { type: 'MemberUpdated', data: { conversationId: roomId, userId } },
        memberFact(member),
      );
  }
}

/**
 * Ends memberships and publishes it. Returns the memberships that existed. Mutes and slow mode are
 * kept for a later return.
 */
export async function dismiss(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  users: readonly UserRow[],
  reason: LeaveReason,
): Promise<LockedMember[]> {
  const ids = idsOf(users);
  const left = await transaction.$queryRaw<LockedMember[]>`
    with gone as (
      delete from members where conversation_id = ${roomId}::uuid and user_id = any(${ids}::uuid[]) returning user_id, role, muted_until, last_sent_at),
    kept as (
      insert into restrictions (conversation_id, user_id, muted_until, last_sent_at)
      select conversations.id, user_id, muted_until, last_sent_at from gone, conversations
      where conversations.id = ${roomId}::uuid and (muted_until > now() or last_sent_at > now() - slow_mode_seconds * interval '1 second')
      on conflict (conversation_id, user_id) do update set muted_until = excluded.muted_until, last_sent_at = excluded.last_sent_at)
    select user_id as "userId", role, muted_until as "mutedUntil" from gone`;
  // The name of a private room is unique among the rooms of its creator. A creator who left must
  // not learn from a conflict that it still exists.
  await transaction.$executeRaw`update conversations set creator_id = null where id = ${roomId}::uuid and creator_id = any(${ids}::uuid[])`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of left)
    record(
      { type: 'MemberLeft', data: { conversationId: roomId, userId, reason } },
      { user: { [userId]: rows.get(userId) } },
    );
  return left;
}

/** Deletes one membership without an event. It locks the membership first, as a send does. */
export async function withdraw(
  transaction: Transaction,
  conversationId: string,
  userId: string,
): Promise<void> {
  await lockMembers(transaction, conversationId, [userId]);
  await transaction.member.deleteMany({ where: { conversationId, userId } });
}

/**
 * Throws the refusal if the room has members but no owner. The lock makes two owners who leave at
 * once check one after the other.
 */
export async function requireOwner(
  transaction: Transaction,
  roomId: string,
  refusal: string,
): Promise<void> {
  await lockRoom(transaction, roomId);
  const roles = await transaction.member.groupBy({ by: 'role', where: { conversationId: roomId } });
  if (roles.length > 0 && !roles.some(({ role }) => role === 'OWNER')) throw conflict(refusal);
}

const idsOf = (users: readonly UserRow[]): string[] => users.map(({ id }) => id);
