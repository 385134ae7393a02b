import { expect, it } from 'vitest';
import { startRedis } from '../../support/redis.ts';
import { createDatabase, describeWithServers } from '../../support/servers.ts';
import { runMemory } from './run-memory.ts';

/**
 * The memory that the runtime itself may add, for compiled code and caches of a fixed size. It is
 * less than 4 KiB a visit.
 */
const unrelatedBytes = 1.5 * 1024 * 1024;

/** Connections are kept after their close, without a timer or anything else that is counted. */
const leak = `
  import { Connection } from ${JSON.stringify(new URL('../../../dist/server/connection.js', import.meta.url))};
  const kept = (globalThis.kept = []);
  const { release } = Connection.prototype;
  Connection.prototype.release = function () {
    kept.push(this);
    return release.call(this);
  };
`;

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
  }, 300_000);

  it('would be noticed if closed connections stayed in memory', async () => {
    await using redis = await startRedis();
    const { taken } = await runMemory({
      visits: 500,
      databaseUrl: await createDatabase(),
      redisUrl: redis.url,
      preload: leak,
    });
    const [half, whole] = taken;
    expect(whole.heapBytes - half.heapBytes).toBeGreaterThan(unrelatedBytes);
  }, 300_000);
});
