import { expect, it } from 'vitest';
import { startRedis } from '../../support/redis.ts';
import { createDatabase, describeWithServers } from '../../support/servers.ts';
import { runMemory } from './run-memory.ts';

/**
 * The memory that the runtime itself may add, for compiled code and caches of a fixed size. It is
 * less than 4 KiB a visit.
 */
const unrelatedBytes = 1.5 * 1024 * 1024;

describeWithServers('an hour of people who come and go, in a minute', () => {
  it('leaves nothing held and nothing in Redis, and no more memory after the second half than after the first', async () => {
    await using redis = await startRedis();
    const { taken, violations } = await runMemory({
      visits: 800,
      databaseUrl: await createDatabase(),
      redisUrl: redis.url,
    });
    expect(violations).toEqual([]);
    const [half, whole] = taken;
    expect(whole.heapBytes - half.heapBytes).toBeLessThan(unrelatedBytes);
    expect(whole.externalBytes - half.externalBytes).toBeLessThan(unrelatedBytes);
    expect(whole.handles).toBeLessThanOrEqual(half.handles);
    expect(whole.files).toBeLessThanOrEqual(half.files);
  }, 180_000);
});
