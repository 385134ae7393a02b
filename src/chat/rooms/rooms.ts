import { z } from 'zod';
import type { Prisma } from '../../db/generated/client.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { findVisibleConversation, requireMember } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { isSound } from '../people/names.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { nameKeyOf, readRoomName } from './room-name.ts';
import { readRoomTopic } from './room-topic.ts';

export interface RoomReference {
  readonly id?: string | null;
  readonly name?: string | null;
}

/** By one of the two. Null when there is no such room that the viewer may see. */
export async function findRoom(
  scope: Scope,
  { id, name }: RoomReference,
): Promise<Conversation | null> {
  const viewer = requireViewer(scope);
  if ((id == null) === (name == null))
    throw invalid('Name the room by its id or by its name, one of the two.');
  const room =
    id != null ? await findVisibleConversation(scope, id) : await findByName(scope, viewer, name!);
  return room?.kind === 'ROOM' ? room : null;
}

/** The same, or NOT_FOUND. */
export async function visibleRoom(scope: Scope, reference: RoomReference): Promise<Conversation> {
  const room = await findRoom(scope, reference);
  if (!room) throw noSuchRoom();
  return room;
}

/** For members of a room: what they follow. NOT_FOUND for a conversation of another kind. */
export async function requireRoomMember(scope: Scope, roomId: string): Promise<void> {
  const { conversation } = await requireMember(scope, roomId);
  if (conversation.kind !== 'ROOM') throw noSuchRoom();
}

/** SQL over a row of `conversations`: whether it is a room. */
export const isRoomSql = `kind = 'ROOM'`;

export const archived = () =>
  forbidden(
    'The room is archived: it can be read, but nothing new comes in. An owner can open it again with updateRoom.',
  );

/** One answer for a room that does not exist and for one that the viewer may not know of. */
export const noSuchRoom = () =>
  notFound(
    'There is no such room, or it is not open to you. Check the id or the name, or ask a member to invite you.',
  );

/** Public rooms and those the viewer is a member of, in the order of their names. With `joined` only those they are, or are not, a member of. */
export async function listRooms(
  scope: Scope,
  { search, joined, ...page }: PageArguments & { search?: string | null; joined?: boolean | null },
) {
  const viewer = requireViewer(scope);
  const conditions = [
    { kind: 'ROOM' as const },
    seenBy(viewer),
    ...joinedBy(viewer, joined),
    ...matching(search),
  ];
  return readPage(scope, page, {
    keys: namePlace,
    keyOf: (room: Conversation): NamePlace => [room.nameKey!, room.id],
    read: async ({ after, before, limit, inverted }) => {
      const order = inverted ? 'desc' : 'asc';
      const rooms = await scope.node.database.prisma.conversation.findMany({
        where: { AND: [...conditions, ...beyond('gt', after), ...beyond('lt', before)] },
        orderBy: [{ nameKey: order }, { id: order }],
        take: limit,
      });
      for (const room of rooms) conversationById.prime(scope, room.id, room);
      return rooms;
    },
  });
}

export interface NewRoom {
  readonly name: string;
  readonly topic?: string | null;
  readonly visibility?: Visibility | null;
}

/** Makes a room with the viewer as its owner. CONFLICT when the name is taken. */
export async function createRoom(scope: Scope, input: NewRoom): Promise<Conversation> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw forbidden('Guests cannot create rooms. Sign up first.');
  const data = {
    ...readRoomName(refuseWords(scope, input.name, 'name')),
    kind: 'ROOM' as const,
    topic: readRoomTopic(input.topic && filterWords(scope, input.topic, 'topic')),
    visibility: input.visibility ?? 'PUBLIC',
    creatorId: viewer.id,
    members: { create: { userId: viewer.id, role: 'OWNER' as const } },
  };
  await spend(scope, 'create-room', viewer.id);
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

/** For the writing of a name: the database decides who comes first. */
export function refuseTakenName(error: unknown): never {
  if ((error as { code?: string }).code === 'P2002')
    throw conflict('There is a room of this name already. Choose another name, or join that room.');
  throw error;
}

async function findByName(
  scope: Scope,
  viewer: Viewer,
  text: string,
): Promise<Conversation | null> {
  const { nameKey } = readRoomName(text);
  // Where a private room has the name of a public one, the name means the one that everybody sees.
  const orderBy = [{ visibility: 'asc' as const }, { id: 'asc' as const }];
  const room = await scope.node.database.prisma.conversation.findFirst({
    where: { AND: [{ nameKey }, seenBy(viewer)] },
    orderBy,
  });
  if (room) conversationById.prime(scope, room.id, room);
  return room;
}

const membersAre = (viewer: Viewer) => ({ some: { userId: viewer.id } });
const seenBy = (viewer: Viewer): Prisma.ConversationWhereInput => ({
  OR: [{ visibility: 'PUBLIC' }, { members: membersAre(viewer) }],
});

function joinedBy(
  viewer: Viewer,
  joined: boolean | null | undefined,
): Prisma.ConversationWhereInput[] {
  if (joined == null) return [];
  return [joined ? { members: membersAre(viewer) } : { NOT: { members: membersAre(viewer) } }];
}

function matching(search: string | null | undefined): Prisma.ConversationWhereInput[] {
  const text = search?.normalize('NFC').trim();
  if (!text) return [];
  if (text.length > 64 || !isSound(text))
    throw invalid('Search for at most 64 characters, without control characters.', 'search');
  const literal = (part: string) => part.replace(/[\\%_]/g, '\\$&');
  return [
    {
      OR: [
        { nameKey: { contains: literal(nameKeyOf(text)) } },
        { topic: { contains: literal(text), mode: 'insensitive' } },
      ],
    },
  ];
}

/** Where a room stands in the order of the names: its key, and its id beside those with the same. */
const namePlace = z.tuple([z.string().refine(isSound), z.guid()]);
type NamePlace = z.output<typeof namePlace>;

function beyond(side: 'gt' | 'lt', place: NamePlace | undefined): Prisma.ConversationWhereInput[] {
  if (place === undefined) return [];
  const [nameKey, id] = place;
  return [
    { nameKey: { [`${side}e`]: nameKey } },
    { OR: [{ nameKey: { [side]: nameKey } }, { nameKey, id: { [side]: id } }] },
  ];
}
