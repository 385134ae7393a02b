/** Calls when there is reason to look whether the server is there: the network is back, or the page is seen again. Returns what ends it. */
export function onWake(wake: () => void): () => void {
  const { window, document } = globalThis as { window?: EventTarget; document?: Document };
  const seen = () => document?.visibilityState === 'visible' && wake();
  window?.addEventListener('online', wake);
  window?.addEventListener('pageshow', wake);
  document?.addEventListener('visibilitychange', seen);
  return () => {
    window?.removeEventListener('online', wake);
    window?.removeEventListener('pageshow', wake);
    document?.removeEventListener('visibilitychange', seen);
  };
}

/** Calls when there is reason to look at once. Returns what ends that. */
export type OnReason = (look: () => void) => () => void;

/** Waits for so long, or until there is reason to go on at once. Rejects with the signal's reason when it is aborted. */
export function pause(ms: number, onReason: OnReason, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const settle = (how: () => void) => {
      clearTimeout(timer);
      forget();
      signal?.removeEventListener('abort', abort);
      how();
    };
    const abort = () => settle(() => reject(signal!.reason));
    const timer = setTimeout(() => settle(resolve), ms);
    const forget = onReason(() => settle(resolve));
    signal?.addEventListener('abort', abort);
  });
}

/** What the work gives, unless the signal is aborted before: then its reason is thrown at once. */
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
