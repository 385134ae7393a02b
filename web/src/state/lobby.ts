import type { LobbyRoomFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';

export type LobbyRoom = LobbyRoomFieldsFragment;

export interface Lobby {
  /** The rooms in use, with the members who are online; null until they are loaded. */
  readonly rooms: ReadonlySignal<ReadonlyMap<string, LobbyRoom> | null>;
  /** The number of other rooms, counted up to 1,000. */
  readonly otherRoomCount: ReadonlySignal<number>;
}

/** `changed` is called for each new or changed room. */
export function followLobby(ended: AbortSignal, changed: (room: LobbyRoom) => void): Lobby {
  const lobby = signal<ReadonlyMap<string, LobbyRoom> | null>(null);
  const otherRoomCount = signal(0);
  void followAll(causerie.lobby({ signal: ended }), ended, (event) => {
    if (event.__typename === 'LobbySnapshot') {
      lobby.value = new Map(event.rooms.map((entry) => [entry.room.id, entry]));
      otherRoomCount.value = event.otherRoomCount;
      event.rooms.forEach(changed);
      return;
    }
    const next = new Map(lobby.value);
    if (event.__typename === 'LobbyRoomRemoved') next.delete(event.roomId);
    else next.set(event.room.room.id, event.room);
    lobby.value = next;
    if (event.__typename === 'LobbyRoomChanged') changed(event.room);
  });
  return { rooms: lobby, otherRoomCount };
}
