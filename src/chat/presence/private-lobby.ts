import type { Notice } from '../../events/channel.ts';
import type { NodeCore } from '../../scope.ts';
import type { LobbyViews } from './lobby-views.ts';
import { isOpen, type PresentRoom } from './present-rooms.ts';
import type { PublicLobby } from './public-lobby.ts';
import { confirmMembers } from './room-presence-reads.ts';
import type { RoomPresence } from './room-presence.ts';

/** The private rooms that the lobby shows to one viewer. */
export const privateRoomsShown = 100;

/**
 * The private rooms of the lobby, each for those of its members who are online. A change of a room
 * is published at most every `lobbyIntervalMs`. The database is asked for the members each time, so
 * that an event this node missed cannot leak the room.
 */
export interface PrivateLobby {
  /** Notes that a room changed. */
  note(roomId: string): void;
  /**
   * The rooms in which the viewer is online. From now on the viewer receives a notice when one of
   * them is withdrawn.
   */
  show(viewerId: string): readonly string[];
  stop(): void;
}

export function createPrivateLobby({
  node,
  roomPresence,
  views,
  publicRooms,
  send,
}: {
  node: NodeCore;
  roomPresence: RoomPresence;
  views: LobbyViews;
  publicRooms: PublicLobby;
  send(notices: readonly Notice[]): void;
}): PrivateLobby {
  const { lobbyIntervalMs } = node.config.limits;
  /** The viewers who have received each room, by room id. */
  const shownTo = new Map<string, ReadonlySet<string>>();
  const publishedAt = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  /** The rooms being published now, and whether they have changed since. */
  const publishing = new Map<string, boolean>();

  const privateRoom = (roomId: string): PresentRoom | undefined => {
    const room = roomPresence.rooms.get(roomId);
    return isOpen(room) && room.visibility === 'PRIVATE' ? room : undefined;
  };

  function schedule(roomId: string): void {
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
    // Undefined if the lobby stopped meanwhile.
    const hasChanged = publishing.get(roomId);
    publishing.delete(roomId);
    if (hasChanged || (hasChanged === false && !isDone)) schedule(roomId);
  }

  /** False if the room has to be published again. Rejects while the database is unavailable. */
  async function publishRoom(roomId: string): Promise<boolean> {
    publishedAt.set(roomId, Date.now());
    const before = privateRoom(roomId);
    if (!before) {
      withdraw(roomId);
      return true;
    }
    const userIds = [...before.online.keys()];
    const audience = await confirmMembers(node.database, roomId, userIds);
    roomPresence.touch(userIds.filter((userId) => !audience.has(userId)));
    const room = privateRoom(roomId);
    if (!room) return false;
    send(showTo(roomId, room, audience));
    return true;
  }

  function showTo(roomId: string, room: PresentRoom, audience: ReadonlySet<string>): Notice[] {
    const wasPublic = publicRooms.release(roomId);
    const before = shownTo.get(roomId);
    shownTo.set(roomId, audience);
    const hasLostAccess = (viewerId: string) =>
      !audience.has(viewerId) && (wasPublic || before!.has(viewerId));
    const changed = views.noticesOf(roomId, room, audience);
    if (!wasPublic && !before) return changed;
    return [...changed, { type: 'LobbyRoomRemoved', data: { roomId }, isFor: hasLostAccess }];
  }

  function withdraw(roomId: string): void {
    const before = shownTo.get(roomId);
    for (const state of [shownTo, publishedAt]) state.delete(roomId);
    if (!before || publicRooms.shows(roomId)) return;
    send([
      {
        type: 'LobbyRoomRemoved',
        data: { roomId },
        isFor: (viewerId) => before.has(viewerId),
      },
    ]);
  }

  return {
    note(roomId) {
      if (privateRoom(roomId) || shownTo.has(roomId) || publishing.has(roomId)) schedule(roomId);
    },
    show(viewerId) {
      const own = [...roomPresence.roomsOf(viewerId)]
        .filter((roomId) => privateRoom(roomId))
        .slice(0, privateRoomsShown);
      for (const roomId of own) {
        const before = shownTo.get(roomId);
        // Each copy costs as much as the room has viewers.
        if (!before?.has(viewerId)) shownTo.set(roomId, new Set(before).add(viewerId));
      }
      return own;
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const state of [shownTo, publishedAt, timers, publishing]) state.clear();
    },
  };
}
