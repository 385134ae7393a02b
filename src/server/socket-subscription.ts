/**
 * A subscription on a socket, as the protocol's library is shown it: an iterator without values, which only ends. The results go past it,
 * straight to the socket. A class, because ten thousand of them are held: they share their methods.
 */
export class SocketSubscription implements AsyncIterableIterator<never> {
  readonly #held: Set<SocketSubscription>;
  readonly #ended: Promise<IteratorResult<never>>;
  #finish!: (ended: IteratorReturnResult<undefined>) => void;
  #fail!: (error: unknown) => void;
  #stopFollowing: (() => void) | undefined;
  #isWanted = true;

  /** Held by its connection as long as it runs. */
  constructor(held: Set<SocketSubscription>) {
    this.#held = held;
    held.add(this);
    this.#ended = new Promise((finish, fail) => {
      this.#finish = finish;
      this.#fail = fail;
    });
    // Who has stopped waiting for the end does not hear of its cause.
    this.#ended.catch(() => {});
  }

  /** What stops it; it may have ended meanwhile. */
  follows(stop: () => void): void {
    if (this.#isWanted) this.#stopFollowing = stop;
    else stop();
  }

  /** Ends it, without a word to the client. */
  stop(): void {
    this.#isWanted = false;
    this.#held.delete(this);
    this.#stopFollowing?.();
  }

  /** Ends it, and tells the client; with the error that is the cause, if there is one. */
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

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.stop();
    return { done: true, value: undefined };
  }
}
