import { createFairTurns, type FairTurns } from '../fair-turns.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

/**
 * Bounds how many pages of missed events are read and executed at once [P13]. Nothing is refused: a
 * replay beyond the bounds waits. The first replay of a holder never waits, so a reconnect of all
 * users at once is as fast as the node.
 */
export const createReplayTurns = (
  { replaysPerUser, furtherReplays }: Pick<Limits, 'replaysPerUser' | 'furtherReplays'>,
  metrics: Pick<Metrics, 'turnsWaiting'>,
): FairTurns =>
  createFairTurns({
    name: 'replays',
    metrics,
    running: furtherReplays,
    runningPerHolder: replaysPerUser,
    reservedPerHolder: 1,
  });
