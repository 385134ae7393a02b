import type { Database } from '../../db/database.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { isRoomSql } from '../rooms/rooms.ts';

export interface RoomRow {
  readonly roomId: string;
  /** All that is shown of the room itself, as text to be compared. */
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
  text: `select ${columns} from conversations where id = any($1::uuid[]) and ${isRoomSql}`,
};
const publicRoomsStatement = {
  name: 'presence-public-rooms',
  text: `select ${columns} from conversations where ${isRoomSql} and visibility = 'PUBLIC' and archived_at is null`,
};
const confirmStatement = {
  name: 'presence-confirm',
  text: `select user_id as "userId" from members where conversation_id = $1::uuid and user_id = any($2::uuid[])`,
};

/** In which rooms these users are. */
export const readMemberships = async (
  database: Database,
  userIds: readonly string[],
): Promise<MembershipRow[]> =>
  userIds.length === 0 ? [] : database.query<MembershipRow>(membershipsStatement, [userIds]);

export const readRooms = async (
  database: Database,
  roomIds: readonly string[],
): Promise<RoomRow[]> =>
  roomIds.length === 0 ? [] : database.query<RoomRow>(roomsStatement, [roomIds]);

/** Those in use. */
export const readPublicRooms = (database: Database): Promise<RoomRow[]> =>
  database.query<RoomRow>(publicRoomsStatement, []);

/** Who of these users is a member of the room, now. */
export async function confirmMembers(
  database: Database,
  roomId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const members = await database.query<{ userId: string }>(confirmStatement, [roomId, userIds]);
  return new Set(members.map(({ userId }) => userId));
}
