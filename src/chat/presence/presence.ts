import { forbidden, invalid } from '../../errors.ts';
import type { Channel, Notice } from '../../events/channel.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { visibleConversation } from '../conversations/access.ts';
import { users, type UserRow } from '../people/users.ts';
import type { RoomChange } from './room-changes.ts';

/** So many of those who are online does a follower of a room's presence begin with. */
export const presentMax = 2000;

/** The members of a room who are online, in the order of their usernames. For who may look at the room. */
export async function onlineUsers(
  scope: Scope,
  roomId: string,
  first: number | null | undefined,
): Promise<UserRow[]> {
  const { pageDefault, pageMax } = scope.node.config.limits;
  if (first != null && (first < 0 || first > pageMax))
    throw invalid(`\`first\` must be between 0 and ${pageMax}.`, 'first');
  await visibleConversation(scope, roomId);
  const ids = sortedIds(await onlineIn(scope.node, roomId)).slice(0, first ?? pageDefault);
  return knownUsers(scope, ids);
}

export const onlineCount = async ({ node }: Scope, roomId: string): Promise<number> =>
  (await onlineIn(node, roomId)).size;

/** Those of the users that there are. */
export async function knownUsers(scope: Scope, ids: readonly string[]): Promise<UserRow[]> {
  const found = await Promise.all(ids.map((id) => users.load(scope, id)));
  return found.filter((user) => user !== null);
}

/** Who is online in a room: the first of them, then who comes and goes. */
export async function roomPresenceChannel(node: Node, roomId: string): Promise<Channel> {
  const { roomPresence } = node.services;
  await roomPresence.ready();
  return {
    name: `presence:${roomId}`,
    listen: (listener) =>
      roomPresence.listen((changes) => {
        const change = changes.get(roomId);
        if (change) listener(noticesOf(change));
      }),
    snapshot: () => ({
      key: roomId,
      notices: () => [
        {
          type: 'PresenceSnapshot',
          data: {
            userIds: sortedIds(roomPresence.rooms.get(roomId)?.online ?? nobody).slice(
              0,
              presentMax,
            ),
          },
        },
      ],
    }),
  };
}

export interface ConnectionStats {
  readonly connections: number;
  readonly onlineUsers: number;
  readonly nodes: number;
}

/** Over all nodes. For admins. */
export function connectionStats(scope: Scope): ConnectionStats {
  if (requireViewer(scope).role !== 'ADMIN')
    throw forbidden('Only admins see how many are connected.');
  const { presence } = scope.node;
  return { ...presence.statistics(), onlineUsers: presence.onlineCount };
}

const nobody: ReadonlyMap<string, string> = new Map();

async function onlineIn(node: Node, roomId: string): Promise<ReadonlyMap<string, string>> {
  const { roomPresence } = node.services;
  await roomPresence.ready();
  return roomPresence.rooms.get(roomId)?.online ?? nobody;
}

const sortedIds = (online: ReadonlyMap<string, string>): string[] =>
  [...online].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([userId]) => userId);

const noticesOf = ({ came, went }: RoomChange): Notice[] => [
  ...came.map((userId): Notice => ({ type: 'UserCameOnline', data: { userId } })),
  ...went.map(({ userId, lastSeenAt }): Notice => ({
    type: 'UserWentOffline',
    data: { userId, lastSeenAt },
  })),
];
