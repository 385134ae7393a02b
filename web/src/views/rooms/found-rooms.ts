import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { LobbyRoom } from '../../state/lobby.ts';
import { reasonOf, showToast } from '../../state/toasts.ts';

/** The pause in typing after which the server is asked, in ms. */
const pauseMs = 250;
const pageSize = 50;

/** The rooms whose name or topic contains the text. None for an empty text. */
export function useFoundRooms(text: string): readonly LobbyRoom[] {
  const [found, setFound] = useState<readonly LobbyRoom[]>([]);
  useEffect(() => {
    if (text === '') return setFound([]);
    const isOver = new AbortController();
    const timer = setTimeout(() => {
      causerie.rooms({ search: text, first: pageSize }, { signal: isOver.signal }).then(
        ({ edges }) =>
          setFound(
            edges
              .filter(({ node }) => !node.archivedAt)
              .map(({ node }) => ({ room: node, onlineCount: node.onlineCount, usernames: [] })),
          ),
        (error: unknown) => isOver.signal.aborted || showToast(reasonOf(error), true),
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      isOver.abort();
    };
  }, [text]);
  return found;
}
