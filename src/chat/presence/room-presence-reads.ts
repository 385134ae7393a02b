import type { Database } from '../../db/database.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { isRoomSql } from '../rooms/rooms.ts';

export interface RoomRow {
  readonly roomId: string;
  /** All visible properties of the room in one string, for comparison. */
  readonly looks: string;
  readonly nameKey: string;
  readonly visibility: Visibility;
  readonly isArchived: boolean;
}

interface MembershipRow extends RoomRow {
  readonly userId: string;
  readonly username: string;
}

const columns = `conversations.id as "roomId", concat_ws(E'\\n', name, topic, slow_mode_seconds) as looks, name_key as "nameKey", visibility, archived_at is not null as "isArchived"`;

const membershipsStatement = {
  name: 'presence-memberships',
  text: `select user_id as "userId", username, ${columns}
    from members join users on users.id = user_id join conversations on conversations.id = conversation_id
    where user_id = any($1::uuid[]) and ${isRoomSql}`,
};
const roomsStatement = {
  name: 'presence-rooms',
  text: `select ${columns} from conversations where id = any($1::uuid[]) and ${isRoomSql} and deleted_at is null`,
};
/** The rows of an index. */
const isOpenSql = `visibility = 'PUBLIC' and archived_at is null and deleted_at is null`;
/**
 * Looks at the newest messages of all conversations, then at the first rooms by name. `offset 0`
 * makes the database find each of them by its id, instead of reading all rooms.
 */
const activeRoomsStatement = {
  name: 'presence-active-rooms',
  text: `with newest as (
      select conversation_id, created_at from messages where words is not null order by created_at desc limit 1000),
    written as (select conversation_id as id, max(created_at) as written_at from newest group by conversation_id),
    listed as (select id from conversations where ${isOpenSql} order by name_key limit $1)
    select ${columns}
    from (select id from written union select id from listed) active left join written using (id)
    cross join lateral (select * from conversations where id = active.id offset 0) conversations
    where ${isRoomSql} and ${isOpenSql}
    order by written_at desc nulls last, name_key limit $1`,
};
const countStatement = {
  name: 'presence-open-rooms',
  text: `select count(*)::int as count from (select from conversations where ${isOpenSql} limit $1) open`,
};
const confirmStatement = {
  name: 'presence-confirm',
  text: `select user_id as "userId" from members where conversation_id = $1::uuid and user_id = any($2::uuid[])`,
};

/** The rooms of these users. */
export async function readMemberships(
  database: Database,
  userIds: readonly string[],
): Promise<MembershipRow[]> {
  if (userIds.length === 0) return [];
  return database.query<MembershipRow>(membershipsStatement, [userIds]);
}

export async function readRooms(
  database: Database,
  roomIds: readonly string[],
): Promise<RoomRow[]> {
  if (roomIds.length === 0) return [];
  return database.query<RoomRow>(roomsStatement, [roomIds]);
}

/**
 * Public rooms that are not archived, the most recently active first, then by name: at most this
 * number.
 */
export const readActiveRooms = (database: Database, limit: number): Promise<RoomRow[]> =>
  database.query<RoomRow>(activeRoomsStatement, [limit]);

/** The number of public rooms that are not archived, counted up to the limit. */
export async function countOpenRooms(database: Database, limit: number): Promise<number> {
  const [row] = await database.query<{ count: number }>(countStatement, [limit]);
  return row!.count;
}

/** The users among these who are members of the room now. */
export async function confirmMembers(
  database: Database,
  roomId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const members = await database.query<{ userId: string }>(confirmStatement, [roomId, userIds]);
  return new Set(members.map(({ userId }) => userId));
}
