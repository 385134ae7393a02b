/** Lets so many run at once; others wait for a slot in the order they came, up to a length. */
export class Slots {
  readonly #most: number;
  readonly #mostWaiting: number;
  #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  get running(): number {
    return this.#running;
  }

  /** Runs the work in a slot. Undefined, and nothing is run, when too many wait already. */
  run<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    return this.#running >= this.#most && this.#waiting.length >= this.#mostWaiting
      ? undefined
      : this.#runInSlot(work);
  }

  async #runInSlot<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
