/**
 * Calls `wake` when the server may be reachable again: the network is back, or the page is visible
 * again. Returns a function that stops it.
 */
export function onWake(wake: () => void): () => void {
  const { window, document } = globalThis as { window?: EventTarget; document?: Document };
  const onVisibility = () => document?.visibilityState === 'visible' && wake();
  window?.addEventListener('online', wake);
  window?.addEventListener('pageshow', wake);
  document?.addEventListener('visibilitychange', onVisibility);
  return () => {
    window?.removeEventListener('online', wake);
    window?.removeEventListener('pageshow', wake);
    document?.removeEventListener('visibilitychange', onVisibility);
  };
}

/**
 * Registers a function to be called when a retry may succeed. Returns a function that removes it.
 */
export type OnRetryHint = (retry: () => void) => () => void;

/**
 * Waits for `ms`, or until a retry may succeed. Rejects with the reason of the signal when it is
 * aborted.
 */
export function pause(ms: number, onRetryHint: OnRetryHint, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const settle = (how: () => void) => {
      clearTimeout(timer);
      stopWaiting();
      signal?.removeEventListener('abort', abort);
      how();
    };
    const abort = () => settle(() => reject(signal!.reason));
    const timer = setTimeout(() => settle(resolve), ms);
    const stopWaiting = onRetryHint(() => settle(resolve));
    signal?.addEventListener('abort', abort);
  });
}

/** The result of the work. If the signal is aborted first, rejects at once with its reason. */
export function orAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
