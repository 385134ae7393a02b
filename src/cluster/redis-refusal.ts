import type { Metrics } from '../metrics.ts';
import type { RedisConnection } from './redis-connection.ts';
import { isReply, type RedisFaults } from './redis-faults.ts';

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

export function watchRefusal(
  redis: RedisConnection,
  reconnectEveryMs: number,
  faults: RedisFaults,
  metrics: Metrics,
): Refusal {
  let isOn = false;
  let reconnectedAt = 0;
  metrics.redisWritable.set(1);

  return {
    get isOn() {
      return isOn;
    },
    noteSuccess() {
      isOn = false;
      metrics.redisWritable.set(1);
      faults.works('store');
    },
    noteFailure(error) {
      faults.failed('store', error);
      if (!isReply(error)) return;
      isOn = true;
      metrics.redisWritable.set(0);
    },
    // After a failover, the same host name may lead to the new primary, but an open connection
    // stays with the old one.
    leaveReplica() {
      const isReplica = isOn && faults.current === 'replica';
      if (!isReplica || Date.now() - reconnectedAt < reconnectEveryMs) return;
      reconnectedAt = Date.now();
      redis.disconnect(true);
    },
  };
}
