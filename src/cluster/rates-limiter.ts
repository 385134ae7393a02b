import {
  BurstyRateLimiter,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type IRateLimiterOptions,
} from 'rate-limiter-flexible';
import type { Metrics } from '../metrics.ts';
import type { Rate, Rates } from './rates.ts';
import type { RedisConnection } from './redis-connection.ts';

/** Counts in Redis, or in this process if there is none. */
export function createRates<Action extends string>(
  table: Record<Action, Rate>,
  prefix: string,
  redis?: RedisConnection,
  metrics?: Metrics,
): Rates<Action> {
  const limiter = (options: IRateLimiterOptions) => {
    if (!redis) return new RateLimiterMemory(options);
    const share = new RateLimiterMemory({
      ...options,
      points: Math.max(1, Math.floor(options.points! / 2)),
    });
    // Called when Redis cannot count.
    const consume = share.consume.bind(share);
    share.consume = (...request) => {
      metrics?.rateFallbacks.inc();
      return consume(...request);
    };
    return new RateLimiterRedis({
      ...options,
      storeClient: redis,
      insuranceLimiter: share,
      rejectIfRedisNotReady: true,
    });
  };
  const limiters = new Map(
    Object.entries<Rate>(table).map(([action, { points, burst, windowMs }]) => {
      const duration = windowMs / 1000;
      const steady = limiter({ keyPrefix: `${prefix}:rate:${action}`, points, duration });
      const extra = limiter({
        keyPrefix: `${prefix}:burst:${action}`,
        points: Math.max(0, burst - points),
        duration: duration * 2,
      });
      return [
        action,
        { steady, both: burst > points ? new BurstyRateLimiter(steady, extra) : steady },
      ];
    }),
  );
  return {
    async take(action, key, amount = 1) {
      try {
        await limiters.get(action)!.both.consume(key, amount);
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, refusal.msBeforeNext);
      }
    },
    giveBack: async (action, key) => void (await limiters.get(action)!.steady.reward(key)),
  };
}

/** Allows every action. */
export const noRates: Rates<string> = { take: async () => 0, giveBack: async () => {} };
