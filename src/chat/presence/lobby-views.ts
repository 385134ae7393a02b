import type { LobbyRoom } from '../../events/channel.ts';
import { guestUsernamePrefix } from '../people/reserved-names.ts';
import type { PresentRoom } from './present-rooms.ts';

/** The most online users whose names are listed for a room. */
export const namesShown = 100;

/** What the lobby says about each room, made once for all viewers until the room changes. */
export interface LobbyViews {
  of(roomId: string, room: PresentRoom): LobbyRoom;
  forget(roomId: string): void;
  clear(): void;
}

export function createLobbyViews(): LobbyViews {
  const views = new Map<string, LobbyRoom>();
  return {
    of(roomId, { online }) {
      let view = views.get(roomId);
      if (!view) {
        const usernames = [...online.values()].filter(isReadable).sort().slice(0, namesShown);
        views.set(roomId, (view = { roomId, onlineCount: online.size, usernames }));
      }
      return view;
    },
    forget: (roomId) => void views.delete(roomId),
    clear: () => views.clear(),
  };
}

/** The username of a guest is a random id, which tells readers nothing. */
const isReadable = (username: string): boolean => !username.startsWith(guestUsernamePrefix);
