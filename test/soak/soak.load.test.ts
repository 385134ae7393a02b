import { expect, it } from 'vitest';
import { startRedis } from '../support/redis.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { runSoak } from './run-soak.ts';

const seconds = 12;
/** In so short a run, compiled code and caches still grow. */
const unjudged = ['heap, MiB', 'external, MiB'];
/** The expiry timer of a closed connection stays armed, and keeps the connection. */
const leak = `
  import { Connection } from ${JSON.stringify(new URL('../../dist/server/connection.js', import.meta.url))};
  Connection.prototype.release = function () {
    for (const subscription of this.subscriptions) subscription.stop();
  };
`;

async function tooMuchAfter(preload?: string): Promise<string[]> {
  await using redis = await startRedis();
  const { growth, faults } = await runSoak({
    seconds,
    databaseUrl: await createDatabase(),
    redisUrl: redis.url,
    preload,
  });
  expect(faults).toEqual([]);
  return growth
    .filter(({ name, isTooMuch }) => isTooMuch && !unjudged.includes(name))
    .map(({ name }) => name);
}

describeWithServers('a constant population that comes and goes', () => {
  it('[P13] makes nothing grow', async () => {
    expect(await tooMuchAfter()).toEqual([]);
  }, 120_000);

  it('would be noticed if closed connections stayed', async () => {
    expect(await tooMuchAfter(leak)).toContain('timers');
  }, 120_000);
});
