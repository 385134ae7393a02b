import type { Taking } from './budget.ts';
import { holdTurn, type LeaveTurn } from './held-turn.ts';
import type { Metrics } from './metrics.ts';

/** The bounds of turns. Running tasks count with their weight, waiting tasks by number. */
export interface TurnBounds {
  /** All running tasks, without the reserved part of each holder. */
  readonly running: number;
  readonly runningPerHolder: number;
  /** The part of `runningPerHolder` for which a holder never waits for others. */
  readonly reservedPerHolder?: number;
  readonly waiting?: number;
  readonly waitingPerHolder?: number;
}

export interface TurnOptions extends TurnBounds {
  /** The label of the turns in the metrics. */
  readonly name: string;
  readonly metrics: Pick<Metrics, 'turnsWaiting'>;
  /** The refusal of a task because too many wait: of its holder, or of all. */
  refusalOf?(limit: Exclude<Taking, 'taken'>): Error;
}

export interface Turn {
  /** A user, an address, or whatever else shares a bound. */
  readonly holder: string;
  /** Identifies the task for `cancel`. */
  readonly task?: object;
  readonly weight?: number;
}

/**
 * Bounds how many tasks run at once, for each holder and in total [P13]. Further tasks wait, and
 * holders take turns: each holder that waits starts one task before any starts a second. The tasks
 * of a holder start in order.
 */
export interface FairTurns {
  /**
   * Runs the work in its turn. Rejects with the refusal, without running it, if too many wait. The
   * work may leave its turn while it waits for something else.
   */
  run<Result>(turn: Turn, work: (leave: LeaveTurn) => Promise<Result>): Promise<Result>;
  /**
   * Does the same for a task that can be cancelled. Undefined if it was cancelled before its turn.
   */
  runUnlessCancelled<Result>(
    turn: Turn & { readonly task: object },
    work: (leave: LeaveTurn) => Promise<Result>,
  ): Promise<Result | undefined>;
  /** Cancels a task that waits. Does nothing to others. */
  cancel(holder: string, task: object): void;
}

interface WaitingTask {
  readonly weight: number;
  /** Starts the task, or cancels it. */
  end(isItsTurn: boolean): void;
}

interface Holder {
  /** The weight of its running tasks. */
  running: number;
  readonly waiting: Map<object, WaitingTask>;
}

