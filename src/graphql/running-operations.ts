import { createBudget } from '../budget.ts';
import type { Config } from '../config.ts';
import { rateLimited, Refusal } from '../errors.ts';
import { createFairTurns } from '../fair-turns.ts';
import type { LeaveTurn } from '../held-turn.ts';
import { holderOf } from '../holder.ts';
import type { Metrics } from '../metrics.ts';
import type { Scope } from '../scope.ts';

/**
 * Bounds the queries and mutations that run at once, over all connections of a user, and serves
 * users in turn [P13]. The guests of an address count as one user, and so do its clients without a
 * token. A backend does not wait; the rates of services bound its calls.
 */
export interface RunningOperations {
  /**
   * Runs an operation of this cost in its turn. Rejects with RATE_LIMITED if too many of its user
   * wait, with UNAVAILABLE if too many of all users wait.
   */
  run<Result>(scope: Scope, cost: number, work: Work<Result>): Promise<Result>;
  /**
   * Starts a subscription in the turn of its user. Rejects with RATE_LIMITED if more wait than a
   * user can have.
   */
  start<Result>(holder: string, work: () => Promise<Result>): Promise<Result>;
  /** The turns in which the user's subscriptions read the pages of their events. */
  pageReadsOf(scope: Scope): Scope['readInTurn'];
}

/** Receives the scope of the operation, with `readInTurn` and `leaveTurn`. */
type Work<Result> = (scope: Scope) => Promise<Result>;

/** The time to wait for a refused client, in ms. */
const retryAfterMs = 1000;

export function createRunningOperations(
  { limits, RATE_LIMITS }: Pick<Config, 'limits' | 'RATE_LIMITS'>,
  metrics: Metrics,
): RunningOperations {
  const isRated = RATE_LIMITS === 'on';
  const { runningOperationsPerUser, waitingOperationsPerUser } = limits;
  const operations = createFairTurns({
    name: 'operations',
    metrics,
    running: limits.furtherOperations,
    runningPerHolder: runningOperationsPerUser,
    reservedPerHolder: 1,
    waiting: isRated ? limits.waitingOperations : Infinity,
    waitingPerHolder: isRated ? waitingOperationsPerUser : Infinity,
    refusalOf: (limit) =>
      limit === 'holder'
        ? rateLimited(
            `You have too many unfinished operations: ${waitingOperationsPerUser} wait already (\`waitingOperationsPerUser\`). Wait for their answers, then send this one again.`,
            retryAfterMs,
          )
        : new Refusal('UNAVAILABLE', 'Too many operations wait on this node. Try again in 1 s.', {
            retryAfterMs,
          }),
  });
  const paused = createBudget<string>({
    name: 'paused_operations',
    perHolder: isRated ? limits.pausedOperationsPerUser : Infinity,
    // Whatever they wait for bounds all of them.
    total: Infinity,
    metrics,
  });
  const pageReads = createFairTurns({
    name: 'page_reads',
    metrics,
    running: limits.furtherPageReads,
    runningPerHolder: limits.pageReadsPerUser,
    reservedPerHolder: 1,
  });
  const starts = createFairTurns({
    name: 'starts',
    metrics,
    running: limits.furtherStarts,
    runningPerHolder: limits.startsPerUser,
    reservedPerHolder: 1,
    waitingPerHolder: limits.connectionsPerUser * limits.operationsPerConnection,
    refusalOf: () =>
      rateLimited('Too many of your subscriptions are starting. Try again in 1 s.', retryAfterMs),
  });
  // The most expensive operation runs alone, and cheap ones beside each other.
  const costOfOne = limits.queryMaxCost / runningOperationsPerUser;

  function pageReadsOf(scope: Scope): Scope['readInTurn'] {
    if (scope.service) return undefined;
    const holder = holderOf(scope);
    return (read) => pageReads.run({ holder }, read);
  }

  /** An operation without its turn counts against its user until it has its turn again. */
  const boundedLeave =
    (holder: string, weight: number, leave: LeaveTurn): LeaveTurn =>
    async (wait) => {
      if (paused.take(holder, weight) !== 'taken')
        throw rateLimited(
          'Too many of your operations wait for other services of this server. Wait for their answers, then send this one again.',
          retryAfterMs,
        );
      try {
        return await leave(wait);
      } finally {
        paused.giveBack(holder, weight);
      }
    };

  return {
    async run(scope, cost, work) {
      if (scope.service) return work(scope);
      const weight = Math.max(1, Math.ceil(cost / costOfOne));
      const holder = holderOf(scope);
      const readInTurn = pageReadsOf(scope);
      return operations.run({ holder, weight }, (leave) =>
        work({ ...scope, readInTurn, leaveTurn: boundedLeave(holder, weight, leave) }),
      );
    },
    pageReadsOf,
    start: (holder, work) => starts.run({ holder }, work),
  };
}
