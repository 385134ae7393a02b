import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { nameRedisServers, type RedisUrl } from '../redis-url.ts';
import type { Bus } from './bus.ts';
import { openMemoryBus } from './bus-memory.ts';
import { openRedisBus } from './bus-redis.ts';
import type { Presence } from './presence.ts';
import { openMemoryPresence } from './presence-memory.ts';
import { openRedisPresence } from './presence-redis.ts';
import type { Rate, Rates } from './rates.ts';
import { createRates, noRates } from './rates-limiter.ts';
import { connectRedis, isCluster, type RedisConnection } from './redis-connection.ts';
import { createRedisFaults, type RedisFaults } from './redis-faults.ts';

/** The parts that nodes share besides the database. */
export interface Cluster extends AsyncDisposable {
  readonly bus: Bus;
  readonly rates: Rates<string>;
  readonly presence: Presence;
  /** Undefined without Redis. */
  readonly redisFaults: RedisFaults | undefined;
  readonly description: string;
}

/**
 * How long a node waits for Redis at its start. Without the wait, it would count rates alone in its
 * first moments.
 */
const connectTimeoutMs = 1000;

const connected = (redis: EventEmitter, bus: Bus) =>
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
  const url = config.REDIS_URL;
  const parts = url
    ? await openRedis(url, { instance, prefix, limits: config.limits, log, metrics })
    : undefined;
  const bus = parts?.bus ?? openMemoryBus();
  const presence = parts?.presence ?? openMemoryPresence(config.limits, log);
  presence.listen(() => metrics.onlineUsers.set(presence.onlineCount));
  return {
    bus,
    presence,
    redisFaults: parts?.faults,
    rates:
      config.RATE_LIMITS === 'off'
        ? noRates
        : createRates(rateTable, prefix, parts?.redis, metrics),
    description: url ? `Redis at ${nameRedisServers(url)}` : 'in this process',
    async [Symbol.asyncDispose]() {
      await presence[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      parts?.redis.disconnect();
    },
  };
}

interface RedisOptions {
  readonly instance: string;
  readonly prefix: string;
  readonly limits: Config['limits'];
  readonly log: Log;
  readonly metrics: Metrics;
}

interface RedisParts {
  readonly redis: RedisConnection;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly faults: RedisFaults;
}

async function openRedis(
  url: RedisUrl,
  { instance, prefix, limits, log, metrics }: RedisOptions,
): Promise<RedisParts> {
  const faults = createRedisFaults(log, metrics);
  const redis = connectRedis(url, 'impatient');
  faults.watch('store', redis);
  const bus = openRedisBus({ url, prefix, faults, log, metrics });
  await Promise.race([connected(redis, bus), sleep(connectTimeoutMs, undefined, { ref: false })]);
  const presence = await openRedisPresence({
    redis,
    bus,
    // Transactions over several keys need them at one member of a cluster.
    prefix: isCluster(redis) ? `causerie:{${instance}}` : prefix,
    limits,
    faults,
    log,
    metrics,
  });
  return { redis, bus, presence, faults };
}
