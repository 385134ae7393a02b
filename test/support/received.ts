/** The events that one subscription received, in order, and its end. */
export class Received<Event = any> {
  readonly events: Event[] = [];
  /** The error that ended it. Undefined inside if it completed. */
  ending: { readonly error: EndingError | undefined } | undefined;
  #wake: (() => void)[] = [];
  #stop: () => void = () => {};

  add(event: Event): void {
    this.events.push(event);
    this.#wakeAll();
  }

  end(error?: EndingError): void {
    this.ending ??= { error };
    this.#wakeAll();
  }

  stopsBy(stop: () => void): void {
    this.#stop = stop;
  }

  /** Unsubscribes. */
  stop(): void {
    this.#stop();
  }

  /** Waits until the condition is true. Rejects with the received events after the timeout. */
  async until(holds: (received: this) => unknown, withinMs = 30_000): Promise<this> {
    const deadline = Date.now() + withinMs;
    while (!holds(this)) {
      const remaining = deadline - Date.now();
      if (remaining <= 0)
        throw new Error(
          `not received within ${withinMs} ms; received ${JSON.stringify(this.events)}, ending ${JSON.stringify(this.ending)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, remaining);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this;
  }

  /** Waits until at least this number of events was received. */
  count(atLeast: number): Promise<this> {
    return this.until(({ events }) => events.length >= atLeast);
  }

  /** Waits until an event matches, and returns the first. */
  async find(matches: (event: Event) => unknown): Promise<Event> {
    await this.until(({ events }) => events.some(matches));
    return this.events.find(matches)!;
  }

  /** Waits until the subscription has ended. Returns its error, if there is one. */
  async ended(): Promise<EndingError | undefined> {
    await this.until(({ ending }) => ending);
    return this.ending!.error;
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

export interface EndingError {
  readonly code: string | undefined;
  readonly message: string;
}
