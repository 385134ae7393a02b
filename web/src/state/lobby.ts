import type { LobbyRoomFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';

export type LobbyRoom = LobbyRoomFieldsFragment;

/**
 * The rooms that the viewer can see, with the members who are online; null until they are loaded.
 * `changed` is called for each new or changed room.
 */
export function followLobby(
  ended: AbortSignal,
  changed: (room: LobbyRoom) => void,
): ReadonlySignal<ReadonlyMap<string, LobbyRoom> | null> {
  const lobby = signal<ReadonlyMap<string, LobbyRoom> | null>(null);
  void followAll(causerie.lobby({ signal: ended }), ended, (event) => {
    if (event.__typename === 'LobbySnapshot') {
      lobby.value = new Map(event.rooms.map((entry) => [entry.room.id, entry]));
      event.rooms.forEach(changed);
      return;
    }
    const next = new Map(lobby.value);
    if (event.__typename === 'LobbyRoomRemoved') next.delete(event.roomId);
    else next.set(event.room.room.id, event.room);
    lobby.value = next;
    if (event.__typename === 'LobbyRoomChanged') changed(event.room);
  });
  return lobby;
}
