import type { Channel, LobbyRoom, Notice } from '../../events/channel.ts';
import type { NodeCore } from '../../scope.ts';
import { guestUsernamePrefix } from '../people/reserved-names.ts';
import type { Silences } from '../people/silences.ts';
import { confirmMembers } from './room-presence-reads.ts';
import type { PresentRoom } from './present-rooms.ts';
import type { RoomPresence } from './room-presence.ts';

/** The most online users whose names are listed for a room. */
export const namesShown = 100;
/** The most rooms in the first snapshot of a subscription. */
export const roomsShown = 500;

declare module '../../scope.ts' {
  interface Services {
    /** Up to date once `roomPresence` is ready. */
    readonly lobby: Channel;
  }
}

/** The username of a guest is a random id, which tells readers nothing. */
const isReadable = (username: string): boolean => !username.startsWith(guestUsernamePrefix);

/** The users who may see a room: everyone, or the members of a private room. */
type Audience = 'everyone' | Set<string>;

/**
 * The rooms that each viewer may see, and the users online in them. Changes of a room are published
 * at most once per `lobbyIntervalMs`. For a private room, the database is asked for the members
 * each time, so that an event this node missed cannot leak the room.
 */
export function createLobby(
  node: NodeCore,
  roomPresence: RoomPresence,
  silences: Silences,
): Channel {
  const { lobbyIntervalMs } = node.config.limits;
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  /** The audience that has received each room, by room id. */
  const shownTo = new Map<string, Audience>();
  const views = new Map<string, LobbyRoom>();
  const publishedAt = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  /** The rooms being published now, and whether they have changed since. */
  const publishing = new Map<string, boolean>();
  let stop: (() => void) | undefined;

  const isOpen = (room: PresentRoom | undefined): room is PresentRoom =>
    room !== undefined && !room.isArchived;

  function viewOf(roomId: string, { online }: PresentRoom): LobbyRoom {
    let view = views.get(roomId);
    if (!view)
      views.set(
        roomId,
        (view = { roomId, onlineCount: online.size, usernames: namesOf(online.values()) }),
      );
    return view;
  }

  /**
   * The view of a viewer who has a block with these users. The number stays the same, as if they
   * were guests, whose names are never listed [P19].
   */
  function viewWithout(roomId: string, room: PresentRoom, hidden: ReadonlySet<string>): LobbyRoom {
    const shown = [...room.online].filter(([userId]) => !hidden.has(userId));
    return { ...viewOf(roomId, room), usernames: namesOf(shown.map(([, username]) => username)) };
  }

  function schedule(roomId: string): void {
    views.delete(roomId);
    if (publishing.has(roomId)) publishing.set(roomId, true);
    if (timers.has(roomId) || publishing.has(roomId)) return;
    const waitMs = Math.max(0, (publishedAt.get(roomId) ?? 0) + lobbyIntervalMs - Date.now());
    timers.set(
      roomId,
      setTimeout(() => {
        timers.delete(roomId);
        void publish(roomId);
      }, waitMs),
    );
  }

  async function publish(roomId: string): Promise<void> {
    publishing.set(roomId, false);
    const isDone = await publishRoom(roomId).catch((error: Error) => {
      node.log.debug(
        { roomId, error: error.message },
        'could not publish a private room in the lobby',
      );
      return false;
    });
    const isStale = publishing.get(roomId) || !isDone;
    publishing.delete(roomId);
    if (isStale && stop) schedule(roomId);
  }

  /** False if the room has to be published again. Rejects while the database is unavailable. */
  async function publishRoom(roomId: string): Promise<boolean> {
    publishedAt.set(roomId, Date.now());
    const audience = await audienceOf(roomId);
    const room = roomPresence.rooms.get(roomId);
    if (!isOpen(room)) {
      send(hide(roomId));
      return true;
    }
    // The visibility changed while the members were read.
    if ((room.visibility === 'PUBLIC') !== (audience === 'everyone')) return false;
    send(showTo(roomId, room, audience));
    return true;
  }

  function send(notices: readonly Notice[]): void {
    if (notices.length > 0) for (const listener of listeners) listener(notices);
  }

  async function audienceOf(roomId: string): Promise<Audience> {
    const room = roomPresence.rooms.get(roomId);
    if (!isOpen(room) || room.visibility === 'PUBLIC') return 'everyone';
    const userIds = [...room.online.keys()];
    const members = await confirmMembers(node.database, roomId, userIds);
    roomPresence.touch(userIds.filter((userId) => !members.has(userId)));
    return members;
  }

  function showTo(roomId: string, room: PresentRoom, audience: Audience): Notice[] {
    const before = shownTo.get(roomId);
    shownTo.set(roomId, audience);
    const isIn = (viewerId: string) => audience === 'everyone' || audience.has(viewerId);
    const withBlocks = silences.withBlocksAmong(room.online.keys());
    const isShared = audience === 'everyone' && withBlocks.size === 0;
    const changed: Notice[] = [
      {
        type: 'LobbyRoomChanged',
        data: { room: viewOf(roomId, room) },
        ...(!isShared && {
          isFor: (viewerId: string) => isIn(viewerId) && !withBlocks.has(viewerId),
        }),
      },
      ...[...groupByHidden(withBlocks)].map(({ hidden, viewerIds }): Notice => ({
        type: 'LobbyRoomChanged',
        data: { room: viewWithout(roomId, room, hidden) },
        isFor: (viewerId) => viewerIds.has(viewerId) && isIn(viewerId),
      })),
    ];
    if (audience === 'everyone' || before === undefined) return changed;
    const hasLostAccess = (viewerId: string) =>
      !audience.has(viewerId) && (before === 'everyone' || before.has(viewerId));
    return [...changed, { type: 'LobbyRoomRemoved', data: { roomId }, isFor: hasLostAccess }];
  }

  function hide(roomId: string): Notice[] {
    const before = shownTo.get(roomId);
    for (const state of [shownTo, views, publishedAt]) state.delete(roomId);
    if (before === undefined) return [];
    return [
      {
        type: 'LobbyRoomRemoved',
        data: { roomId },
        ...(before !== 'everyone' && { isFor: (viewerId) => before.has(viewerId) }),
      },
    ];
  }

  function start(): () => void {
    for (const [roomId, room] of roomPresence.rooms)
      if (isOpen(room) && room.visibility === 'PUBLIC') shownTo.set(roomId, 'everyone');
    const stopListening = roomPresence.listen((changes) => {
      for (const roomId of changes.keys()) schedule(roomId);
    });
    return () => {
      stopListening();
      for (const timer of timers.values()) clearTimeout(timer);
      for (const state of [shownTo, views, publishedAt, timers, publishing]) state.clear();
    };
  }

  /**
   * The private rooms in which a viewer is online. From now on the viewer is notified when such a
   * room is hidden from them.
   */
  function privateRoomsOf(viewerId: string): string[] {
    const found: string[] = [];
    for (const [roomId, room] of roomPresence.rooms) {
      if (!isOpen(room) || room.visibility === 'PUBLIC' || !room.online.has(viewerId)) continue;
      found.push(roomId);
      const audience = shownTo.get(roomId);
      if (audience === undefined) shownTo.set(roomId, new Set([viewerId]));
      else if (audience !== 'everyone') audience.add(viewerId);
    }
    return found;
  }

  return {
    name: 'lobby',
    listen(listener) {
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    snapshot(viewerId) {
      const own = new Set(privateRoomsOf(viewerId));
      return {
        key: [...own].sort().join(' ') + silences.keyOf(viewerId),
        notices() {
          const seen = [...roomPresence.rooms].filter(
            ([roomId, room]) => isOpen(room) && (room.visibility === 'PUBLIC' || own.has(roomId)),
          );
          const shown = seen.toSorted(byOnline).slice(0, roomsShown).toSorted(byName);
          return [
            {
              type: 'LobbySnapshot',
              data: {
                rooms: shown.map(([roomId, room]) => {
                  const hidden = [...room.online.keys()].filter((userId) =>
                    silences.isSilent(viewerId, userId),
                  );
                  return hidden.length > 0
                    ? viewWithout(roomId, room, new Set(hidden))
                    : viewOf(roomId, room);
                }),
              },
            },
          ];
        },
      };
    },
  };
}

const namesOf = (usernames: Iterable<string>): string[] =>
  [...usernames].filter(isReadable).sort().slice(0, namesShown);

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

type Entry = readonly [roomId: string, room: PresentRoom];
const byName = ([, a]: Entry, [, b]: Entry) => (a.nameKey < b.nameKey ? -1 : 1);
const byOnline = (a: Entry, b: Entry) => b[1].online.size - a[1].online.size || byName(a, b);
