import type { Config } from '../../config.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { Refusal, StartError } from '../../errors.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { admit, lockEntrance } from '../conversations/membership.ts';
import type { UserRow } from '../people/users.ts';
import { nameKeyOf } from '../policy/text.ts';
import { parseRoomName, type RoomName } from './room-name.ts';

/**
 * Creates the public room of DEFAULT_ROOM if there is no public room with this name. Several nodes
 * may do so at once. The room has no owner; admins manage it. Throws StartError if DEFAULT_ROOM is
 * not a valid room name.
 */
export async function ensureDefaultRoom({
  database,
  config,
}: {
  database: Database;
  config: Config;
}): Promise<void> {
  if (!config.DEFAULT_ROOM) return;
  const { name, nameKey } = parseSetting(config.DEFAULT_ROOM);
  await database.prisma.conversation.createMany({
    data: { kind: 'ROOM', visibility: 'PUBLIC', name, nameKey },
    skipDuplicates: true,
  });
}

/**
 * Adds new users to the default room, in the transaction that creates them. Does nothing if the
 * room does not exist or is archived.
 */
export async function joinDefaultRoom(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  users: readonly UserRow[],
): Promise<void> {
  const { DEFAULT_ROOM } = scope.node.config;
  if (!DEFAULT_ROOM) return;
  // A literal: Prisma would send a parameter, which the condition of the index never matches.
  const [room] = await transaction.$queryRaw<{ id: string }[]>`
    select id from conversations where visibility = 'PUBLIC' and name_key = ${nameKeyOf(DEFAULT_ROOM)}`;
  if (!room) return;
  const { visibility, archivedAt } = await lockEntrance(transaction, room.id);
  if (visibility === 'PUBLIC' && !archivedAt)
    await admit(scope.node, transaction, record, room.id, users);
}

function parseSetting(text: string): RoomName {
  try {
    return parseRoomName(text);
  } catch (error) {
    throw error instanceof Refusal
      ? new StartError(`DEFAULT_ROOM is not a valid room name: ${error.message}`)
      : error;
  }
}
