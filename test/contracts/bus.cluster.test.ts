import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from '../../src/cluster/bus.ts';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { openRedisBus } from '../../src/cluster/bus-redis.ts';
import { createRedisFaults } from '../../src/cluster/redis-faults.ts';
import { createMetrics } from '../../src/metrics.ts';
import { parseRedisUrl } from '../../src/redis-url.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { startRedisCluster, type RedisTopology } from '../support/redis-topologies.ts';
import { describeWithRedis, redisUrl } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

declare module '../../src/cluster/bus.ts' {
  interface Hints {
    readonly test: unknown;
  }
}

/** A bus with the hints that it received. */
async function node(opening: Bus | Promise<Bus>) {
  const bus = await opening;
  opened.push(bus);
  const received: unknown[] = [];
  const returns: number[] = [];
  bus.listen('test', (hint) => received.push(hint));
  bus.onReturn(() => returns.push(performance.now()));
  return { bus, received, returns };
}

function openBus(url: string, prefix: string): Bus {
  const parts = { log: silentLog, metrics: createMetrics() };
  return openRedisBus({
    url: parseRedisUrl(url),
    prefix,
    faults: createRedisFaults(parts.log, parts.metrics),
    ...parts,
  });
}
const redisBus = (url: string, prefix: string) => node(openBus(url, prefix));
const upTo = (count: number) => Array.from({ length: count }, (_, place) => place + 1);

describe('the bus in memory', () =>
  suite(async (size) => {
    const wire = new EventEmitter().setMaxListeners(0);
    return Promise.all(upTo(size).map(() => node(openMemoryBus(wire))));
  }));
describeWithRedis('the bus through Redis', () =>
  suite(async (size) => {
    const prefix = randomUUID();
    return Promise.all(upTo(size).map(() => redisBus(redisUrl!, prefix)));
  }),
);

describeWithRedis('the bus through a Redis Cluster', () => {
  let cluster: RedisTopology;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  suite(async (size) => {
    const prefix = randomUUID();
    return Promise.all(upTo(size).map(() => redisBus(cluster.url, prefix)));
  });
});

/** The behaviour that nodes rely on, for each implementation of the bus. */
function suite(openNodes: (size: number) => Promise<Awaited<ReturnType<typeof node>>[]>): void {
  const open = async (size: number) => {
    const nodes = await openNodes(size);
    await until('every bus is up', () => nodes.every(({ bus }) => bus.isUp));
    return nodes;
  };

  it('carries a message to every other node, and not back', async () => {
    const [ann, bob, cyd] = await open(3);
    ann!.bus.publish('test', { said: 'hello', to: [1, 2.5, null] });
    await until('both have received it', () => bob!.received.length + cyd!.received.length === 2);
    expect(bob!.received).toEqual([{ said: 'hello', to: [1, 2.5, null] }]);
    expect(cyd!.received).toEqual(bob!.received);
    await delay(50);
    expect(ann!.received).toEqual([]);
  });

  it('keeps the order of the hints of a node', async () => {
    const [ann, bob] = await open(2);
    for (const number of upTo(600)) ann!.bus.publish('test', number);
    await until('all hints are received', () => bob!.received.length === 600);
    expect(bob!.received).toEqual(upTo(600));
  });

  it('ignores hints of an unknown kind', async () => {
    const [ann, bob] = await open(2);
    ann!.bus.publish('from a later version' as 'test', 'hello');
    ann!.bus.publish('test', 'hello');
    await until('the known hint is received', () => bob!.received.length > 0);
    expect(bob!.received).toEqual(['hello']);
  });

  it('gives each node its own copy', async () => {
    const [ann, bob, cyd] = await open(3);
    const message = { said: 'hello' };
    ann!.bus.publish('test', message);
    message.said = 'changed';
    await until('both have received it', () => bob!.received.length + cyd!.received.length === 2);
    expect([bob!.received, cyd!.received]).toEqual([[{ said: 'hello' }], [{ said: 'hello' }]]);
    expect(bob!.received[0]).not.toBe(cyd!.received[0]);
  });

  it('delivers nothing to a node that has left', async () => {
    const [ann, bob, cyd] = await open(3);
    await bob!.bus[Symbol.asyncDispose]();
    ann!.bus.publish('test', 'hello');
    await until('the remaining subscriber has received it', () => cyd!.received.length === 1);
    expect(bob!.received).toEqual([]);
    expect(() => bob!.bus.publish('test', 'too late')).not.toThrow();
  });
}

