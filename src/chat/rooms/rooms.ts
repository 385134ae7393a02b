import type { Visibility } from '../../db/generated/enums.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { findVisibleConversation, requireMember } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { parseRoomName } from './room-name.ts';
import { parseRoomTopic } from './room-topic.ts';

export interface RoomReference {
  readonly id?: string | null;
  readonly name?: string | null;
}

/** Finds a room by id or by name. Null if no such room is visible to the viewer. */
export async function findRoom(
  scope: Scope,
  { id, name }: RoomReference,
): Promise<Conversation | null> {
  const viewer = requireViewer(scope);
  if ((id == null) === (name == null))
    throw invalid('Pass either the `id` or the `name` of the room, not both.');
  const room =
    id != null ? await findVisibleConversation(scope, id) : await findByName(scope, viewer, name!);
  return room?.kind === 'ROOM' ? room : null;
}

/** Like `findRoom`, but throws NOT_FOUND. */
export async function visibleRoom(scope: Scope, reference: RoomReference): Promise<Conversation> {
  const room = await findRoom(scope, reference);
  if (!room) throw noSuchRoom();
  return room;
}

/**
 * Throws unless the viewer is a member of the room. NOT_FOUND for a conversation of another kind.
 */
export async function requireRoomMember(scope: Scope, roomId: string): Promise<void> {
  const { conversation } = await requireMember(scope, roomId);
  if (conversation.kind !== 'ROOM') throw noSuchRoom();
}

/** The column that makes a conversation a room. */
export const isRoom = { kind: 'ROOM' as const };

/** An SQL condition on a row of `conversations`. */
export const isRoomSql = `kind = 'ROOM'`;

export const archived = () =>
  forbidden(
    'This room is archived: you can read it, but nobody can write or join. An owner can reopen it with updateRoom.',
  );

/** The same error for a room that does not exist and for one that is hidden from the viewer. */
export const noSuchRoom = () =>
  notFound(
    'This room does not exist, or you do not have access to it. Check the id or the name, or ask a member to invite you.',
  );

export interface NewRoom {
  readonly name: string;
  readonly topic?: string | null;
  readonly visibility?: Visibility | null;
}

/** Creates a room with the viewer as its owner. CONFLICT if the name is taken. */
export async function createRoom(scope: Scope, input: NewRoom): Promise<Conversation> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests cannot create rooms. Sign up first.');
  const data = {
    ...parseRoomName(refuseWords(scope, input.name, 'name')),
    ...isRoom,
    topic: parseRoomTopic(input.topic && filterWords(scope, input.topic, 'topic')),
    visibility: input.visibility ?? 'PUBLIC',
    creatorId: viewer.id,
    members: { create: { userId: viewer.id, role: 'OWNER' as const } },
  };
  await spend(scope, 'create-room');
  const user = await users.load(scope, viewer.id);
  const creation = transact(scope.node, async (transaction, record) => {
    const room = await transaction.conversation.create({ data });
    record(
      { type: 'MemberJoined', data: { conversationId: room.id, userId: viewer.id } },
      { user: { [viewer.id]: user } },
    );
    return room;
  });
  return creation.catch(refuseTakenName);
}

/**
 * Turns a violation of the unique name into CONFLICT; of two rooms created at once, the database
 * lets one win.
 */
export function refuseTakenName(error: unknown): never {
  if ((error as { code?: string }).code === 'P2002')
    throw conflict('A room with this name already exists. Choose another name, or join that room.');
  throw error;
}

/**
 * A private room may have the name of a public room. The name then means the public one; of several
 * private ones the oldest.
 */
async function findByName(
  scope: Scope,
  viewer: Viewer,
  text: string,
): Promise<Conversation | null> {
  const { nameKey } = parseRoomName(text);
  const [found] = await scope.node.database.query<{ id: string }>(byNameStatement, [
    nameKey,
    viewer.id,
  ]);
  return found ? conversationById.load(scope, found.id) : null;
}

/** Literals instead of parameters, because only they match the condition of an index. */
const byNameStatement = {
  name: 'room-by-name',
  text: `
    (select id from conversations where visibility = 'PUBLIC' and name_key = $1)
    union all
    (select id from members join conversations on id = conversation_id
    where user_id = $2::uuid and visibility = 'PRIVATE' and name_key = $1 order by id limit 1)
    limit 1`,
};