export function createFairTurns({
  name,
  metrics,
  refusalOf,
  running: runningMax,
  runningPerHolder,
  reservedPerHolder = 0,
  waiting: waitingMax = Infinity,
  waitingPerHolder = Infinity,
}: TurnOptions): FairTurns {
  const gauge = metrics.turnsWaiting.labels({ for: name });
  const holders = new Map<string, Holder>();
  /** The holders that wait for others, in turn. Those that wait only for themselves are absent. */
  const inTurn = new Set<string>();
  /** The weight of all running tasks, without the reserved parts. */
  let shared = 0;
  let waitingCount = 0;

  const sharedOf = (running: number): number => Math.max(0, running - reservedPerHolder);

  /** How much more of the shared part the holder needs for a task of this weight. */
  const neededFor = ({ running }: Holder, weight: number): number =>
    sharedOf(running + weight) - sharedOf(running);

  const isWithinOwn = ({ running }: Holder, weight: number): boolean =>
    running === 0 || running + weight <= runningPerHolder;

  const isWithinShared = (needed: number): boolean =>
    needed === 0 || shared === 0 || shared + needed <= runningMax;

  /** A task that needs more than is reserved starts after those that wait already. */
  function mayStart(holder: Holder, weight: number): boolean {
    if (holder.waiting.size > 0 || !isWithinOwn(holder, weight)) return false;
    const needed = neededFor(holder, weight);
    return needed === 0 || (inTurn.size === 0 && isWithinShared(needed));
  }

  function changeRunning(holder: Holder, weight: number): void {
    shared -= sharedOf(holder.running);
    holder.running += weight;
    shared += sharedOf(holder.running);
  }

  /** Starts the task or lets it wait. False if it was cancelled. */
  function begin(id: string, weight: number, task: object): boolean | Promise<boolean> {
    const holder = holderOf(id);
    if (mayStart(holder, weight)) {
      changeRunning(holder, weight);
      return true;
    }
    return new Promise((end) => {
      holder.waiting.set(task, { weight, end });
      countWaiting(1);
      updateTurn(id, holder);
    });
  }

  /** Throws the refusal of a new task that would be one too many to wait. */
  function requireRoom(id: string, weight: number): void {
    const holder = holders.get(id) ?? idleHolder();
    const isFull = holder.waiting.size >= waitingPerHolder;
    if (!isFull && waitingCount < waitingMax) return;
    if (!mayStart(holder, weight)) throw refusalOf!(isFull ? 'holder' : 'total');
  }

  function countWaiting(change: 1 | -1): void {
    waitingCount += change;
    gauge.inc(change);
  }

  const firstOf = ({ waiting }: Holder): WaitingTask | undefined => waiting.values().next().value;

  /** A holder that begins to wait for others comes last; one that waits already keeps its place. */
  function updateTurn(id: string, holder: Holder): void {
    const first = firstOf(holder);
    if (first && isWithinOwn(holder, first.weight)) inTurn.add(id);
    else inTurn.delete(id);
  }

  function startNext(id: string, holder: Holder): void {
    const [task, { weight, end }] = holder.waiting.entries().next().value!;
    holder.waiting.delete(task);
    countWaiting(-1);
    changeRunning(holder, weight);
    inTurn.delete(id);
    updateTurn(id, holder);
    end(true);
  }

  function finish(id: string, weight: number): void {
    const holder = holders.get(id)!;
    changeRunning(holder, -weight);
    updateTurn(id, holder);
    startReserved(id, holder);
    startThoseInTurn();
    forgetIfIdle(id, holder);
  }

  function startReserved(id: string, holder: Holder): void {
    for (let next = firstOf(holder); next; next = firstOf(holder)) {
      if (neededFor(holder, next.weight) > 0) return;
      startNext(id, holder);
    }
  }

  function startThoseInTurn(): void {
    for (const id of inTurn) {
      const holder = holders.get(id)!;
      if (!isWithinShared(neededFor(holder, firstOf(holder)!.weight))) return;
      startNext(id, holder);
    }
  }

  function forgetIfIdle(id: string, { running, waiting }: Holder): void {
    if (running === 0 && waiting.size === 0) holders.delete(id);
  }

  function holderOf(id: string): Holder {
    const holder = holders.get(id) ?? idleHolder();
    holders.set(id, holder);
    return holder;
  }

  async function runUnlessCancelled<Result>(
    { holder: id, task = {}, weight = 1 }: Turn,
    work: (leave: LeaveTurn) => Promise<Result>,
  ): Promise<Result | undefined> {
    requireRoom(id, weight);
    const begun = begin(id, weight, task);
    // Nothing is awaited before work that need not wait.
    if (begun !== true && !(await begun)) return undefined;
    const held = holdTurn({
      giveBack: () => finish(id, weight),
      // A task that runs is not refused any more.
      takeAgain: async () => begin(id, weight, task),
      cancel: () => cancel(id, task),
    });
    try {
      return await work(held.leave);
    } finally {
      held.end();
    }
  }

  function cancel(id: string, task: object): void {
    const holder = holders.get(id);
    const waiting = holder?.waiting.get(task);
    if (!holder || !waiting) return;
    holder.waiting.delete(task);
    countWaiting(-1);
    updateTurn(id, holder);
    // The next task may be lighter than the cancelled one.
    startReserved(id, holder);
    startThoseInTurn();
    forgetIfIdle(id, holder);
    waiting.end(false);
  }

  return {
    run: async <Result>(turn: Turn, work: (leave: LeaveTurn) => Promise<Result>) =>
      (await runUnlessCancelled(turn, work)) as Result,
    runUnlessCancelled,
    cancel,
  };
}

const idleHolder = (): Holder => ({ running: 0, waiting: new Map() });
