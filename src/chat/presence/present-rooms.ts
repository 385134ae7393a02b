import type { Visibility } from '../../db/generated/enums.ts';
import type { RoomRow } from './room-presence-reads.ts';
import type { RoomChanges } from './room-changes.ts';

/** A room and its members who are online. */
export interface PresentRoom {
  readonly nameKey: string;
  readonly visibility: Visibility;
  readonly isArchived: boolean;
  /** Usernames by user id. */
  readonly online: ReadonlyMap<string, string>;
}

/** Whether the room is known and not archived. */
export const isOpen = (room: PresentRoom | undefined): room is PresentRoom =>
  room !== undefined && !room.isArchived;

interface KnownRoom extends PresentRoom {
  readonly online: Map<string, string>;
  readonly looks: string;
}

/**
 * The rooms that this node knows, and the users who are online in them. Updates add what they
 * changed to `changes`.
 */
export interface PresentRooms {
  readonly byId: ReadonlyMap<string, PresentRoom>;
  /** The users who are online in at least one of the rooms. */
  userIds(): Iterable<string>;
  /** The rooms in which a user is online. */
  roomsOf(userId: string): Iterable<string>;
  /** Stores the current row of a room. */
  update(row: RoomRow, changes: RoomChanges): void;
  /** Removes a room that no longer exists. */
  remove(roomId: string, changes: RoomChanges): void;
  /** Removes the rooms in which nobody is online, except these. */
  removeIdle(kept: ReadonlyMap<string, unknown>, changes: RoomChanges): void;
  /**
   * Sets the rooms in which a user is online. `usernames` has the username by room id; the rooms
   * are known.
   */
  setRooms(userId: string, usernames: ReadonlyMap<string, string>, changes: RoomChanges): void;
  /** Notes when a user was last seen, in ms since 1970, for the next `setRooms`. */
  departed(userId: string, lastSeenAt: number): void;
  returned(userId: string): void;
  clear(): void;
}

export function createPresentRooms(): PresentRooms {
  const rooms = new Map<string, KnownRoom>();
  const roomIdsOf = new Map<string, ReadonlySet<string>>();
  const lastSeen = new Map<string, number>();

  function isUnchanged(known: KnownRoom, row: RoomRow): boolean {
    return (
      known.visibility === row.visibility &&
      known.isArchived === row.isArchived &&
      known.looks === row.looks
    );
  }

  function remove(roomId: string, changes: RoomChanges): void {
    if (rooms.delete(roomId)) changes.of(roomId);
  }

  return {
    byId: rooms,
    userIds: () => roomIdsOf.keys(),
    roomsOf: (userId) => roomIdsOf.get(userId) ?? [],
    update(row, changes) {
      const { roomId, nameKey, visibility, isArchived, looks } = row;
      const known = rooms.get(roomId);
      if (known && isUnchanged(known, row)) return;
      const online = known?.online ?? new Map<string, string>();
      rooms.set(roomId, { nameKey, visibility, isArchived, looks, online });
      changes.of(roomId);
    },
    remove,
    removeIdle(kept, changes) {
      for (const [roomId, { online }] of rooms)
        if (online.size === 0 && !kept.has(roomId)) remove(roomId, changes);
    },
    setRooms(userId, usernames, changes) {
      const before = roomIdsOf.get(userId) ?? new Set();
      for (const roomId of before) {
        if (usernames.has(roomId)) continue;
        rooms.get(roomId)?.online.delete(userId);
        changes.of(roomId).went.push({ userId, lastSeenAt: lastSeen.get(userId) ?? Date.now() });
      }
      for (const [roomId, username] of usernames) {
        const { online } = rooms.get(roomId)!;
        if (!before.has(roomId)) changes.of(roomId).came.push(userId);
        else if (online.get(userId) !== username) changes.of(roomId);
        online.set(userId, username);
      }
      if (usernames.size > 0) roomIdsOf.set(userId, new Set(usernames.keys()));
      else roomIdsOf.delete(userId);
      lastSeen.delete(userId);
    },
    departed: (userId, lastSeenAt) => void lastSeen.set(userId, lastSeenAt),
    returned: (userId) => void lastSeen.delete(userId),
    clear() {
      for (const state of [rooms, roomIdsOf, lastSeen]) state.clear();
    },
  };
}
