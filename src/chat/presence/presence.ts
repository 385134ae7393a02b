import { forbidden, invalid } from '../../errors.ts';
import type { Channel, Notice } from '../../events/channel.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { isSilent } from '../people/blocks.ts';
import type { Silences } from '../people/silences.ts';
import { users, type UserRow } from '../people/users.ts';
import type { RoomChange } from './room-changes.ts';

/** The most users in the first snapshot of a subscription. */
export const presentMax = 2000;

/** Whether the user is online. Never, if one of the two blocked the other [P19]. */
export const isOnline = async (scope: Scope, userId: string): Promise<boolean> =>
  !(await isSilent(scope, userId)) && scope.node.presence.isOnline(userId);

/** Reads the blocks of the viewer once for all rooms of a request. */
const loadedSilences = createLoader<string, true>(async ({ node }, viewerIds) => {
  await Promise.all(viewerIds.map((id) => node.services.silences.load(id)));
  return viewerIds.map(() => true);
});

/** The members of a room who are online. None if the viewer may not see the room. */
export async function onlineUsers(
  scope: Scope,
  roomId: string,
  first: number | null | undefined,
): Promise<UserRow[]> {
  const { pageDefault, pageMax } = scope.node.config.limits;
  if (first != null && (first < 0 || first > pageMax))
    throw invalid(`\`first\` must be between 0 and ${pageMax}.`, 'first');
  if (!(await findVisibleConversation(scope, roomId))) return [];
  const { silences } = scope.node.services;
  const viewerId = requireViewer(scope).id;
  await loadedSilences.load(scope, viewerId);
  const ids = sortedIds(await onlineIn(scope.node, roomId))
    .filter((id) => !silences.isSilent(viewerId, id))
    .slice(0, first ?? pageDefault);
  return existingUsers(scope, ids);
}

export const onlineCount = async ({ node }: Scope, roomId: string): Promise<number> =>
  (await onlineIn(node, roomId)).size;

/** The users with these ids; unknown ids are skipped. */
export async function existingUsers(scope: Scope, ids: readonly string[]): Promise<UserRow[]> {
  const found = await Promise.all(ids.map((id) => users.load(scope, id)));
  return found.filter((user) => user !== null);
}

/** The members online in a room: a snapshot, then each change. */
export async function roomPresenceChannel(node: Node, roomId: string): Promise<Channel> {
  const { roomPresence, silences } = node.services;
  await roomPresence.ready();
  return {
    name: `presence:${roomId}`,
    listen: (listener) =>
      roomPresence.listen((changes) => {
        const change = changes.get(roomId);
        if (change) listener(noticesOf(change, silences));
      }),
    snapshot: (viewerId) => ({
      key: roomId + silences.keyOf(viewerId),
      notices() {
        const online = roomPresence.rooms.get(roomId)?.online ?? none;
        const userIds = sortedIds(online)
          .filter((id) => !silences.isSilent(viewerId, id))
          .slice(0, presentMax);
        return [{ type: 'PresenceSnapshot', data: { userIds } }];
      },
    }),
  };
}

export interface ConnectionStats {
  readonly connections: number;
  readonly onlineUsers: number;
  readonly nodes: number;
}

/** Counts over all nodes. For admins only. */
export function connectionStats(scope: Scope): ConnectionStats {
  if (requireViewer(scope).role !== 'ADMIN')
    throw forbidden('Only admins can see connection statistics.');
  const { presence } = scope.node;
  return { ...presence.statistics(), onlineUsers: presence.onlineCount };
}

const none: ReadonlyMap<string, string> = new Map();

async function onlineIn(node: Node, roomId: string): Promise<ReadonlyMap<string, string>> {
  const { roomPresence } = node.services;
  await roomPresence.ready();
  return roomPresence.rooms.get(roomId)?.online ?? none;
}

/** User ids in the order of the usernames. */
function sortedIds(online: ReadonlyMap<string, string>): string[] {
  const byUsername = [...online].sort(([, a], [, b]) => (a < b ? -1 : 1));
  return byUsername.map(([userId]) => userId);
}

const noticesOf = ({ came, went }: RoomChange, { audienceOf }: Silences): Notice[] => [
  ...came.map((userId): Notice => ({
    type: 'UserCameOnline',
    data: { userId },
    ...withAudience(audienceOf(userId)),
  })),
  ...went.map(({ userId, lastSeenAt }): Notice => ({
    type: 'UserWentOffline',
    data: { userId, lastSeenAt },
    ...withAudience(audienceOf(userId)),
  })),
];

const withAudience = (isFor: ReturnType<Silences['audienceOf']>) => isFor && { isFor };
