import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { conflict } from '../../errors.ts';
import { memberKey } from '../../events/facts.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { memberFact, type Conversation } from '../conversations/conversations.ts';
import {
  admit,
  dismiss,
  lockEntrance,
  lockEntranceAlone,
  lockMembers,
} from '../conversations/membership.ts';
import { userColumns, type UserRow } from '../people/users.ts';
import type { JsonObject } from '../policy/json.ts';
import { bansOf } from '../rooms/bans.ts';
import { parseRoomName } from '../rooms/room-name.ts';
import { isRoom } from '../rooms/rooms.ts';

/** A room of the application after the checks. Undefined fields keep their value. */
export interface WantedRoom {
  readonly externalId: string;
  readonly name?: string;
  readonly nameKey?: string;
  readonly topic?: string | null;
  readonly visibility?: Visibility;
  readonly metadata?: JsonObject;
  readonly owner: UserRow | undefined;
}

/** The rooms with these external ids, by external id. */
export async function roomsOf(
  transaction: Transaction,
  externalIds: readonly string[],
): Promise<Map<string, Conversation>> {
  const rooms = await transaction.conversation.findMany({
    where: { externalId: { in: [...externalIds] } },
  });
  return new Map(rooms.map((room) => [room.externalId!, room]));
}

/**
 * Creates the rooms that do not exist. A room without a name gets its external id as its name.
 * Rooms whose name is taken, and those that another call creates meanwhile, are missing from the
 * result.
 */
export async function createRooms(
  transaction: Transaction,
  record: RecordEvent,
  wanted: readonly WantedRoom[],
): Promise<Conversation[]> {
  const known = await roomsOf(
    transaction,
    wanted.map(({ externalId }) => externalId),
  );
  const created = await transaction.conversation.createManyAndReturn({
    data: wanted
      .filter(({ externalId }) => !known.has(externalId))
      .map(({ externalId, name, nameKey, topic, visibility, metadata, owner }) => ({
        ...isRoom,
        externalId,
        ...(name === undefined
          ? parseRoomName([...externalId].slice(0, 64).join(''))
          : { name, nameKey: nameKey! }),
        topic,
        visibility: visibility ?? 'PUBLIC',
        metadata: metadata as Prisma.InputJsonObject | undefined,
        creatorId: owner?.id,
      })),
    skipDuplicates: true,
  });
  const ownerOf = new Map(wanted.map(({ externalId, owner }) => [externalId, owner]));
  const owned = created.flatMap((room) => {
    const owner = ownerOf.get(room.externalId!);
    return owner ? [{ room, owner }] : [];
  });
  await transaction.member.createMany({
    data: owned.map(({ room, owner }) => ({
      conversationId: room.id,
      userId: owner.id,
      role: 'OWNER' as const,
    })),
  });
  for (const room of created) recordRoom(record, room);
  for (const { room, owner } of owned)
    record(
      { type: 'MemberJoined', data: { conversationId: room.id, userId: owner.id } },
      { user: { [owner.id]: owner } },
    );
  return created;
}

const recordRoom = (record: RecordEvent, room: Conversation): void =>
  record(
    { type: 'RoomUpdated', data: { conversationId: room.id } },
    { conversation: { [room.id]: room } },
  );

/** A room that exists, and the changes to it. Rows are locked in the order of their ids. */
interface Update {
  readonly room: WantedRoom;
  readonly stored: Conversation;
}

/** Locks the entrances and members of all rooms, before `updateRows` locks the rooms. */
export async function updateMembers(
  node: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  updates: readonly Update[],
): Promise<void> {
  const owners = await transaction.member.findMany({
    where: {
      conversationId: { in: updates.map(({ stored }) => stored.id) },
      userId: { in: updates.flatMap(({ room: { owner } }) => (owner ? [owner.id] : [])) },
      role: 'OWNER',
    },
  });
  const isOwner = new Set(owners.map((member) => memberKey(member.conversationId, member.userId)));
  for (const { room, stored } of updates) {
    if (room.visibility !== undefined && room.visibility !== stored.visibility) {
      await lockEntranceAlone(transaction, stored.id);
      if (room.visibility === 'PRIVATE') await dismissGuests(transaction, record, stored.id);
    }
    if (room.owner && !isOwner.has(memberKey(stored.id, room.owner.id)))
      await makeOwner(node, transaction, record, stored.id, room.owner);
  }
}

/** Writes the rooms that change. */
export async function updateRows(
  transaction: Transaction,
  record: RecordEvent,
  updates: readonly Update[],
): Promise<void> {
  for (const { room, stored } of updates) {
    const changes = Object.entries(columnsOf(room)).filter(
      ([column, value]) => !isDeepStrictEqual(value, stored[column as keyof Conversation]),
    );
    if (changes.length === 0) continue;
    const changed = await transaction.conversation.update({
      where: { id: stored.id },
      data: Object.fromEntries(changes),
    });
    recordRoom(record, changed);
  }
}

const columnsOf = ({ externalId: _, owner: __, ...columns }: WantedRoom) => columns;

/** Guests cannot be in private rooms. */
async function dismissGuests(
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
): Promise<void> {
  const guests = await transaction.user.findMany({
    where: { isGuest: true, members: { some: { conversationId: roomId } } },
    select: userColumns,
  });
  await lockMembers(
    transaction,
    roomId,
    guests.map(({ id }) => id),
  );
  await dismiss(transaction, record, roomId, guests, 'KICKED');
}

async function makeOwner(
  node: Pick<Node, 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  user: UserRow,
): Promise<void> {
  const key = { conversationId: roomId, userId: user.id };
  await lockEntrance(transaction, roomId);
  if ((await bansOf(transaction, roomId, [user.id])).size > 0)
    throw conflict(
      `${user.username} is banned from the room and cannot own it. Lift the ban first.`,
    );
  await admit(node, transaction, record, roomId, [user]);
  await lockMembers(transaction, roomId, [user.id]);
  const owner = await transaction.member.update({
    where: { conversationId_userId: key },
    data: { role: 'OWNER' },
  });
  record({ type: 'MemberUpdated', data: key }, memberFact(owner));
}
