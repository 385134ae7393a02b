/** A set of listeners, called in the order in which they were added. */
export function createListeners<Value>() {
  const listeners = new Set<(value: Value) => void>();
  return {
    notify(value: Value): void {
      for (const listener of listeners) notifyOne(listener, value);
    },
    add(listener: (value: Value) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * An error of a listener becomes an uncaught error, as with DOM events. It does not stop the
 * client.
 */
function notifyOne<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
