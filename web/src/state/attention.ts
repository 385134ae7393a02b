import { signal } from '@preact/signals';

/** The conversation whose newest messages are before the viewer's eyes: nothing has to be told of it. */
export const watched = signal<string | undefined>();

/** Whether somebody has this page before them. */
export const isLookedAt = (): boolean =>
  document.visibilityState === 'visible' && document.hasFocus();

/** Calls whenever that may have changed. Returns what ends it. */
export function onAttention(look: () => void): () => void {
  const ended = new AbortController();
  for (const type of ['focus', 'blur', 'visibilitychange'])
    addEventListener(type, look, { signal: ended.signal });
  return () => ended.abort();
}

const lock = 'causerie.attention';
let letGo: (() => void) | undefined;

// While one of our pages is looked at, it holds a lock, which all of them can see.
function tell(): void {
  if (!isLookedAt()) {
    letGo?.();
    letGo = undefined;
  } else if (!letGo) {
    const isHeld = new Promise<void>((resolve) => (letGo = resolve));
    void navigator.locks?.request(lock, { mode: 'shared' }, () => isHeld);
  }
}
onAttention(tell);
tell();

/** Whether somebody has any page of ours before them, in whatever tab. */
export const isAnyLookedAt = async (): Promise<boolean> =>
  isLookedAt() ||
  ((await navigator.locks?.query())?.held?.some(({ name }) => name === lock) ?? false);
