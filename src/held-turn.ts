/**
 * Does work without the turn of its task, so that others can have it, and resolves when the task
 * has its turn again. For work that waits for another server, or for another queue.
 */
export type LeaveTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The turn of a task that runs. */
export interface HeldTurn {
  readonly leave: LeaveTurn;
  /** Gives the turn back for good. Parts of the task that still run do not get it again. */
  end(): void;
}

interface Options {
  giveBack(): void;
  /** Waits for a turn. False if the wait was cancelled. */
  takeAgain(): Promise<boolean>;
  cancel(): void;
}

/**
 * Several parts of a task may leave at once. The task has its turn again after all of them are
 * done, and none of them continues before that.
 */
export function holdTurn({ giveBack, takeAgain, cancel }: Options): HeldTurn {
  let isHeld = true;
  let isOver = false;
  let away = 0;
  /** Resolves when the task has its turn again. Undefined unless it has left. */
  let returned: Promise<void> | undefined;
  let resolveReturned = () => {};

  function goAway(): void {
    isHeld = false;
    giveBack();
    returned = new Promise((resolve) => (resolveReturned = resolve));
  }

  async function comeBack(): Promise<void> {
    const isTaken = !isOver && (await takeAgain());
    if (isTaken && isOver) giveBack();
    isHeld = isTaken && !isOver;
    returned = undefined;
    resolveReturned();
  }

  return {
    async leave(work) {
      // A task that is on its way back arrives before it leaves again.
      while (returned && away === 0) await returned;
      if (isOver) return work();
      if (!returned) goAway();
      away++;
      try {
        return await work();
      } finally {
        away--;
        await (away > 0 ? returned : comeBack());
      }
    },
    end() {
      isOver = true;
      if (isHeld) giveBack();
      else cancel();
      isHeld = false;
    },
  };
}
