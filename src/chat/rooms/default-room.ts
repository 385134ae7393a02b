import type { Config } from '../../config.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { Refusal, StartError } from '../../errors.ts';
import type { RecordEvent } from '../../events/record.ts';
import type { Scope } from '../../scope.ts';
import { userColumns } from '../accounts/users.ts';
import { nameKeyOf, readRoomName, type RoomName } from './room-name.ts';

/**
 * Makes the public room that DEFAULT_ROOM names, unless there is one of that name, whoever made it; any number of nodes may do so at
 * once. It has no owner: admins look after it. Throws StartError when DEFAULT_ROOM cannot be a room's name.
 */
export async function ensureDefaultRoom({ database, config }: { database: Database; config: Config }): Promise<void> {
  if (!config.DEFAULT_ROOM) return;
  const { name, nameKey } = readSetting(config.DEFAULT_ROOM);
  await database.prisma.conversation.createMany({ data: { kind: 'ROOM', visibility: 'PUBLIC', name, nameKey }, skipDuplicates: true });
}

/** Lets a new user into the default room, in the transaction that signs them up. Does nothing when there is none, or it is archived. */
export async function joinDefaultRoom(scope: Scope, transaction: Transaction, record: RecordEvent, userId: string): Promise<void> {
  const { DEFAULT_ROOM } = scope.node.config;
  if (!DEFAULT_ROOM) return;
  const [joined] = await transaction.$queryRaw<{ conversationId: string }[]>`
    insert into members (conversation_id, user_id, last_read_seq)
    select id, ${userId}::uuid, last_seq from conversations
    where name_key = ${nameKeyOf(DEFAULT_ROOM)} and visibility = 'PUBLIC' and archived_at is null
    on conflict do nothing
    returning conversation_id as "conversationId"`;
  if (!joined) return;
  const user = await transaction.user.findUniqueOrThrow({ where: { id: userId }, select: userColumns });
  record({ type: 'MemberJoined', data: { conversationId: joined.conversationId, userId } }, { user: { [userId]: user } });
}

function readSetting(text: string): RoomName {
  try {
    return readRoomName(text);
  } catch (error) {
    throw error instanceof Refusal ? new StartError(`DEFAULT_ROOM cannot name a room: ${error.message}`) : error;
  }
}
