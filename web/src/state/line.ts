import type { ConnectionState } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

/** `away`: the connection was lost and is tried again; `back`: it is there again, and so many messages were missed meanwhile. */
export type Line =
  | { readonly is: 'fine' }
  | { readonly is: 'away'; readonly since: number }
  | { readonly is: 'back'; readonly caughtUp: number };

const patienceMs = 1500;
const farewellMs = 5000;

export const line = signal<Line>({ is: 'fine' });

let isAway = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function change({ status }: ConnectionState): void {
  if (status === 'connected') {
    clearTimeout(timer);
    if (!isAway) return;
    isAway = false;
    line.value = { is: 'back', caughtUp: 0 };
    timer = setTimeout(() => (line.value = { is: 'fine' }), farewellMs);
  } else if (status === 'waiting' && !isAway) {
    isAway = true;
    clearTimeout(timer);
    // A wire that is mended at once is not worth a word.
    timer = setTimeout(
      () => (line.value = { is: 'away', since: Date.now() }),
      navigator.onLine ? patienceMs : 0,
    );
  } else if (status === 'idle' || status === 'refused') {
    clearTimeout(timer);
    isAway = false;
    line.value = { is: 'fine' };
  }
}

/** What a conversation heard of what it had missed. */
export function caughtUp(replayed: number): void {
  if (line.value.is === 'back' && replayed > 0)
    line.value = { is: 'back', caughtUp: line.value.caughtUp + replayed };
}

causerie.onConnection(change);
