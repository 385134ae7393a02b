import type { Channel, LobbyRoom, Notice } from '../../events/channel.ts';
import type { NodeCore } from '../../scope.ts';
import { confirmMembers } from './room-presence-reads.ts';
import type { PresentRoom, RoomPresence } from './room-presence.ts';

/** So many of those who are online in a room are named. */
export const namesShown = 100;
/** So many rooms does a follower begin with. */
export const roomsShown = 500;

declare module '../../scope.ts' {
  interface Services {
    /** Up to date once `roomPresence` is ready. */
    readonly lobby: Channel;
  }
}

/** Who is told of a room: everybody, or those who are members of a private one. */
type Audience = 'everyone' | Set<string>;

/**
 * The rooms that somebody may see, and who is online in them. A room is told of at most once in `lobbyIntervalMs`, however busy it is. Of
 * private rooms only those are told who are found to be members at that moment, whatever this node had missed.
 */
export function createLobby(node: NodeCore, roomPresence: RoomPresence): Channel {
  const { lobbyIntervalMs } = node.config.limits;
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  /** Who has been shown which room. */
  const shownTo = new Map<string, Audience>();
  const views = new Map<string, LobbyRoom>();
  const toldAt = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  /** Those that are being told of, and whether they changed meanwhile. */
  const telling = new Map<string, boolean>();
  let stop: (() => void) | undefined;

  const isOpen = (room: PresentRoom | undefined): room is PresentRoom =>
    room !== undefined && !room.isArchived;

  function viewOf(roomId: string, { online }: PresentRoom): LobbyRoom {
    let view = views.get(roomId);
    if (!view)
      views.set(
        roomId,
        (view = {
          roomId,
          onlineCount: online.size,
          usernames: [...online.values()].sort().slice(0, namesShown),
        }),
      );
    return view;
  }

  function tellSoon(roomId: string): void {
    views.delete(roomId);
    if (telling.has(roomId)) telling.set(roomId, true);
    if (timers.has(roomId) || telling.has(roomId)) return;
    const waitMs = Math.max(0, (toldAt.get(roomId) ?? 0) + lobbyIntervalMs - Date.now());
    timers.set(
      roomId,
      setTimeout(() => {
        timers.delete(roomId);
        void tell(roomId);
      }, waitMs),
    );
  }

  async function tell(roomId: string): Promise<void> {
    telling.set(roomId, false);
    const isTold = await tellOf(roomId).catch((error: Error) => {
      node.log.debug(
        { roomId, error: error.message },
        'the lobby could not be told of a private room',
      );
      return false;
    });
    const isToBeToldAgain = telling.get(roomId) || !isTold;
    telling.delete(roomId);
    if (isToBeToldAgain && stop) tellSoon(roomId);
  }

  /** False when it has to be told of once more. Rejects while the database is away. */
  async function tellOf(roomId: string): Promise<boolean> {
    toldAt.set(roomId, Date.now());
    const audience = await audienceOf(roomId);
    const room = roomPresence.rooms.get(roomId);
    if (!isOpen(room)) tellAll(hide(roomId));
    else if ((room.visibility === 'PUBLIC') !== (audience === 'everyone')) return false;
    else tellAll(showTo(roomId, room, audience));
    return true;
  }

  function tellAll(notices: readonly Notice[]): void {
    if (notices.length > 0) for (const listener of listeners) listener(notices);
  }

  async function audienceOf(roomId: string): Promise<Audience> {
    const room = roomPresence.rooms.get(roomId);
    if (!isOpen(room) || room.visibility === 'PUBLIC') return 'everyone';
    const supposed = [...room.online.keys()];
    const members = await confirmMembers(node.database, roomId, supposed);
    roomPresence.touch(supposed.filter((userId) => !members.has(userId)));
    return members;
  }

  function showTo(roomId: string, room: PresentRoom, audience: Audience): Notice[] {
    const before = shownTo.get(roomId);
    shownTo.set(roomId, audience);
    const changed: Notice = {
      type: 'LobbyRoomChanged',
      data: { room: viewOf(roomId, room) },
      ...(audience !== 'everyone' && { isFor: (viewerId) => audience.has(viewerId) }),
    };
    if (audience === 'everyone' || before === undefined) return [changed];
    const isLeftOut = (viewerId: string) =>
      !audience.has(viewerId) && (before === 'everyone' || before.has(viewerId));
    return [changed, { type: 'LobbyRoomRemoved', data: { roomId }, isFor: isLeftOut }];
  }

  function hide(roomId: string): Notice[] {
    const before = shownTo.get(roomId);
    for (const state of [shownTo, views, toldAt]) state.delete(roomId);
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
      for (const roomId of changes.keys()) tellSoon(roomId);
    });
    return () => {
      stopListening();
      for (const timer of timers.values()) clearTimeout(timer);
      for (const state of [shownTo, views, toldAt, timers, telling]) state.clear();
    };
  }

  /** The private rooms a viewer is online in. From here on they are told when one is hidden from them. */
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
        key: [...own].sort().join(' '),
        notices() {
          const seen = [...roomPresence.rooms].filter(
            ([roomId, room]) => isOpen(room) && (room.visibility === 'PUBLIC' || own.has(roomId)),
          );
          const shown = seen.toSorted(byOnline).slice(0, roomsShown).toSorted(byName);
          return [
            {
              type: 'LobbySnapshot',
              data: { rooms: shown.map(([roomId, room]) => viewOf(roomId, room)) },
            },
          ];
        },
      };
    },
  };
}

type Entry = readonly [roomId: string, room: PresentRoom];
const byName = ([, a]: Entry, [, b]: Entry) => (a.nameKey < b.nameKey ? -1 : 1);
const byOnline = (a: Entry, b: Entry) => b[1].online.size - a[1].online.size || byName(a, b);
