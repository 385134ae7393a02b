/** What one subscription was told, in order, and how it ended. */
export class Heard<Event = any> {
  readonly events: Event[] = [];
  /** Why it ended: a refusal's code, or undefined when it completed. */
  ending: { readonly error: HeardError | undefined } | undefined;
  #wake: (() => void)[] = [];
  #stop: () => void = () => {};

  add(event: Event): void {
    this.events.push(event);
    this.#wakeAll();
  }

  end(error?: HeardError): void {
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

  /**
   * Waits until this holds of it. Rejects, with what was heard, when it does not come true in time.
   */
  async until(holds: (heard: this) => unknown, withinMs = 30_000): Promise<this> {
    const deadline = Date.now() + withinMs;
    while (!holds(this)) {
      const remaining = deadline - Date.now();
      if (remaining <= 0)
        throw new Error(
          `not heard within ${withinMs} ms; heard ${JSON.stringify(this.events)}, ending ${JSON.stringify(this.ending)}`,
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

  /** Waits until so many events were heard. */
  count(atLeast: number): Promise<this> {
    return this.until(({ events }) => events.length >= atLeast);
  }

  /** Waits until one like this was heard, and returns the first. */
  async find(matches: (event: Event) => unknown): Promise<Event> {
    await this.until(({ events }) => events.some(matches));
    return this.events.find(matches)!;
  }

  /** Waits for its end. */
  async ended(): Promise<HeardError | undefined> {
    await this.until(({ ending }) => ending);
    return this.ending!.error;
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

export interface HeardError {
  readonly code: string | undefined;
  readonly message: string;
}
