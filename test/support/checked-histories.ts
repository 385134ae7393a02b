import pg from 'pg';
import { checkSettledFollower, atTheBeginning } from '../faults/checker/followers.ts';
import type { Observation, Violation } from '../faults/checker/history.ts';
import { followDocument, readLog, observationOf } from '../faults/observations.ts';
import type { Received } from './received.ts';
import type { Person } from './person.ts';

/** Follows a room, with the events in the form of the checker. */
export const followForChecker = (person: Person, roomId: string, after?: string): Received =>
  person.follow(followDocument, { roomId, after });

export const observationsOf = ({ events }: Received): Observation[] =>
  events.map((event) => observationOf(event));

export const isReset = ({ __typename }: { __typename: string }): boolean =>
  __typename === 'StreamReset';

/**
 * The violations in the events that a follower received since the last reset, or since the start,
 * compared with a database that no longer changes.
 */
export async function violationsOf(
  url: string,
  roomId: string,
  observed: readonly Observation[],
): Promise<Violation[]> {
  const client = new pg.Client(url);
  await client.connect();
  const log = await readLog(client, roomId).finally(() => client.end());
  const at = observed.findLastIndex(({ type }) => type === 'reset');
  const reset = observed[at];
  return checkSettledFollower(
    log,
    observed.slice(at + 1),
    reset?.type === 'reset' ? { position: reset.seq, eventsSinceBegan: 0 } : atTheBeginning,
  );
}
