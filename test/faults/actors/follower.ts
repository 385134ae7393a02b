import { setTimeout as delay } from 'node:timers/promises';
import type { Observation } from '../checker/history.ts';
import { connectStockClient } from '../cluster/stock-client.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import { followDocument, observationOf } from '../observations.ts';
import type { Run } from './run.ts';

/** A user who follows a room with a standard client and keeps the cursor. */
export interface Follower extends AsyncDisposable {
  readonly name: string;
  readonly user: User;
  readonly roomId: string;
  /** Observations that are not yet checked. */
  readonly observed: Observation[];
  /** Whether it follows, or tries to. */
  readonly isFollowing: boolean;
  /** The time of the current connection, in ms since 1970; undefined without one. */
  readonly connectedSince: number | undefined;
  /** Follows from the last cursor on, until it is stopped or refused. */
  begin(): void;
  stop(): void;
  pause(ms: number): void;
}

const tokenExpired = 4403;

export function createFollower(
  run: Run,
  user: User,
  roomId: string,
  name: string,
  random: Random,
  isWatchful = true,
): Follower {
  const observed: Observation[] = [];
  let after: string | undefined;
  let followsSince = Infinity;
  let connectedSince: number | undefined;
  /** The current subscription. Late results of an earlier one are ignored. */
  let present: { unsubscribe?: () => void } | undefined;
  const listener = {
    connected(tokenEndsAt: number, isAgain: boolean) {
      connectedSince = Date.now();
      observed.push({ type: 'began', at: connectedSince, tokenEndsAt });
      if (isAgain) run.counts.reconnects++;
    },
    disconnected(code: number | undefined) {
      connectedSince = undefined;
      if (code === tokenExpired) run.counts.expiredTokens++;
    },
  };
  const stockClient = connectStockClient(run.endpoints, user, random, listener, isWatchful);

  function receive(event: Parameters<typeof observationOf>[0]): void {
    const entry = observationOf(event);
    observed.push(entry);
    after = event.cursor;
    if (entry.type === 'reset') run.counts.resets++;
    if (entry.type !== 'event') return;
    run.counts.events++;
    // An event from before the subscription is a replay, so its delay does not count.
    if (entry.occurredAt >= followsSince) run.received(roomId, entry);
  }

  /**
   * Subscribes again after a temporary failure, and gives up after a refusal, as an application
   * does.
   */
  async function ended(subscription: object, ending: unknown): Promise<void> {
    if (present !== subscription) return;
    const code = Array.isArray(ending) ? ending[0]?.extensions?.code : undefined;
    observed.push({ type: 'ended', at: Date.now(), code });
    if (code === 'FORBIDDEN' || code === 'NOT_FOUND') return void (present = undefined);
    if (code !== 'UNAVAILABLE')
      run.violate('refusal', `${name} was refused with ${describeEnding(ending)}`);
    await delay(random.between(100, 400));
    if (present === subscription) begin();
  }

  function begin(): void {
    stop();
    followsSince = Date.now();
    const subscription: typeof present = {};
    present = subscription;
    // An existing connection does not report that it begins.
    observed.push({ type: 'began', at: followsSince });
    subscription.unsubscribe = stockClient.client.subscribe<any>(
      { query: followDocument, variables: { roomId, after } },
      {
        next: ({ data, errors }) =>
          errors
            ? void run.violate('error', `${name} received ${JSON.stringify(errors)}`)
            : receive(data.roomMessages),
        error: (ending) => void ended(subscription, ending),
        complete: () => void ended(subscription, new Error('ended without a word')),
      },
    );
  }

  function stop(): void {
    followsSince = Infinity;
    const stopped = present;
    present = undefined;
    stopped?.unsubscribe?.();
  }

  return {
    name,
    user,
    roomId,
    observed,
    get isFollowing() {
      return present !== undefined;
    },
    get connectedSince() {
      return connectedSince;
    },
    begin,
    stop,
    pause: stockClient.pause,
    async [Symbol.asyncDispose]() {
      stop();
      await stockClient[Symbol.asyncDispose]();
    },
  };
}

/**
 * Describes a refusal of the server, a final close of the connection, or an error of the client.
 */
function describeEnding(ending: unknown): string {
  if (ending instanceof Error) return `${ending.name}: ${ending.message}`;
  const { code, reason, message } = ending as {
    code?: unknown;
    reason?: unknown;
    message?: unknown;
  };
  return Array.isArray(ending)
    ? JSON.stringify(ending)
    : [code, reason, message].filter((part) => part !== undefined).join(' ');
}
