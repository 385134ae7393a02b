import type { ConnectionState } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

/**
 * The state of the connection as the page shows it. `away`: it was lost; the client is
 * reconnecting. `back`: it is open again, and `caughtUp` missed events were replayed.
 */
export type Line =
  | { readonly is: 'fine' }
  | { readonly is: 'away'; readonly since: number }
  | { readonly is: 'back'; readonly caughtUp: number };

const showAwayAfterMs = 1500;
const showBackForMs = 5000;

export const line = signal<Line>({ is: 'fine' });

let isAway = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function change({ status }: ConnectionState): void {
  if (status === 'connected') {
    clearTimeout(timer);
    if (!isAway) return;
    isAway = false;
    line.value = { is: 'back', caughtUp: 0 };
    timer = setTimeout(() => (line.value = { is: 'fine' }), showBackForMs);
  } else if (status === 'waiting' && !isAway) {
    isAway = true;
    clearTimeout(timer);
    // A short interruption is not shown.
    timer = setTimeout(
      () => (line.value = { is: 'away', since: Date.now() }),
      navigator.onLine ? showAwayAfterMs : 0,
    );
  } else if (status === 'idle' || status === 'refused') {
    clearTimeout(timer);
    isAway = false;
    line.value = { is: 'fine' };
  }
}

/** Counts the events that were replayed after a reconnection. */
export function caughtUp(replayed: number): void {
  if (line.value.is === 'back' && replayed > 0)
    line.value = { is: 'back', caughtUp: line.value.caughtUp + replayed };
}

causerie.onConnection(change);
