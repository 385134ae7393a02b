import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

/**
 * Bounds how many pages of missed events are read and executed at once [P13]. Nothing is refused: a
 * replay beyond the bounds waits, and holders take turns. The first replay of a holder never waits,
 * so a reconnect of all users at once is as fast as the node.
 */
export interface ReplayTurns {
  /**
   * Runs the work in the holder's turn. Undefined if the replay was cancelled before. A replay
   * waits for one turn at a time.
   */
  run<Result>(
    holder: string,
    replay: object,
    work: () => Promise<Result>,
  ): Promise<Result | undefined>;
  /** Cancels the wait of a replay, if it waits. */
  cancel(holder: string, replay: object): void;
}

interface Holder {
  running: number;
  /** The replays that wait, with the function that starts or cancels each. */
  readonly waiting: Map<object, (isItsTurn: boolean) => void>;
}

export function createReplayTurns(
  { replaysPerUser, furtherReplays }: Pick<Limits, 'replaysPerUser' | 'furtherReplays'>,
  metrics: Pick<Metrics, 'replaysWaiting'>,
): ReplayTurns {
  const holders = new Map<string, Holder>();
  /** Holders that wait for the node, in turn. Those at their own limit are not among them. */
  const inTurn = new Set<string>();
  /** Running replays, without the first of each holder. */
  let further = 0;

  function holderOf(id: string): Holder {
    const holder = holders.get(id) ?? { running: 0, waiting: new Map() };
    holders.set(id, holder);
    return holder;
  }

  const mayStart = ({ running }: Holder) =>
    running === 0 || (running < replaysPerUser && further < furtherReplays);

  function start(holder: Holder): void {
    if (holder.running++ > 0) further++;
  }

  function finish(id: string, holder: Holder): void {
    if (--holder.running > 0) further--;
    joinTurn(id, holder);
    // With nothing running, its next replay waits for nobody.
    if (holder.running === 0 && holder.waiting.size > 0) startNext(id, holder);
    for (const next of inTurn) {
      if (further >= furtherReplays) break;
      startNext(next, holders.get(next)!);
    }
    if (holder.running === 0) holders.delete(id);
  }

  /** Puts the holder at the end of the order if it waits for the node alone. */
  function joinTurn(id: string, { running, waiting }: Holder): void {
    inTurn.delete(id);
    if (waiting.size > 0 && running < replaysPerUser) inTurn.add(id);
  }

  function startNext(id: string, holder: Holder): void {
    const [replay, wake] = holder.waiting.entries().next().value!;
    stopWaiting(holder, replay);
    start(holder);
    joinTurn(id, holder);
    wake(true);
  }

  function stopWaiting(holder: Holder, replay: object): void {
    holder.waiting.delete(replay);
    metrics.replaysWaiting.dec();
  }

  function awaitTurn(id: string, holder: Holder, replay: object): Promise<boolean> {
    return new Promise((resolve) => {
      holder.waiting.set(replay, resolve);
      metrics.replaysWaiting.inc();
      if (!inTurn.has(id)) joinTurn(id, holder);
    });
  }

  return {
    async run(id, replay, work) {
      const holder = holderOf(id);
      if (mayStart(holder)) start(holder);
      else if (!(await awaitTurn(id, holder, replay))) return undefined;
      try {
        return await work();
      } finally {
        finish(id, holder);
      }
    },
    cancel(id, replay) {
      const holder = holders.get(id);
      const wake = holder?.waiting.get(replay);
      if (!holder || !wake) return;
      stopWaiting(holder, replay);
      if (holder.waiting.size === 0) inTurn.delete(id);
      wake(false);
    },
  };
}
