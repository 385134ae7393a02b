import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** Whether Redis answers but refuses to store. A Redis that does not answer refuses nothing. */
export interface Refusal {
  readonly isOn: boolean;
  /** To be called after a write succeeded. */
  noteSuccess(): void;
  /** To be called after a command failed, for any reason. */
  noteFailure(error: Error): void;
  /** While a replica refuses, reconnects from time to time. */
  leaveReplica(): void;
}

/** Logs the start of a refusal once, and its end once. */
export function watchRefusal(
  redis: Redis,
  reconnectEveryMs: number,
  log: Log,
  metrics: Metrics,
): Refusal {
  let reason: string | undefined;
  let reconnectedAt = 0;

  function begin(error: string): void {
    if (reason === undefined)
      log.warn(
        { error },
        'Redis refuses to store the connected users, and each node counts rates alone. Free its memory, or set REDIS_URL to a primary that this user may write to.',
      );
    reason = error;
    metrics.redisWritable.set(0);
  }

  function end(): void {
    if (reason !== undefined) log.info('Redis stores the connected users again');
    reason = undefined;
    metrics.redisWritable.set(1);
  }
  end();

  return {
    get isOn() {
      return reason !== undefined;
    },
    noteSuccess: end,
    noteFailure(error: Error & { previousErrors?: readonly Error[] }) {
      if (error.name === 'ReplyError') begin((error.previousErrors?.[0] ?? error).message);
    },
    // After a failover, the same host name may lead to the new primary, but an open connection
    // stays with the old one.
    leaveReplica() {
      if (!reason?.startsWith('READONLY') || Date.now() - reconnectedAt < reconnectEveryMs) return;
      reconnectedAt = Date.now();
      redis.disconnect(true);
    },
  };
}
