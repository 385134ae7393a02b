import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** Whether Redis answers and refuses to store. That it does not answer is another matter. */
export interface Refusal {
  readonly isOn: boolean;
  /** To be called when something was stored. */
  noteSuccess(): void;
  /** To be called when a command failed, for whatever reason. */
  noteFailure(error: Error): void;
  /** Connects again, now and then, while the refusal is that of a replica. */
  leaveReplica(): void;
}

/** Logs a refusal once, and once that it has ended. */
export function watchRefusal(
  redis: Redis,
  reconnectEveryMs: number,
  log: Log,
  metrics: Metrics,
): Refusal {
  let reason: string | undefined;
  let reconnectedAt = 0;

  function note(is: string | undefined): void {
    const was = reason;
    reason = is;
    metrics.redisWritable.set(is === undefined ? 1 : 0);
    if (was === undefined && is !== undefined)
      log.warn(
        { error: is },
        'Redis refuses to store who is connected, and each node counts rates by itself. Free its memory, or let REDIS_URL name a primary that this user may write to.',
      );
    if (was !== undefined && is === undefined) log.info('Redis stores who is connected again');
  }
  note(undefined);

  return {
    get isOn() {
      return reason !== undefined;
    },
    noteSuccess: () => note(undefined),
    noteFailure(error: Error & { previousErrors?: readonly Error[] }) {
      if (error.name === 'ReplyError') note((error.previousErrors?.[0] ?? error).message);
    },
    // After a failover the same name may lead to the new primary, while an open connection stays with the old one.
    leaveReplica() {
      if (!reason?.startsWith('READONLY') || Date.now() - reconnectedAt < reconnectEveryMs) return;
      reconnectedAt = Date.now();
      redis.disconnect(true);
    },
  };
}
