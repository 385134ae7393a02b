import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import { openMemoryBus } from './bus-memory.ts';
import { openRedisBus } from './bus-redis.ts';
import type { Presence } from './presence.ts';
import { openMemoryPresence } from './presence-memory.ts';
import { openRedisPresence } from './presence-redis.ts';
import type { Rate, Rates } from './rates.ts';
import { createRates, noRates } from './rates-limiter.ts';
import { impatientOptions } from './redis-options.ts';

/** The parts that nodes share besides the database. */
export interface Cluster extends AsyncDisposable {
  readonly bus: Bus;
  readonly rates: Rates<string>;
  readonly presence: Presence;
  readonly description: string;
}

/**
 * How long a node waits for Redis at its start. Without the wait, it would count rates alone in its
 * first moments.
 */
const connectTimeoutMs = 1000;

const connected = (redis: Redis, bus: Bus) =>
  Promise.all([
    new Promise<void>((resolve) => redis.once('ready', resolve)),
    new Promise<void>((resolve) => bus.onReturn(resolve)),
  ]);

/**
 * Connects the nodes through REDIS_URL, or within this process. The instance separates
 * installations that share one Redis.
 */
export async function openCluster<Action extends string>(
  config: Config,
  instance: string,
  rateTable: Record<Action, Rate>,
  log: Log,
  metrics: Metrics,
): Promise<Cluster> {
  const prefix = `causerie:${instance}`;
  const redis = config.REDIS_URL ? new Redis(config.REDIS_URL, impatientOptions) : undefined;
  redis?.on('error', (error) =>
    log.debug({ connection: 'rates and presence', error: error.message }, 'Redis does not answer'),
  );
  const bus = config.REDIS_URL
    ? openRedisBus(config.REDIS_URL, prefix, log, metrics)
    : openMemoryBus();
  if (redis)
    await Promise.race([connected(redis, bus), sleep(connectTimeoutMs, undefined, { ref: false })]);
  const presence = redis
    ? await openRedisPresence({ redis, bus, prefix, limits: config.limits, log, metrics })
    : openMemoryPresence(config.limits, log);
  presence.listen(() => metrics.onlineUsers.set(presence.onlineCount));
  return {
    bus,
    presence,
    rates: config.RATE_LIMITS === 'off' ? noRates : createRates(rateTable, prefix, redis),
    description: config.REDIS_URL
      ? `Redis at ${new URL(config.REDIS_URL).host}`
      : 'in this process',
    async [Symbol.asyncDispose]() {
      await presence[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      redis?.disconnect();
    },
  };
}
