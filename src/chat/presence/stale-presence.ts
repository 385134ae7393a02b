const usersAtOnce = 1000;

/** The users and rooms to read together. */
export interface StaleBatch {
  readonly userIds: readonly string[];
  readonly roomIds: readonly string[];
  /** Whether to read the active public rooms. */
  readonly hasActiveRooms: boolean;
}

/** The users and rooms to load again, because they have changed or may have changed. */
export interface StalePresence {
  readonly isEmpty: boolean;
  addUsers(userIds: Iterable<string>): void;
  addRooms(roomIds: Iterable<string>): void;
  addActiveRooms(): void;
  /** Removes and returns the next batch. */
  take(): StaleBatch;
  /** Adds a batch again that could not be read. */
  putBack(batch: StaleBatch): void;
  clear(): void;
}

export function createStalePresence(): StalePresence {
  const users = new Set<string>();
  const rooms = new Set<string>();
  let hasActiveRooms = false;

  const stale: StalePresence = {
    get isEmpty() {
      return users.size === 0 && rooms.size === 0 && !hasActiveRooms;
    },
    addUsers(userIds) {
      for (const userId of userIds) users.add(userId);
    },
    addRooms(roomIds) {
      for (const roomId of roomIds) rooms.add(roomId);
    },
    addActiveRooms() {
      hasActiveRooms = true;
    },
    take() {
      const batch: StaleBatch = {
        userIds: [...users].slice(0, usersAtOnce),
        roomIds: [...rooms],
        hasActiveRooms,
      };
      for (const userId of batch.userIds) users.delete(userId);
      rooms.clear();
      hasActiveRooms = false;
      return batch;
    },
    putBack(batch) {
      stale.addUsers(batch.userIds);
      stale.addRooms(batch.roomIds);
      hasActiveRooms ||= batch.hasActiveRooms;
    },
    clear() {
      users.clear();
      rooms.clear();
      hasActiveRooms = false;
    },
  };
  return stale;
}
