import type { Notice } from '../../events/channel.ts';
import type { LobbyViews } from './lobby-views.ts';
import { isOpen, type PresentRoom } from './present-rooms.ts';
import type { RoomPresence } from './room-presence.ts';

/** The public rooms that the lobby shows. `Query.rooms` finds the others. */
export const publicRoomsShown = 100;

type Page = ReadonlyMap<string, PresentRoom>;

/**
 * The public rooms of the lobby, which are the same for all viewers: those with the most online
 * members, then the recently active ones. A change is published at most every `intervalMs`.
 */
export interface PublicLobby {
  /** Notes that these rooms changed, or the order of activity. */
  note(roomIds: Iterable<string>): void;
  /** The rooms by id, for one viewer. From now on a notice follows when one leaves the page. */
  show(): Page;
  /** Whether the room is on the page now. */
  shows(roomId: string): boolean;
  /** Forgets a room that became private. Returns whether the viewers have received it. */
  release(roomId: string): boolean;
  start(): void;
  stop(): void;
}

export function createPublicLobby({
  roomPresence,
  views,
  intervalMs,
  send,
}: {
  roomPresence: RoomPresence;
  views: LobbyViews;
  intervalMs: number;
  send(notices: readonly Notice[]): void;
}): PublicLobby {
  /** Undefined if it has to be read again. */
  let page: Page | undefined;
  /** The rooms that the viewers have received. */
  const shown = new Set<string>();
  /** The rooms that have changed since the last publication. */
  const changed = new Set<string>();
  let publishedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const pageNow = (): Page => (page ??= readPage(roomPresence));

  function publish(): void {
    timer = undefined;
    publishedAt = Date.now();
    send([...removals(), ...additions()]);
    changed.clear();
  }

  /** A room that became private is withdrawn when its members are known. */
  function removals(): Notice[] {
    const gone = [...shown].filter(
      (roomId) => !pageNow().has(roomId) && !isPrivate(roomPresence.rooms.get(roomId)),
    );
    for (const roomId of gone) shown.delete(roomId);
    return gone.map((roomId) => ({ type: 'LobbyRoomRemoved', data: { roomId } }));
  }

  function additions(): Notice[] {
    const fresh = [...pageNow()].filter(([roomId]) => changed.has(roomId) || !shown.has(roomId));
    for (const [roomId] of fresh) shown.add(roomId);
    return fresh.flatMap(([roomId, room]) => views.noticesOf(roomId, room));
  }

  return {
    note(roomIds) {
      page = undefined;
      for (const roomId of roomIds) changed.add(roomId);
      timer ??= setTimeout(publish, Math.max(0, publishedAt + intervalMs - Date.now()));
    },
    show() {
      for (const roomId of pageNow().keys()) {
        // The other viewers receive it with the next publication.
        if (!shown.has(roomId)) changed.add(roomId);
        shown.add(roomId);
      }
      return pageNow();
    },
    shows: (roomId) => pageNow().has(roomId),
    release: (roomId) => shown.delete(roomId),
    start() {
      for (const roomId of pageNow().keys()) shown.add(roomId);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      page = undefined;
      for (const state of [shown, changed]) state.clear();
    },
  };
}

const isPrivate = (room: PresentRoom | undefined): boolean =>
  isOpen(room) && room.visibility === 'PRIVATE';

type Entry = readonly [roomId: string, room: PresentRoom];

function readPage({ rooms, activityRanks }: RoomPresence): Page {
  const rankOf = (roomId: string) => activityRanks.get(roomId) ?? Infinity;
  const inOrder = ([oneId, one]: Entry, [otherId, other]: Entry): number =>
    other.online.size - one.online.size ||
    (rankOf(oneId) < rankOf(otherId) ? -1 : rankOf(oneId) > rankOf(otherId) ? 1 : 0) ||
    (one.nameKey < other.nameKey ? -1 : 1);
  const page: Entry[] = [];
  for (const entry of rooms) {
    if (!isOpen(entry[1]) || isPrivate(entry[1])) continue;
    // One pass over many rooms, of which few are shown.
    const isBehind = page.length === publicRoomsShown && inOrder(page.at(-1)!, entry) < 0;
    if (isBehind) continue;
    page.splice(page.findLastIndex((other) => inOrder(other, entry) < 0) + 1, 0, entry);
    if (page.length > publicRoomsShown) page.pop();
  }
  return new Map(page);
}
