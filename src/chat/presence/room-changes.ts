/** What became different in a room: possibly neither, where it is its name or who may see it. */
export interface RoomChange {
  readonly came: string[];
  /** With when they were last seen, in ms since 1970. */
  readonly went: { userId: string; lastSeenAt: number }[];
}

/** What changes in rooms at once, by their ids. `of` makes a change where there is none yet. */
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
