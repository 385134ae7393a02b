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

/** What nodes share besides the database. */
export interface Cluster extends AsyncDisposable {
  readonly bus: Bus;
  readonly rates: Rates<string>;
  readonly presence: Presence;
  readonly description: string;
}

/** So long a node waits for Redis at its start; without it, it would count rates by itself in its first moments. */
const patienceMs = 1000;

const connected = (redis: Redis, bus: Bus) =>
  Promise.all([
    new Promise<void>((resolve) => redis.once('ready', resolve)),
    new Promise<void>((resolve) => bus.onReturn(resolve)),
  ]);

/** Through REDIS_URL, or within this process. The instance keeps apart what stands on different databases in one Redis. */
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
    ? await openRedisBus(config.REDIS_URL, prefix, log, metrics)
    : openMemoryBus();
  if (redis)
    await Promise.race([connected(redis, bus), sleep(patienceMs, undefined, { ref: false })]);
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
