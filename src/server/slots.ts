/** Limits how many tasks run at once. Further tasks wait in order, up to a limit. */
export class Slots {
  readonly #runningLimit: number;
  readonly #waitingLimit: number;
  #waiting: (() => void)[] = [];
  #running = 0;

  constructor(runningLimit: number, waitingLimit: number) {
    this.#runningLimit = runningLimit;
    this.#waitingLimit = waitingLimit;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * Runs the work when a slot is free. Undefined, without running it, if too many tasks are
   * waiting.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    return this.#running >= this.#runningLimit && this.#waiting.length >= this.#waitingLimit
      ? undefined
      : this.#runInSlot(work);
  }

  async #runInSlot<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#runningLimit)
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
