import type { Transaction } from '../../db/database.ts';
import type { MemberRole, Visibility } from '../../db/generated/enums.ts';
import { conflict } from '../../errors.ts';
import type { LeaveReason } from '../../events/catalogue.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { UserRow } from '../people/users.ts';
import { memberFact } from './conversations.ts';

// Facts that a permission rests on are held until the transaction that relies on it ends, so that nothing lands after what forbids it.
// Everybody holds them in one order, or they would wait for each other in a circle: the entrance of the room, members by the id of the
// user, the conversation, and last, by `record`, the topics.

export interface Entrance {
  readonly visibility: Visibility;
  readonly archivedAt: Date | null;
}

export interface HeldMember {
  readonly userId: string;
  readonly role: MemberRole;
  readonly mutedUntil: Date | null;
}

export interface HeldRoom extends Entrance {
  readonly name: string;
  readonly topic: string | null;
  readonly slowModeSeconds: number;
  readonly creatorId: string | null;
}

/**
 * Who may come in, as it is now and will be until the transaction ends. Any number come in together, past those who send: the row of a
 * room in use is never free for long, and a share of it would keep the sends waiting for as long as people come in.
 */
export async function holdEntrance(transaction: Transaction, roomId: string): Promise<Entrance> {
  await transaction.$executeRaw`select pg_advisory_xact_lock_shared(hashtextextended(${roomId}, 0))`;
  return transaction.conversation.findUniqueOrThrow({
    where: { id: roomId },
    select: { visibility: true, archivedAt: true },
  }) as Promise<Entrance>;
}

/** Until the transaction ends nobody comes in: for who changes who may. */
export async function closeEntrance(transaction: Transaction, roomId: string): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${roomId}, 0))`;
}

/** Those of the users who are members, as they are now and will be until the transaction ends. */
export async function holdMembers(
  transaction: Transaction,
  conversationId: string,
  userIds: readonly string[],
): Promise<Map<string, HeldMember>> {
  const members = await transaction.$queryRaw<HeldMember[]>`
    select user_id as "userId", role, muted_until as "mutedUntil" from members
    where conversation_id = ${conversationId}::uuid and user_id = any(${userIds}::uuid[])
    order by user_id
    for update`;
  return new Map(members.map((member) => [member.userId, member]));
}

/** The room as it is now and will be until the transaction ends, which also settles who owns it: roles of owners change under this only. */
export async function holdRoom(transaction: Transaction, roomId: string): Promise<HeldRoom> {
  const [room] = await transaction.$queryRaw<HeldRoom[]>`
    select name, topic, visibility, slow_mode_seconds as "slowModeSeconds", archived_at as "archivedAt", creator_id as "creatorId"
    from conversations where id = ${roomId}::uuid for no key update`;
  if (!room) throw new Error(`the room ${roomId} is gone`);
  return room;
}

/**
 * Makes users members, with everything up to now read; those who are members already stay as they are, and who was muted when they left
 * still is. For who holds the entrance.
 */
export async function admit(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  users: readonly UserRow[],
): Promise<void> {
  const joined = await transaction.$queryRaw<{ userId: string }[]>`
    insert into members (conversation_id, user_id, last_read_seq)
    select conversations.id, users.id, last_seq from conversations, users
    where conversations.id = ${roomId}::uuid and users.id = any(${idsOf(users)}::uuid[]) and deleted_at is null
    order by users.id
    on conflict do nothing
    returning user_id as "userId"`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of joined)
    record(
      { type: 'MemberJoined', data: { conversationId: roomId, userId } },
      { user: { [userId]: rows.get(userId) } },
    );
  await takeBack(
    transaction,
    record,
    roomId,
    joined.map(({ userId }) => userId),
  );
}

/** What those who come in left behind is theirs again. Only now: had one been leaving at the same moment, coming in has waited for that. */
async function takeBack(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  userIds: readonly string[],
): Promise<void> {
  const kept = await transaction.$queryRaw<
    { userId: string; mutedUntil: Date | null; lastSentAt: Date | null }[]
  >`
    delete from restrictions where conversation_id = ${roomId}::uuid and user_id = any(${userIds}::uuid[])
    returning user_id as "userId", muted_until as "mutedUntil", last_sent_at as "lastSentAt"`;
  for (const { userId, mutedUntil, lastSentAt } of kept) {
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

/** Ends memberships, and says so to all who follow. Returns those that there were. A mute and slow mode are kept for when they come back. */
export async function dismiss(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  users: readonly UserRow[],
  reason: LeaveReason,
): Promise<HeldMember[]> {
  const ids = idsOf(users);
  const left = await transaction.$queryRaw<HeldMember[]>`
    with gone as (
      delete from members where conversation_id = ${roomId}::uuid and user_id = any(${ids}::uuid[]) returning user_id, role, muted_until, last_sent_at),
    kept as (
      insert into restrictions (conversation_id, user_id, muted_until, last_sent_at)
      select conversations.id, user_id, muted_until, last_sent_at from gone, conversations
      where conversations.id = ${roomId}::uuid and (muted_until > now() or last_sent_at > now() - slow_mode_seconds * interval '1 second')
      on conflict (conversation_id, user_id) do update set muted_until = excluded.muted_until, last_sent_at = excluded.last_sent_at)
    select user_id as "userId", role, muted_until as "mutedUntil" from gone`;
  // A private room's name is taken among its creator's rooms, which must tell nothing to a creator who is outside.
  await transaction.$executeRaw`update conversations set creator_id = null where id = ${roomId}::uuid and creator_id = any(${ids}::uuid[])`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of left)
    record(
      { type: 'MemberLeft', data: { conversationId: roomId, userId, reason } },
      { user: { [userId]: rows.get(userId) } },
    );
  return left;
}

/** Deletes one membership without an event. Locks it first, as a send does. */
export async function withdraw(
  transaction: Transaction,
  conversationId: string,
  userId: string,
): Promise<void> {
  await holdMembers(transaction, conversationId, [userId]);
  await transaction.member.deleteMany({ where: { conversationId, userId } });
}

/** After an owner went: the room needs another while anybody is left in it. Of two who go at once the second finds what the first left. */
export async function requireOwner(
  transaction: Transaction,
  roomId: string,
  refusal: string,
): Promise<void> {
  await holdRoom(transaction, roomId);
  const roles = await transaction.member.groupBy({ by: 'role', where: { conversationId: roomId } });
  if (roles.length > 0 && !roles.some(({ role }) => role === 'OWNER')) throw conflict(refusal);
}

const idsOf = (users: readonly UserRow[]): string[] => users.map(({ id }) => id);
