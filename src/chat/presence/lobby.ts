import type { Channel, Notice } from '../../events/channel.ts';
import type { NodeCore } from '../../scope.ts';
import type { Silences } from '../people/silences.ts';
import { createLobbyViews } from './lobby-views.ts';
import { isOpen, type PresentRoom } from './present-rooms.ts';
import { createPrivateLobby } from './private-lobby.ts';
import { createPublicLobby } from './public-lobby.ts';
import type { RoomPresence } from './room-presence.ts';

declare module '../../scope.ts' {
  interface Services {
    /** Up to date once `roomPresence` is ready. */
    readonly lobby: Channel;
  }
}

/**
 * The channel of the lobby: a page of public rooms, which is the same for all viewers, and the
 * private rooms of the viewer, with the users online in them. Its cost does not depend on the
 * number of rooms.
 */
export function createLobby(
  node: NodeCore,
  roomPresence: RoomPresence,
  silences: Silences,
): Channel {
  const { lobbyIntervalMs } = node.config.limits;
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  const views = createLobbyViews(silences);
  const publicRooms = createPublicLobby({
    roomPresence,
    views,
    intervalMs: lobbyIntervalMs,
    send,
  });
  const privateRooms = createPrivateLobby({ node, roomPresence, views, publicRooms, send });
  let stop: (() => void) | undefined;

  function send(notices: readonly Notice[]): void {
    if (notices.length > 0) for (const listener of listeners) listener(notices);
  }

  function start(): () => void {
    publicRooms.start();
    const stopListening = roomPresence.listen((changes) => {
      for (const roomId of changes.keys()) views.forget(roomId);
      publicRooms.note(changes.keys());
      for (const roomId of changes.keys()) privateRooms.note(roomId);
    });
    return () => {
      stopListening();
      for (const rooms of [publicRooms, privateRooms]) rooms.stop();
      views.clear();
    };
  }

  /** The rooms among these that can be shown now. */
  const openRooms = (roomIds: readonly string[]): Entry[] =>
    roomIds.flatMap((roomId) => {
      const room = roomPresence.rooms.get(roomId);
      return isOpen(room) ? [[roomId, room] as const] : [];
    });

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
      const own = privateRooms.show(viewerId);
      return {
        key: own.toSorted().join(' ') + silences.keyOf(viewerId),
        notices() {
          const shared = publicRooms.show();
          const rooms = new Map([...shared, ...openRooms(own)]);
          const data = {
            rooms: [...rooms]
              .sort(byName)
              .map(([roomId, room]) => views.of(viewerId, roomId, room)),
            otherRoomCount: Math.max(0, roomPresence.openRoomCount - shared.size),
          };
          return [{ type: 'LobbySnapshot', data }];
        },
      };
    },
  };
}

type Entry = readonly [roomId: string, room: PresentRoom];
const byName = ([, a]: Entry, [, b]: Entry) => (a.nameKey < b.nameKey ? -1 : 1);
