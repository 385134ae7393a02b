import type { Config } from '../../config.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { Refusal, StartError } from '../../errors.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { admit, lockEntrance } from '../conversations/membership.ts';
import type { UserRow } from '../people/users.ts';
import { nameKeyOf, readRoomName, type RoomName } from './room-name.ts';

/**
 * Makes the public room that DEFAULT_ROOM names, unless there is one of that name, whoever made it; any number of nodes may do so at
 * once. It has no owner: admins look after it. Throws StartError when DEFAULT_ROOM cannot be a room's name.
 */
export async function ensureDefaultRoom({
  database,
  config,
}: {
  database: Database;
  config: Config;
}): Promise<void> {
  if (!config.DEFAULT_ROOM) return;
  const { name, nameKey } = readSetting(config.DEFAULT_ROOM);
  await database.prisma.conversation.createMany({
    data: { kind: 'ROOM', visibility: 'PUBLIC', name, nameKey },
    skipDuplicates: true,
  });
}

/** Lets a new user into the default room, in the transaction that signs them up. Does nothing when there is none, or it is archived. */
export async function joinDefaultRoom(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  user: UserRow,
): Promise<void> {
  const { DEFAULT_ROOM } = scope.node.config;
  if (!DEFAULT_ROOM) return;
  const room = await transaction.conversation.findFirst({
    where: { nameKey: nameKeyOf(DEFAULT_ROOM), visibility: 'PUBLIC' },
    select: { id: true },
  });
  if (!room) return;
  const { visibility, archivedAt } = await lockEntrance(transaction, room.id);
  if (visibility === 'PUBLIC' && !archivedAt) await admit(transaction, record, room.id, [user]);
}

function readSetting(text: string): RoomName {
  try {
    return readRoomName(text);
  } catch (error) {
    throw error instanceof Refusal
      ? new StartError(`DEFAULT_ROOM cannot name a room: ${error.message}`)
      : error;
  }
}
