import type { RedisOptions } from 'ioredis';

/**
 * For every connection to Redis. All nodes reconnect within 3 s after Redis is back. If it comes
 * back empty, each node must write its users again before the others take the missing keys as its
 * death, after `leaveGraceMs` [P7].
 */
export const redisOptions = {
  keepAlive: 10_000,
  connectTimeout: 2000,
  retryStrategy: (attempt: number) =>
    Math.min(1000, 100 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2),
} satisfies RedisOptions;

/**
 * For a connection on which nothing waits: while Redis is down, commands fail at once instead of
 * being queued.
 */
export const impatientOptions = {
  ...redisOptions,
  maxRetriesPerRequest: 1,
  commandTimeout: 500,
  enableOfflineQueue: false,
} satisfies RedisOptions;
