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
const publicRoomsStatement = {
  name: 'presence-public-rooms',
  text: `select ${columns} from conversations where ${isRoomSql} and visibility = 'PUBLIC' and archived_at is null`,
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

/** All public rooms that are not archived. */
export const readPublicRooms = (database: Database): Promise<RoomRow[]> =>
  database.query<RoomRow>(publicRoomsStatement, []);

/** The users among these who are members of the room now. */
export async function confirmMembers(
  database: Database,
  roomId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const members = await database.query<{ userId: string }>(confirmStatement, [roomId, userIds]);
  return new Set(members.map(({ userId }) => userId));
}
