import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import { forbidden, invalid } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { hasRole } from '../conversations/access.ts';
import {
  conversationById,
  memberCount,
  viewerMembership,
  type Conversation,
} from '../conversations/conversations.ts';
import {
  lockEntranceAlone,
  dismiss,
  lockMembers,
  lockRoom,
  type LockedMember,
  type LockedRoom,
} from '../conversations/membership.ts';
import { userColumns } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { parseRoomName } from './room-name.ts';
import { parseRoomTopic } from './room-topic.ts';
import { noSuchRoom, refuseTakenName, visibleRoom } from './rooms.ts';

/** Omitted fields keep their value. */
export interface RoomChanges {
  readonly name?: string | null;
  /** Null removes it. */
  readonly topic?: string | null;
  readonly visibility?: Visibility | null;
  readonly slowModeSeconds?: number | null;
  readonly archived?: boolean | null;
}

const slowestSeconds = 21_600;

/**
 * Owners and admins can change everything, moderators everything except `visibility` and
 * `archived`. Guests cannot be in private rooms, so making a room private removes them. CONFLICT if
 * the name is taken.
 */
export async function updateRoom(
  scope: Scope,
  roomId: string,
  changes: RoomChanges,
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePermission(viewer, await viewerMembership.load(scope, room.id), changes);
  const wanted = parseChanges(scope, changes);
  await spend(scope, 'update-room');
  const update = transact(scope.node, async (transaction, record) => {
    if (wanted.visibility !== undefined || wanted.archived !== undefined)
      await lockEntranceAlone(transaction, room.id);
    const guests = wanted.visibility === 'PRIVATE' ? await guestsOf(transaction, room.id) : [];
    const members = await lockMembers(transaction, room.id, [
      viewer.id,
      ...guests.map(({ id }) => id),
    ]);
    const member = members.get(viewer.id);
    const held = await lockRoom(transaction, room.id);
    if (!member && held.visibility !== 'PUBLIC') throw noSuchRoom();
    requirePermission(viewer, member, changes);
    const data = changesOf(held, wanted);
    if (Object.keys(data).length === 0)
      return transaction.conversation.findUniqueOrThrow({ where: { id: room.id } });
    if (guests.length > 0) await dismiss(transaction, record, room.id, guests, 'KICKED');
    if (detachesName(viewer, held, data)) data.creatorId = null;
    const updated = await transaction.conversation.update({ where: { id: room.id }, data });
    record(
      { type: 'RoomUpdated', data: { conversationId: room.id } },
      { conversation: { [room.id]: updated } },
    );
    return updated;
  });
  const updated = await update.catch(refuseTakenName);
  conversationById.prime(scope, room.id, updated);
  memberCount.clear(scope, room.id);
  return updated;
}

function requirePermission(
  viewer: Viewer,
  member: Pick<LockedMember, 'role'> | null | undefined,
  { visibility, archived }: RoomChanges,
): void {
  if (viewer.role === 'ADMIN' || hasRole(member, 'OWNER')) return;
  if (!hasRole(member, 'MODERATOR'))
    throw forbidden("Only the room's owners and moderators can change the room. Ask one of them.");
  if (visibility !== undefined || archived !== undefined)
    throw forbidden(
      "Only the room's owners can change its visibility or archive it. Ask one of them.",
    );
}

type Wanted = ReturnType<typeof parseChanges>;

function parseChanges(
  scope: Scope,
  { name, topic, visibility, slowModeSeconds, archived }: RoomChanges,
) {
  for (const [field, value] of Object.entries({ name, visibility, slowModeSeconds, archived }))
    if (value === null)
      throw invalid(`\`${field}\` cannot be null. Omit it to keep its value.`, field);
  if (slowModeSeconds != null && !isSlowMode(slowModeSeconds))
    throw invalid(
      `\`slowModeSeconds\` must be a whole number from 0 (off) to ${slowestSeconds}.`,
      'slowModeSeconds',
    );
  return {
    ...(name != null && parseRoomName(refuseWords(scope, name, 'name'))),
    ...(topic !== undefined && {
      topic: parseRoomTopic(topic && filterWords(scope, topic, 'topic')),
    }),
    ...(visibility != null && { visibility }),
    ...(slowModeSeconds != null && { slowModeSeconds }),
    ...(archived != null && { archived }),
  };
}

const isSlowMode = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 0 && seconds <= slowestSeconds;

/** The columns to write. Empty if the room already has all the values. */
function changesOf(held: LockedRoom, { archived, ...wanted }: Wanted) {
  const data: Prisma.ConversationUncheckedUpdateInput = {};
  if (wanted.name !== undefined && wanted.name !== held.name)
    Object.assign(data, { name: wanted.name, nameKey: wanted.nameKey });
  if (wanted.topic !== undefined && wanted.topic !== held.topic) data.topic = wanted.topic;
  if (wanted.visibility !== undefined && wanted.visibility !== held.visibility)
    data.visibility = wanted.visibility;
  if (wanted.slowModeSeconds !== undefined && wanted.slowModeSeconds !== held.slowModeSeconds)
    data.slowModeSeconds = wanted.slowModeSeconds;
  if (archived !== undefined && archived !== (held.archivedAt !== null))
    data.archivedAt = archived ? new Date() : null;
  return data;
}

/**
 * Private room names are unique per creator. If another user renames such a room or makes it
 * private, a CONFLICT would reveal rooms that this user cannot see. Instead, the room no longer
 * counts among the creator's rooms.
 */
const detachesName = (
  viewer: Viewer,
  held: LockedRoom,
  { name, visibility }: Prisma.ConversationUncheckedUpdateInput,
): boolean =>
  held.creatorId !== viewer.id &&
  (visibility ?? held.visibility) === 'PRIVATE' &&
  (name !== undefined || visibility !== undefined);

const guestsOf = (transaction: Transaction, roomId: string) =>
  transaction.user.findMany({
    where: { isGuest: true, members: { some: { conversationId: roomId } } },
    select: userColumns,
  });
