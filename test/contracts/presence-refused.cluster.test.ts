import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedisBus } from '../../src/cluster/bus-redis.ts';
import { openRedisPresence } from '../../src/cluster/presence-redis.ts';
import { connectRedis } from '../../src/cluster/redis-connection.ts';
import { createRedisFaults } from '../../src/cluster/redis-faults.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { Log } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { parseRedisUrl } from '../../src/redis-url.ts';
import { longGrace } from '../support/presence.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { describeWithRedis } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

const limits = { ...defaultLimits, ...longGrace };
const { leaveGraceMs, presenceTtlMs } = limits;

/** A Redis of the test's own, and nodes that use it. Disposing closes them. */
async function startScene() {
  const redis = await startRedis();
  const opened: AsyncDisposable[] = [redis];
  const prefix = randomUUID();
  return {
    command: (...words: [string, ...string[]]) => redis.admin((client) => client.call(...words)),
    openNode: (userInfo = '') => openNode(opened, redis.url.replace('//', `//${userInfo}`), prefix),
    async [Symbol.asyncDispose]() {
      for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
    },
  };
}

type Scene = Awaited<ReturnType<typeof startScene>>;

/** Adds what has to be closed to `opened`. */
async function openNode(opened: AsyncDisposable[], url: string, prefix: string) {
  const logged: string[] = [];
  const note =
    (level: string) =>
    (...said: unknown[]) =>
      void logged.push(`${level} ${said.at(-1)}`);
  const log = Object.assign(Object.create(silentLog), {
    warn: note('warn'),
    info: note('info'),
  }) as Log;
  const redis = connectRedis(parseRedisUrl(url), 'impatient');
  const metrics = createMetrics();
  const faults = createRedisFaults(log, metrics);
  const parts = { prefix, faults, metrics };
  const bus = openRedisBus({ url: parseRedisUrl(url), log: silentLog, ...parts });
  opened.push({ [Symbol.asyncDispose]: async () => redis.disconnect() }, bus);
  await until('the bus is up', () => bus.isUp);
  const presence = await openRedisPresence({ redis, bus, limits, log, ...parts });
  opened.push(presence);
  const farewells: string[] = [];
  presence.listen((changes) => {
    for (const { userId, isOnline } of changes) if (!isOnline) farewells.push(userId);
  });
  const isMeasured = async () => (await metrics.redisWritable.get()).values[0]?.value === 1;
  const close = () => opened.splice(opened.indexOf(presence), 1)[0]![Symbol.asyncDispose]();
  return { presence, farewells, logged, isMeasured, close };
}

// Their tests wait for expiries most of the time, so they run at once.
describeWithRedis('presence while Redis answers and refuses to store', { concurrent: true }, () => {
  let primary: RedisServer;
  beforeAll(async () => {
    primary = await startRedis();
  });
  afterAll(() => primary[Symbol.asyncDispose]());

  describe.each([
    {
      reason: 'because it is full',
      refuse: ({ command }: Scene) => command('CONFIG', 'SET', 'maxmemory', '1'),
      allow: ({ command }: Scene) => command('CONFIG', 'SET', 'maxmemory', '0'),
    },
    {
      reason: 'because it is a replica',
      refuse: ({ command }: Scene) => command('REPLICAOF', '127.0.0.1', `${primary.port}`),
      allow: ({ command }: Scene) => command('REPLICAOF', 'NO', 'ONE'),
    },
    {
      reason: 'because the user may not write',
      refuse: ({ command }: Scene) => command('ACL', 'SETUSER', 'default', '-@write'),
      allow: ({ command }: Scene) => command('ACL', 'SETUSER', 'default', '+@all'),
    },
  ])('$reason', ({ refuse, allow }) => {
    it('[P7] reports no connected user as offline, reports changes, and logs the beginning and the end once', async () => {
      await using scene = await startScene();
      const [near, far] = [await scene.openNode(), await scene.openNode()];
      near.presence.connect('ann');
      far.presence.connect('bob');
      const letGo = near.presence.connect('cyd');
      await until('both know all', () =>
        [near, far].every(({ presence }) => presence.onlineCount === 3),
      );
      await refuse(scene);
      try {
        await until('both notice', () => [near, far].every(({ presence }) => !presence.isWritable));
        near.presence.connect('dan');
        await until('the new user is reported as online', () => far.presence.isOnline('dan'));
        letGo();
        await until(
          'the departed user is reported as offline',
          () => !far.presence.isOnline('cyd'),
        );
        await delay(presenceTtlMs + 2 * leaveGraceMs);
        for (const { presence, farewells, logged, isMeasured } of [near, far]) {
          expect([...presence.online()].sort()).toEqual(['ann', 'bob', 'dan']);
          expect(farewells).toEqual(['cyd']);
          expect(logged.filter((line) => line.startsWith('warn'))).toEqual([expect.any(String)]);
          expect(await isMeasured()).toBe(false);
        }
      } finally {
        await allow(scene);
      }
      await until('both store again', () =>
        [near, far].every(({ presence }) => presence.isWritable),
      );
      await delay(3 * leaveGraceMs);
      for (const { presence, farewells, logged, isMeasured } of [near, far]) {
        expect([...presence.online()].sort()).toEqual(['ann', 'bob', 'dan']);
        expect(farewells).toEqual(['cyd']);
        expect(logged.filter((line) => line.startsWith('info Redis works'))).toHaveLength(1);
        expect(await isMeasured()).toBe(true);
      }
      // Users of a node that stops are still reported as offline.
      await near.close();
      await until(
        'the users of a node that ended are gone',
        () => far.presence.onlineCount === 1,
        20_000,
      );
    }, 120_000);
  });

  it('[P7] keeps the users of one node that cannot write online at the others', async () => {
    await using scene = await startScene();
    await scene.command('ACL', 'SETUSER', 'mute', 'on', '>secret', '~*', '&*', '+@all', '-@write');
    const near = await scene.openNode();
    const mute = await scene.openNode('mute:secret@');
    mute.presence.connect('ann');
    await until('the present user is reported as online', () => near.presence.isOnline('ann'));
    await delay(presenceTtlMs + 2 * leaveGraceMs);
    expect(near.farewells).toEqual([]);
    expect([near.presence.isWritable, mute.presence.isWritable]).toEqual([true, false]);
    await mute.close();
    await until('it is gone when it ends', () => !near.presence.isOnline('ann'), 20_000);
  }, 120_000);
});
