import type { LobbyRoom, Notice } from '../../events/channel.ts';
import { guestUsernamePrefix } from '../people/reserved-names.ts';
import type { Silences } from '../people/silences.ts';
import type { PresentRoom } from './present-rooms.ts';

/** The most online users whose names are listed for a room. */
export const namesShown = 100;

/**
 * The rooms as the lobby shows them: the same to all viewers, except that it hides the names of
 * users with whom the viewer has a block. The number still includes them, as it includes guests,
 * whose names are never listed [P19].
 */
export interface LobbyViews {
  /** The room as this viewer sees it now. The viewer's blocks were loaded. */
  of(viewerId: string, roomId: string, room: PresentRoom): LobbyRoom;
  /** The notices of the room for these viewers, or for all. */
  noticesOf(roomId: string, room: PresentRoom, audience?: ReadonlySet<string>): Notice[];
  /** To be called when the room has changed. */
  forget(roomId: string): void;
  clear(): void;
}

export function createLobbyViews(silences: Silences): LobbyViews {
  const views = new Map<string, LobbyRoom>();

  function sharedView(roomId: string, { online }: PresentRoom): LobbyRoom {
    let view = views.get(roomId);
    if (!view)
      views.set(
        roomId,
        (view = { roomId, onlineCount: online.size, usernames: namesOf(online.values()) }),
      );
    return view;
  }

  function viewWithout(roomId: string, room: PresentRoom, hidden: ReadonlySet<string>): LobbyRoom {
    const shown = [...room.online].filter(([userId]) => !hidden.has(userId));
    return {
      ...sharedView(roomId, room),
      usernames: namesOf(shown.map(([, username]) => username)),
    };
  }

  return {
    of(viewerId, roomId, room) {
      if (silences.keyOf(viewerId) === '') return sharedView(roomId, room);
      const hidden = [...room.online.keys()].filter((userId) =>
        silences.isSilent(viewerId, userId),
      );
      return hidden.length > 0
        ? viewWithout(roomId, room, new Set(hidden))
        : sharedView(roomId, room);
    },
    noticesOf(roomId, room, audience) {
      const isIn = (viewerId: string) => audience?.has(viewerId) ?? true;
      const shared = sharedView(roomId, room);
      const withBlocks = whereNamed(shared, room, silences.withBlocksAmong(room.online.keys()));
      const isKnown = silences.knownAudience();
      const isForAll = !audience && !isKnown && withBlocks.size === 0;
      return [
        {
          type: 'LobbyRoomChanged',
          data: { room: shared },
          ...(!isForAll && {
            isFor: (viewerId: string) =>
              isIn(viewerId) && !withBlocks.has(viewerId) && (isKnown?.(viewerId) ?? true),
          }),
        },
        ...[...groupByHidden(withBlocks)].map(({ hidden, viewerIds }): Notice => ({
          type: 'LobbyRoomChanged',
          data: { room: viewWithout(roomId, room, hidden) },
          isFor: (viewerId) => viewerIds.has(viewerId) && isIn(viewerId),
        })),
      ];
    },
    forget: (roomId) => void views.delete(roomId),
    clear: () => views.clear(),
  };
}

/** The username of a guest is a random id, which tells readers nothing. */
const isReadable = (username: string): boolean => !username.startsWith(guestUsernamePrefix);

const namesOf = (usernames: Iterable<string>): string[] =>
  [...usernames].filter(isReadable).sort().slice(0, namesShown);

/**
 * The viewers from whom a name of the shared view is hidden. The others see that view, so they do
 * not need a notice of their own [P13].
 */
function whereNamed(
  { usernames }: LobbyRoom,
  { online }: PresentRoom,
  withBlocks: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  if (withBlocks.size === 0) return withBlocks;
  const names = new Set(usernames);
  const isNamed = (userId: string) => names.has(online.get(userId) ?? '');
  return new Map([...withBlocks].filter(([, hidden]) => [...hidden].some(isNamed)));
}

interface Group {
  readonly hidden: ReadonlySet<string>;
  readonly viewerIds: Set<string>;
}

/** Viewers from whom the same users are hidden receive the same notice. */
function groupByHidden(withBlocks: ReadonlyMap<string, ReadonlySet<string>>): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const [viewerId, hidden] of withBlocks) {
    const key = [...hidden].sort().join(' ');
    const group = groups.get(key) ?? { hidden, viewerIds: new Set() };
    group.viewerIds.add(viewerId);
    groups.set(key, group);
  }
  return groups.values();
}
