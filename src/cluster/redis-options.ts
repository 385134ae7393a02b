import type { RedisOptions } from 'ioredis';

/**
 * Of every connection to Redis. Once Redis is back, all nodes are, within 3 s: where it comes back empty, each must have written its users
 * again before the others conclude from their absence that it is gone, after `leaveGraceMs` [P7].
 */
export const redisOptions = {
  keepAlive: 10_000,
  connectTimeout: 2000,
  retryStrategy: (attempt: number) =>
    Math.min(1000, 100 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2),
} satisfies RedisOptions;

/** Of one through which nothing waits, nor is gathered while Redis is away. */
export const impatientOptions = {
  ...redisOptions,
  maxRetriesPerRequest: 1,
  commandTimeout: 500,
  enableOfflineQueue: false,
} satisfies RedisOptions;
