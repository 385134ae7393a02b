import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { conflict, notFound } from '../../errors.ts';
import { memberKey } from '../../events/facts.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import { conversationById, memberFact, type Conversation } from '../conversations/conversations.ts';
import {
  admit,
  dismiss,
  lockEntrance,
  lockEntranceAlone,
  lockMembers,
} from '../conversations/membership.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { livingUsers, userColumns, type UserRow } from '../people/users.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { bansOf } from '../rooms/bans.ts';
import { parseRoomName } from '../rooms/room-name.ts';
import { parseRoomTopic } from '../rooms/room-topic.ts';
import { isRoom } from '../rooms/rooms.ts';
import { checkItems, isTaken } from './upserts.ts';

/** A room of the application. Omitted fields keep their value. */
export interface RoomUpsert {
  readonly externalId: string;
  readonly name?: string | null;
  /** Null removes it. */
  readonly topic?: string | null;
  readonly visibility?: Visibility | null;
  readonly metadata?: JsonObject | null;
  /** A user who is to be an owner. Other owners stay. */
  readonly ownerId?: string | null;
}

/**
 * Creates the rooms that the application has and this server does not, and updates the others: all
 * of them or none. Returns them in the order given. CONFLICT if another room has a name, NOT_FOUND
 * for an unknown owner. For services.
 */
export async function upsertRooms(
  scope: Scope,
  items: readonly RoomUpsert[],
): Promise<{ rooms: Conversation[]; createdCount: number }> {
  const targets = items.map(({ externalId }) => externalId);
  await startServiceCall(scope, 'rooms', { action: 'upsertRooms', targets });
  const checked = checkItems(items, 'rooms', (item) => checkRoom(scope, item));
  const owners = await ownersOf(scope, checked);
  const wanted = checked.map((room, index) => ({ ...room, owner: owners[index] }));
  const upsert = transact(scope.node, async (transaction, record) => {
    const created = await createRooms(transaction, record, wanted);
    const isNew = new Set(created.map(({ id }) => id));
    const found = await roomsOf(transaction, targets);
    const updates = wanted
      .map((room) => ({ room, stored: found.get(room.externalId) ?? refuseName(room) }))
      .filter(({ stored }) => !isNew.has(stored.id))
      .toSorted((one, other) => (one.stored.id < other.stored.id ? -1 : 1));
    await updateMembers(transaction, record, updates);
    await updateRows(transaction, record, updates);
    const rooms = await roomsOf(transaction, targets);
    return { rooms: targets.map((target) => rooms.get(target)!), createdCount: created.length };
  });
  const upserted = await upsert.catch((error: unknown) => {
    throw isTaken(error) ? nameTaken('one of these names') : error;
  });
  for (const room of upserted.rooms) conversationById.prime(scope, room.id, room);
  return upserted;
}

const nameTaken = (name: string) =>
  conflict(`Another public room has ${name}. Choose another name.`);

/** A room that is neither new nor found has a name that is taken. */
function refuseName({ name, externalId }: Wanted): never {
  throw nameTaken(`the name “${name ?? externalId}”`);
}

type Checked = ReturnType<typeof checkRoom>;
type Wanted = Checked & { readonly owner: UserRow | undefined };

function checkRoom(
  scope: Scope,
  { externalId, name, topic, visibility, metadata, ownerId }: RoomUpsert,
) {
  return {
    externalId,
    ...(name != null && parseRoomName(refuseWords(scope, name, 'name'))),
    ...(topic !== undefined && {
      topic: parseRoomTopic(topic && filterWords(scope, topic, 'topic')),
    }),
    ...(visibility != null && { visibility }),
    ...(metadata != null && { metadata: checkJson(metadata, 'metadata') }),
    ownerId: ownerId ?? undefined,
  };
}

/** The owner of each room, undefined where none is given. */
async function ownersOf(scope: Scope, rooms: readonly Checked[]): Promise<(UserRow | undefined)[]> {
  const ids = await resolveUserIds(
    scope,
    rooms.map(({ ownerId }) => ownerId ?? ''),
  );
  const found = await Promise.all(
    ids.map((id) => (isId(id) ? livingUsers.load(scope, id.toLowerCase()) : null)),
  );
  return rooms.map(({ ownerId }, index) => {
    const owner = found[index];
    if (ownerId !== undefined && (!owner || owner.isGuest))
      throw notFound(
        `\`rooms[${index}]\`: there is no such user to own the room, or it is a guest. Check \`ownerId\`.`,
      );
    return owner ?? undefined;
  });
}

async function roomsOf(
  transaction: Transaction,
  externalIds: readonly string[],
): Promise<Map<string, Conversation>> {
  const rooms = await transaction.conversation.findMany({
    where: { externalId: { in: [...externalIds] } },
  });
  return new Map(rooms.map((room) => [room.externalId!, room]));
}

/**
 * Creates the rooms that do not exist. A room without a name gets its external id as its name. Rooms
 * whose name is taken, and those that another call creates meanwhile, are missing from the result.
 */
async function createRooms(
  transaction: Transaction,
  record: RecordEvent,
  wanted: readonly Wanted[],
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

/** A room that exists, and what is wanted of it. In the order of the ids, by which rows are locked. */
interface Update {
  readonly room: Wanted;
  readonly stored: Conversation;
}

/** Locks the entrances and members of all rooms, before `updateRows` locks the rooms. */
async function updateMembers(
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
      await makeOwner(transaction, record, stored.id, room.owner);
  }
}

/** Writes the rooms that change. */
async function updateRows(
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

const columnsOf = ({ externalId: _, ownerId: __, owner: ___, ...columns }: Wanted) => columns;

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
  await admit(transaction, record, roomId, [user]);
  await lockMembers(transaction, roomId, [user.id]);
  const owner = await transaction.member.update({
    where: { conversationId_userId: key },
    data: { role: 'OWNER' },
  });
  record({ type: 'MemberUpdated', data: key }, memberFact(owner));
}
