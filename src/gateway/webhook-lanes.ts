import type { Event } from '../events/event.ts';

/** An event to deliver. */
export interface Item {
  readonly seq: number;
  /** Undefined for an event that is read from the log when its turn comes. */
  readonly event?: Event;
}

/** The events of one conversation that are to be delivered, one after the other. */
export interface Lane {
  readonly conversationId: string;
  readonly items: Item[];
  /** Whether its events are stored, so that the position of the webhook can pass them. */
  isParked: boolean;
  isBusy: boolean;
  /** Failures of the first event, since the lane was loaded. */
  failures: number;
  /** The time of the first failure of the first event, in ms since 1970. */
  failingSince: number | undefined;
  /** Not tried before then, in ms since 1970. */
  retryAt: number;
  /** The lane that waited longest is tried first. */
  triedAt: number;
}

/** The conversations with events to deliver, and what may be delivered next. */
export function createLanes() {
  const lanes = new Map<string, Lane>();
  const all = () => [...lanes.values()];
  return {
    all,
    find: (conversationId: string) => lanes.get(conversationId),
    open(conversationId: string): Lane {
      const lane: Lane = {
        conversationId,
        items: [],
        isParked: false,
        isBusy: false,
        failures: 0,
        failingSince: undefined,
        retryAt: 0,
        triedAt: 0,
      };
      lanes.set(conversationId, lane);
      return lane;
    },
    /** Removes the first event, and forgets its failures. */
    advance(lane: Lane): void {
      lane.items.shift();
      Object.assign(lane, { failures: 0, failingSince: undefined, retryAt: 0 });
      if (lane.items.length === 0) lanes.delete(lane.conversationId);
    },
    /** The next lane to try. */
    next(now: number): Lane | undefined {
      return all()
        .filter(({ isBusy, retryAt }) => !isBusy && retryAt <= now)
        .toSorted(
          (one, other) => one.triedAt - other.triedAt || one.items[0]!.seq - other.items[0]!.seq,
        )[0];
    },
    count: (isParked: boolean): number =>
      all().reduce((sum, lane) => sum + (lane.isParked === isParked ? lane.items.length : 0), 0),
    /** The first event that is neither delivered nor parked. */
    first: (): number | undefined => {
      const seqs = all().flatMap(({ isParked, items }) => (isParked ? [] : [items[0]!.seq]));
      return seqs.length > 0 ? Math.min(...seqs) : undefined;
    },
    isFailing: (): boolean => all().some(({ failingSince }) => failingSince !== undefined),
    /** When the next lane that waits may be tried. */
    nextRetryAt: (): number =>
      Math.min(...all().map(({ isBusy, retryAt }) => (isBusy ? Infinity : retryAt))),
  };
}
