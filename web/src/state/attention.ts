import { signal } from '@preact/signals';

/** The conversation whose newest messages the viewer sees now. It needs no notifications. */
export const watched = signal<string | undefined>();

/** Whether the viewer is looking at this page. */
export const isLookedAt = (): boolean =>
  document.visibilityState === 'visible' && document.hasFocus();

/**
 * Calls the listener whenever `isLookedAt` may have changed. Returns a function that removes it.
 */
export function onAttention(listener: () => void): () => void {
  const removed = new AbortController();
  for (const type of ['focus', 'blur', 'visibilitychange'])
    addEventListener(type, listener, { signal: removed.signal });
  return () => removed.abort();
}

const lockName = 'causerie.attention';
let releaseLock: (() => void) | undefined;

// A page that is looked at holds a lock, which all tabs can query.
function updateLock(): void {
  if (!isLookedAt()) {
    releaseLock?.();
    releaseLock = undefined;
  } else if (!releaseLock) {
    const released = new Promise<void>((resolve) => (releaseLock = resolve));
    void navigator.locks?.request(lockName, { mode: 'shared' }, () => released);
  }
}
onAttention(updateLock);
updateLock();

/** Whether the viewer is looking at any page of Causerie, in any tab. */
export async function isAnyLookedAt(): Promise<boolean> {
  if (isLookedAt()) return true;
  const locks = await navigator.locks?.query();
  return locks?.held?.some(({ name }) => name === lockName) ?? false;
}
