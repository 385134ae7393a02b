/**
 * Wraps a listener, so that an exception or rejection goes to `failed` instead of ending the
 * process [P13]. `failed` must not throw.
 */
export function guarded<Args extends unknown[]>(
  listener: (...args: Args) => unknown,
  failed: (error: unknown, ...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      const result = listener(...args);
      if (result instanceof Promise) result.catch((error: unknown) => failed(error, ...args));
    } catch (error) {
      failed(error, ...args);
    }
  };
}
