import type { LogEntry, Observation, Violation } from './history.ts';

/**
 * Where a follower stands; a long history is checked in parts, each from where the one before it
 * ended.
 */
export interface Standing {
  /** The number of the last event; undefined before the first cursor. */
  readonly position: number | undefined;
  readonly eventsSinceBegan: number;
}

export const atTheBeginning: Standing = { position: undefined, eventsSinceBegan: 0 };

/** How far behind a follower must be to be reset [P3]. */
const replayMax = 1000;

/**
 * Compares the observations of a follower with the log, which is loaded after them. From the first
 * cursor on they must equal the log. Only a follower that is too far behind is reset [P1-P3].
 */
export function checkFollower(
  log: readonly LogEntry[],
  observed: readonly Observation[],
  standing = atTheBeginning,
): Standing & { violations: Violation[] } {
  const violations: Violation[] = [];
  const report = (rule: string, detail: string) => void violations.push({ rule, detail });
  let { position, eventsSinceBegan } = standing;
  for (const entry of observed) {
    if (entry.type === 'began') eventsSinceBegan = 0;
    if (entry.type === 'event') {
      const stored = log[entry.seq - 1];
      if (!stored)
        report(
          'uncommitted',
          `${entry.seq} was received (${entry.what}), but is not in the log of ${log.length}`,
        );
      else if (stored.what !== entry.what)
        report(
          'differs',
          `${entry.seq} was received as "${entry.what}", the log has "${stored.what}"`,
        );
      if (position !== undefined && entry.seq > position + 1)
        report('hole', `after ${position} came ${entry.seq}`);
      if (position !== undefined && entry.seq <= position)
        report('repeat', `after ${position} came ${entry.seq}`);
      position = Math.max(position ?? 0, entry.seq);
      eventsSinceBegan++;
    }
    if (entry.type === 'caught-up') {
      if (position !== undefined && entry.seq !== position)
        report('hole', `caught up at ${entry.seq}, but the last received was ${position}`);
      if (entry.replayed !== eventsSinceBegan)
        report(
          'replay',
          `${eventsSinceBegan} were replayed up to ${entry.seq}, but it was said ${entry.replayed}`,
        );
      position = entry.seq;
    }
    if (entry.type === 'reset') {
      const behind = entry.seq - (position ?? 0);
      if (entry.reason !== 'TOO_FAR_BEHIND' || behind <= replayMax)
        report('reset', `at ${position}, to ${entry.seq}, because of ${entry.reason}`);
      position = entry.seq;
    }
  }
  return { position, eventsSinceBegan, violations };
}

/**
 * The same for a follower that had time to catch up: its last event must be the last of the log.
 */
export function checkSettledFollower(
  log: readonly LogEntry[],
  observed: readonly Observation[],
  standing = atTheBeginning,
): Violation[] {
  const { position, violations } = checkFollower(log, observed, standing);
  return position === log.length
    ? violations
    : [
        ...violations,
        {
          rule: 'hole',
          detail: `the last received is ${position}, the last in the log ${log.length}`,
        },
      ];
}
