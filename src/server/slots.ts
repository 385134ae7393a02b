/** Lets so many run at once; others wait for a slot in the order they came, up to a length. */
export interface Slots {
  readonly running: number;
  /** Runs the work in a slot. Undefined, and nothing is run, when too many wait already. */
  run<Result>(work: () => Promise<Result>): Promise<Result> | undefined;
}

export function createSlots(most: number, mostWaiting: number): Slots {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function runInSlot<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  }

  return {
    get running() {
      return running;
    },
    run: (work) => (running >= most && waiting.length >= mostWaiting ? undefined : runInSlot(work)),
  };
}
