import type { Visibility } from '../../db/generated/enums.ts';
import { conflict, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { parseRoomName } from '../rooms/room-name.ts';
import { parseRoomTopic } from '../rooms/room-topic.ts';
import { createRooms, roomsOf, updateMembers, updateRows, type WantedRoom } from './store-rooms.ts';
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
  const wanted = checked.map(({ ownerId: _, ...room }, index) => ({
    ...room,
    owner: owners[index],
  }));
  const upsert = transact(scope.node, async (transaction, record) => {
    const created = await createRooms(transaction, record, wanted);
    const isNew = new Set(created.map(({ id }) => id));
    const found = await roomsOf(transaction, targets);
    const updates = wanted
      .map((room) => ({ room, stored: found.get(room.externalId) ?? refuseName(room) }))
      .filter(({ stored }) => !isNew.has(stored.id))
      .toSorted((one, other) => (one.stored.id < other.stored.id ? -1 : 1));
    await updateMembers(scope.node, transaction, record, updates);
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
function refuseName({ name, externalId }: WantedRoom): never {
  throw nameTaken(`the name “${name ?? externalId}”`);
}

type Checked = ReturnType<typeof checkRoom>;

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
