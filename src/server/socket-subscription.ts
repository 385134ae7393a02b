/**
 * A subscription on a socket, as the protocol library sees it: an iterator without values that only
 * ends. Results do not pass through the library; they are written straight to the socket. It is a
 * class so that ten thousand subscriptions share their methods.
 */
export class SocketSubscription implements AsyncIterableIterator<never> {
  readonly #openSubscriptions: Set<SocketSubscription>;
  readonly #ended: Promise<IteratorResult<never>>;
  #finish!: (ended: IteratorReturnResult<undefined>) => void;
  #fail!: (error: unknown) => void;
  #stopFollowing: (() => void) | undefined;
  #isStopped = false;

  /** Adds itself to the connection's open subscriptions until it stops. */
  constructor(openSubscriptions: Set<SocketSubscription>) {
    this.#openSubscriptions = openSubscriptions;
    openSubscriptions.add(this);
    this.#ended = new Promise((finish, fail) => {
      this.#finish = finish;
      this.#fail = fail;
    });
    // A failure after the library has stopped reading must not become an unhandled rejection.
    this.#ended.catch(() => {});
  }

  /**
   * Sets the function that stops the delivery of events. Calls it at once if the subscription has
   * stopped meanwhile.
   */
  follows(stopFollowing: () => void): void {
    if (this.#isStopped) stopFollowing();
    else this.#stopFollowing = stopFollowing;
  }

  /** Stops the delivery. The client receives no message about it. */
  stop(): void {
    this.#isStopped = true;
    this.#openSubscriptions.delete(this);
    this.#stopFollowing?.();
  }

  /**
   * Stops the delivery. The library then sends `error` if there is an error, otherwise `complete`.
   */
  end(error?: unknown): void {
    this.stop();
    if (error === undefined) this.#finish({ done: true, value: undefined });
    else this.#fail(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<never>> {
    return this.#ended;
  }

  /**
   * Also ends the pending `next()`, so that the library finishes the operation and its id can be
   * used again.
   */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    return { done: true, value: undefined };
  }
}
