import type { Transaction } from '../../db/database.ts';
import type { MemberRole, Visibility } from '../../db/generated/enums.ts';
import type { LeaveReason } from '../../events/catalogue.ts';
import type { RecordEvent } from '../../events/record.ts';
import type { UserRow } from '../accounts/users.ts';

// Facts that a permission rests on are held until the transaction that relies on it ends, so that nothing lands after what forbids it.
// Everybody holds them in one order: members by the id of the user, then the conversation, then (by `record`) the topics.

export interface HeldMember {
  readonly userId: string;
  readonly role: MemberRole;
}

export interface HeldRoom {
  readonly name: string;
  readonly topic: string | null;
  readonly visibility: Visibility;
  readonly slowModeSeconds: number;
  readonly archivedAt: Date | null;
  readonly creatorId: string | null;
}

/** Those of the users who are members, as they are now and will be until the transaction ends. */
export async function holdMembers(transaction: Transaction, conversationId: string, userIds: readonly string[]): Promise<Map<string, HeldMember>> {
  const members = await transaction.$queryRaw<HeldMember[]>`
    select user_id as "userId", role from members
    where conversation_id = ${conversationId}::uuid and user_id = any(${userIds}::uuid[])
    order by user_id
    for update`;
  return new Map(members.map((member) => [member.userId, member]));
}

/** The room as it is now and will be until the transaction ends. With 'no key update' nobody else holds it, which also settles who owns it. */
export async function holdRoom(transaction: Transaction, roomId: string, strength: 'share' | 'no key update'): Promise<HeldRoom> {
  const [room] = await transaction.$queryRawUnsafe<HeldRoom[]>(
    `select name, topic, visibility, slow_mode_seconds as "slowModeSeconds", archived_at as "archivedAt", creator_id as "creatorId"
     from conversations where id = $1::uuid for ${strength}`,
    roomId,
  );
  if (!room) throw new Error(`the room ${roomId} is gone`);
  return room;
}

/** Makes users members, with everything up to now read. Those who are members already stay as they are. Returns the room, held. */
export async function admit(transaction: Transaction, record: RecordEvent, roomId: string, users: readonly UserRow[]): Promise<HeldRoom> {
  const joined = await transaction.$queryRaw<{ userId: string }[]>`
    insert into members (conversation_id, user_id, last_read_seq)
    select conversations.id, users.id, last_seq from conversations, users
    where conversations.id = ${roomId}::uuid and users.id = any(${users.map(({ id }) => id)}::uuid[])
    order by users.id
    on conflict do nothing
    returning user_id as "userId"`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of joined) record({ type: 'MemberJoined', data: { conversationId: roomId, userId } }, { user: { [userId]: rows.get(userId) } });
  return holdRoom(transaction, roomId, 'share');
}

/** Ends memberships, and says so to all who follow. Returns those that there were, held. */
export async function dismiss(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  users: readonly UserRow[],
  reason: LeaveReason,
): Promise<HeldMember[]> {
  const ids = users.map(({ id }) => id);
  const left = await transaction.$queryRaw<HeldMember[]>`
    delete from members where conversation_id = ${roomId}::uuid and user_id = any(${ids}::uuid[]) returning user_id as "userId", role`;
  // A private room's name is taken among its creator's rooms, which must tell nothing to a creator who is outside.
  await transaction.$executeRaw`update conversations set creator_id = null where id = ${roomId}::uuid and creator_id = any(${ids}::uuid[])`;
  const rows = new Map(users.map((user) => [user.id, user]));
  for (const { userId } of left) record({ type: 'MemberLeft', data: { conversationId: roomId, userId, reason } }, { user: { [userId]: rows.get(userId) } });
  return left;
}
