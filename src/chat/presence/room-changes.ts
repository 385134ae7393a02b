/** A change in a room. Both lists are empty if only its name or its visibility changed. */
export interface RoomChange {
  readonly came: string[];
  /** `lastSeenAt` is in ms since 1970. */
  readonly went: { userId: string; lastSeenAt: number }[];
}

/** Collects changes by room id. `of` creates the change of a room if there is none. */
export function createRoomChanges() {
  const all = new Map<string, RoomChange>();
  return {
    all,
    of(roomId: string): RoomChange {
      let change = all.get(roomId);
      if (!change) all.set(roomId, (change = { came: [], went: [] }));
      return change;
    },
  };
}

export type RoomChanges = ReturnType<typeof createRoomChanges>;