describeWithRedis('the bus through a Redis that fails', () => {
  let redis: RedisServer;
  let proxy: FaultProxy;
  let prefix: string;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startFaultProxy(redis.port);
  });
  afterEach(async () => {
    proxy.heal();
    redis.thaw();
    await redis.restart();
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  /** Two nodes, the second behind the proxy. */
  const openBoth = async () => {
    prefix = randomUUID();
    const [near, far] = await Promise.all([
      redisBus(redis.url, prefix),
      redisBus(`redis://127.0.0.1:${proxy.port}`, prefix),
    ]);
    await until('both are up', () => near.bus.isUp && far.bus.isUp);
    return { near, far };
  };
  type Both = Awaited<ReturnType<typeof openBoth>>;
  const expectBothToReceive = async ({ near, far }: Both) => {
    const word = randomUUID();
    near.bus.publish('test', word);
    far.bus.publish('test', word);
    await until(
      'each receives from the other',
      () => near.received.includes(word) && far.received.includes(word),
      1000,
    );
  };

  it('[P4] works again after Redis was killed and restarted, and reports that hints may be missing', async () => {
    const both = await openBoth();
    const before = both.near.returns.length;
    await redis.kill();
    await until('both know that it is away', () => !both.near.bus.isUp && !both.far.bus.isUp);
    both.near.bus.publish('test', 'into the void');
    await redis.restart();
    await until('both have returned', () => both.near.bus.isUp && both.far.bus.isUp);
    expect(both.near.returns).toHaveLength(before + 1);
    await expectBothToReceive(both);
    expect(both.far.received).not.toContain('into the void');
  });

  it('[P4] works again after CLIENT KILL', async () => {
    const both = await openBoth();
    const before = both.near.returns.length;
    await redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    await until(
      'both have returned',
      () => both.near.returns.length > before && both.far.returns.length > before,
    );
    await expectBothToReceive(both);
  });

  it('[P4] notices within 5 s a link that is open but delivers nothing, and works again when it delivers', async () => {
    const both = await openBoth();
    for (const way of ['up', 'down'] as const) {
      const before = both.far.returns.length;
      proxy.stall(way);
      await until('the silence is noticed', () => !both.far.bus.isUp, 5000);
      expect(both.near.bus.isUp).toBe(true);
      proxy.heal();
      await until('it has returned', () => both.far.returns.length > before);
      await expectBothToReceive(both);
    }
  });

  it('[P4] notices a stopped Redis, and works again when it continues', async () => {
    const both = await openBoth();
    redis.freeze();
    await until('the silence is noticed', () => !both.near.bus.isUp && !both.far.bus.isUp, 5000);
    redis.thaw();
    await until('both have returned', () => both.near.bus.isUp && both.far.bus.isUp);
    await expectBothToReceive(both);
  });

  it('[P4] works over a link that splits and joins packets', async () => {
    const both = await openBoth();
    proxy.dribble(3);
    await expectBothToReceive(both);
    proxy.heal();
    proxy.coalesce(40);
    for (const number of upTo(50)) both.near.bus.publish('test', number);
    await until('all hints are received', () => both.far.received.length >= 51);
    expect(both.far.received.slice(-50)).toEqual(upTo(50));
  });

  it('[P4] neither throws nor waits while Redis is down, cut off or unresponsive', async () => {
    const { near, far } = await openBoth();
    const publishMany = () => {
      const start = performance.now();
      for (const number of upTo(1000))
        for (const { bus } of [near, far]) bus.publish('test', number);
      expect(performance.now() - start).toBeLessThan(12_000);
    };
    proxy.stall();
    publishMany();
    proxy.cut();
    publishMany();
    await redis.kill();
    publishMany();
    await delay(1000);
    publishMany();
  });

  it('[P4] starts without Redis, and is up soon after Redis is', async () => {
    await redis.kill();
    const prefix = randomUUID();
    const nodes = await Promise.all([redisBus(redis.url, prefix), redisBus(redis.url, prefix)]);
    nodes[0]!.bus.publish('test', 'nobody receives this');
    await delay(3000);
    expect(nodes.map(({ bus }) => bus.isUp)).toEqual([false, false]);
    await redis.restart();
    await until('both are up', () => nodes.every(({ bus }) => bus.isUp));
    nodes[0]!.bus.publish('test', 'hello');
    await until('the other receives it', () => nodes[1]!.received.includes('hello'));
    expect(nodes.map(({ returns }) => returns.length)).toEqual([1, 1]);
  });

  it('ignores messages that no node has sent', async () => {
    const both = await openBoth();
    for (const text of ['null', '17', '"text"', 'not even JSON', '[]', '{}'])
      await redis.admin((client) => client.publish(`${prefix}:hints`, text));
    await expectBothToReceive(both);
    expect(both.near.received).toHaveLength(1);
  });

  it('closes at once in every state', async () => {
    for (const ms of [0, 1, 2, 4, 8, 16, 32]) {
      const bus = openBus(redis.url, randomUUID());
      await delay(ms);
      await bus[Symbol.asyncDispose]();
    }
    await until('no connection is left', async () => {
      const clients = String(await redis.admin((client) => client.call('CLIENT', 'LIST')));
      return clients.trim().split('\n').length === 1;
    });
  });

  it('keeps running if Redis denies access to its channels', async () => {
    await redis.admin((client) =>
      client.call('ACL', 'SETUSER', 'mute', 'on', '>secret', '+@all', '~*', 'resetchannels'),
    );
    const mute = await redisBus(`redis://mute:secret@127.0.0.1:${redis.port}`, randomUUID());
    await delay(1500);
    expect(mute.bus.isUp).toBe(false);
    expect(() => mute.bus.publish('test', 'hello')).not.toThrow();
  });
});
