import type { LogEntry, Violation } from './history.ts';

/**
 * The newest numbers of a room as one snapshot of the database has them, of all or at most `most`
 * messages and events each.
 */
export interface Snapshot {
  readonly roomId: string;
  /** The counters of the room. */
  readonly lastSeq: number;
  readonly head: number;
  readonly messages: number;
  readonly newestMessage: number;
  readonly events: number;
  readonly newestEvent: number;
}

/** In every snapshot the numbers have no gaps and end at the counters [P1]. */
export function checkSnapshot(
  { roomId, lastSeq, head, messages, newestMessage, events, newestEvent }: Snapshot,
  most: number,
): Violation[] {
  const isDense =
    newestMessage === lastSeq &&
    newestEvent === head &&
    messages === Math.min(lastSeq, most) &&
    events === Math.min(head, most);
  return isDense
    ? []
    : [
        {
          rule: 'numbers',
          detail: `${roomId}: ${messages} messages up to ${newestMessage} of ${lastSeq}, ${events} events up to ${newestEvent} of ${head}`,
        },
      ];
}

/** Entries that are loaded after a number continue it without a gap. */
export function checkContinuation(
  last: LogEntry | undefined,
  entries: readonly LogEntry[],
): Violation[] {
  let previous = last?.seq ?? 0;
  return entries.flatMap(({ seq }) => {
    const isNext = seq === previous + 1;
    const violation = { rule: 'numbers', detail: `in the log ${seq} follows ${previous}` };
    previous = seq;
    return isNext ? [] : [violation];
  });
}
