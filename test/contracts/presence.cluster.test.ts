import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRedisBus } from '../../src/cluster/bus-redis.ts';
import type { Presence } from '../../src/cluster/presence.ts';
import { openMemoryPresence } from '../../src/cluster/presence-memory.ts';
import { openRedisPresence } from '../../src/cluster/presence-redis.ts';
import { connectRedis } from '../../src/cluster/redis-connection.ts';
import { createRedisFaults } from '../../src/cluster/redis-faults.ts';
import type { PresenceChange } from '../../src/cluster/roster.ts';
import { defaultLimits } from '../../src/limits.ts';
import { createMetrics } from '../../src/metrics.ts';
import { parseRedisUrl } from '../../src/redis-url.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { shortTimersAndDeath, longGrace } from '../support/presence.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { describeWithRedis, redisUrl } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

const limits = { ...defaultLimits, ...shortTimersAndDeath };
const { leaveGraceMs, presenceTtlMs } = limits;
const patientLimits = { ...limits, ...longGrace };

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

/** The presence of one node, with the changes that it published. */
function site(presence: Presence) {
  const published: string[] = [];
  const lastSeen = new Map<string, number>();
  const disconnected: string[] = [];
  presence.listen((changes: readonly PresenceChange[]) => {
    for (const change of changes) {
      published.push(`${change.isOnline ? '+' : '-'}${change.userId}`);
      if (!change.isOnline) lastSeen.set(change.userId, change.lastSeenAt);
    }
  });
  presence.onDisconnect((userId) => disconnected.push(userId));
  const close = async () => {
    const place = opened.indexOf(presence);
    if (place >= 0) await opened.splice(place, 1)[0]![Symbol.asyncDispose]();
  };
  opened.push(presence);
  return { presence, published, lastSeen, disconnected, close };
}

async function redisSite(url: string, prefix: string, siteLimits = limits) {
  const redis = connectRedis(parseRedisUrl(url), 'impatient');
  const metrics = createMetrics();
  const faults = createRedisFaults(silentLog, metrics);
  faults.watch('store', redis);
  const parts = { prefix, faults, log: silentLog, metrics };
  const bus = openRedisBus({ url: parseRedisUrl(url), ...parts });
  opened.push({ [Symbol.asyncDispose]: async () => redis.disconnect() }, bus);
  await until('the bus is up', () => bus.isUp);
  return {
    ...site(await openRedisPresence({ redis, bus, limits: siteLimits, ...parts })),
    metrics,
    redis,
    bus,
  };
}

type Site = ReturnType<typeof site>;

const who = ({ presence }: Site) => [...presence.online()].sort();

describe('presence in memory', () => {
  let wire: EventEmitter;
  beforeEach(() => void (wire = new EventEmitter().setMaxListeners(0)));
  suite(async () => site(openMemoryPresence(limits, silentLog, wire)));
});
describeWithRedis('presence through Redis', () => {
  let prefix: string;
  beforeEach(() => void (prefix = randomUUID()));
  suite(() => redisSite(redisUrl!, prefix));
});

/** The behaviour that nodes rely on, for each implementation of presence. */
function suite(open: () => Promise<Site>): void {
  it('[P7] counts users, not connections', async () => {
    const here = await open();
    const letGo = [
      here.presence.connect('ann'),
      here.presence.connect('ann'),
      here.presence.connect('bob'),
    ];
    expect(here.published).toEqual(['+ann', '+bob']);
    letGo[0]!();
    letGo[0]!();
    await delay(2 * leaveGraceMs);
    expect(who(here)).toEqual(['ann', 'bob']);
    expect(here.published).toEqual(['+ann', '+bob']);
    expect(here.disconnected).toEqual([]);
    const leftAt = Date.now();
    letGo[1]!();
    expect(here.disconnected).toEqual(['ann']);
    await until('ann is gone', () => !here.presence.isOnline('ann'));
    expect(Date.now() - leftAt).toBeGreaterThanOrEqual(leaveGraceMs - 5);
    expect(here.published).toEqual(['+ann', '+bob', '-ann']);
    expect(here.lastSeen.get('ann')).toBeGreaterThanOrEqual(leftAt);
    expect(here.lastSeen.get('ann')).toBeLessThan(leftAt + leaveGraceMs);
  });

  it('[P7] reports no departure for a reload, on any node', async () => {
    const [near, far] = [await open(), await open()];
    let letGo = near.presence.connect('ann');
    await until('the other knows', () => far.presence.isOnline('ann'));
    for (const { presence } of [near, far, near, far]) {
      letGo();
      await delay(leaveGraceMs / 2);
      letGo = presence.connect('ann');
    }
    await delay(2 * leaveGraceMs);
    for (const { published } of [near, far]) expect(published).toEqual(['+ann']);
    letGo();
    await until('both know', () => !near.presence.isOnline('ann') && !far.presence.isOnline('ann'));
    for (const { published } of [near, far]) expect(published).toEqual(['+ann', '-ann']);
  });

  it('[P7] keeps a user online until the last connection on any node ends', async () => {
    const [near, far] = [await open(), await open()];
    const [one, other] = [near.presence.connect('ann'), far.presence.connect('ann')];
    near.presence.connect('bob');
    await until('both know both', () => who(near).length + who(far).length === 4);
    await until('each knows of the other', () => far.presence.isOnline('bob'));
    await delay(50);
    one();
    await delay(2 * leaveGraceMs);
    expect(who(near)).toEqual(['ann', 'bob']);
    expect(near.disconnected).toEqual([]);
    other();
    expect(far.disconnected).toEqual(['ann']);
    await until('both know', () => who(near).length + who(far).length === 2);
    for (const { published } of [near, far])
      expect(published.filter((text) => text.includes('ann'))).toEqual(['+ann', '-ann']);
  });

  it('tells a new node which users are online', async () => {
    const near = await open();
    near.presence.connect('ann');
    near.presence.reportConnections(3);
    const far = await open();
    await until('it knows', () => far.presence.isOnline('ann'));
    far.presence.reportConnections(2);
    await until('the connections of both are counted', () =>
      [near, far].every(({ presence }) => presence.statistics().connections === 5),
    );
    expect(near.presence.statistics()).toEqual({ connections: 5, nodes: 2 });
  });

  it('[P7] reports no departure when users move from a node that closes', async () => {
    const [near, far] = [await open(), await open()];
    near.presence.connect('ann');
    near.presence.connect('bob');
    await until('the other knows', () => who(far).length === 2);
    const departed = new Map<string, number>();
    near.presence.onDeparture(
      async (users) => void users.forEach((at, userId) => departed.set(userId, at)),
    );
    await near.close();
    expect([...departed.keys()].sort()).toEqual(['ann', 'bob']);
    far.presence.connect('ann');
    await until('bob is gone', () => !far.presence.isOnline('bob'), presenceTtlMs);
    expect(far.published.toSorted()).toEqual(['+ann', '+bob', '-bob']);
    expect(far.presence.statistics().nodes).toBe(1);
  });

  it('[P7] notifies listeners before a departure is published, and does not wait long for them', async () => {
    const here = await open();
    const log: string[] = [];
    here.presence.onDeparture(async (departed) => {
      await delay(50);
      log.push(`departed ${[...departed.keys()].join()}`);
    });
    here.presence.listen(
      (changes) =>
        void log.push(
          ...changes.map(({ userId, isOnline }) => `${isOnline ? 'came' : 'went'} ${userId}`),
        ),
    );
    here.presence.connect('ann')();
    await until('ann is gone', () => !here.presence.isOnline('ann'));
    expect(log).toEqual(['came ann', 'departed ann', 'went ann']);
    here.presence.onDeparture(() => new Promise(() => {}));
    here.presence.onDeparture(() => Promise.reject(new Error('the database is away')));
    here.presence.connect('bob')();
    await until('bob is gone', () => !here.presence.isOnline('bob'), 3000);
  });

  it('[P7] is the same on every node after 1,000 random arrivals, departures and moves', async () => {
    const sites = [await open(), await open(), await open()];
    const users = Array.from({ length: 1000 }, (_, place) => `user ${place}`);
    const held = new Map<string, (() => void)[]>();
    for (let round = 0; round < 6; round++) {
      for (const user of users) {
        const connections = held.get(user) ?? [];
        if (Math.random() < 0.5)
          connections.push(sites[Math.floor(Math.random() * 3)]!.presence.connect(user));
        else connections.shift()?.();
        held.set(user, connections);
      }
      await delay(20);
    }
    const expected = users.filter((user) => held.get(user)!.length > 0).sort();
    expect(expected.length).toBeGreaterThan(100);
    await until(
      'all agree',
      () => sites.every((one) => one.presence.onlineCount === expected.length),
      5000,
    );
    for (const one of sites) {
      expect(who(one)).toEqual(expected);
      const published = new Set<string>();
      for (const text of one.published) {
        if (text.startsWith('+')) expect(published.has(text.slice(1))).toBe(false);
        else expect(published.has(text.slice(1))).toBe(true);
        published[text.startsWith('+') ? 'add' : 'delete'](text.slice(1));
      }
      expect([...published].sort()).toEqual(expected);
    }
  });
}

describeWithRedis('presence through a Redis that fails', () => {
  const { leaveGraceMs, presenceTtlMs } = patientLimits;
  let redis: RedisServer;
  let proxy: FaultProxy;
  let prefix: string;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis[Symbol.asyncDispose]());
  beforeEach(async () => {
    prefix = randomUUID();
    await redis.restart();
    proxy = await startFaultProxy(redis.port);
    opened.push(proxy);
  });

  /** Two nodes with one user each. The second node reaches Redis through the proxy. */
  async function openBoth() {
    const near = await redisSite(redis.url, prefix, patientLimits);
    const far = await redisSite(`redis://127.0.0.1:${proxy.port}`, prefix, patientLimits);
    near.presence.connect('ann');
    far.presence.connect('bob');
    await until(
      'each knows the other',
      () => near.presence.isOnline('bob') && far.presence.isOnline('ann'),
    );
    return { near, far };
  }
  const farewells = ({ published }: Site) => published.filter((text) => text.startsWith('-'));

  it('[P7] reports the users of a dead node as offline after the promised time, and no earlier', async () => {
    const { near } = await openBoth();
    const departed: string[] = [];
    near.presence.onDeparture(async (users) => void departed.push(...users.keys()));
    const diedAt = Date.now();
    proxy.stall();
    await until('bob is gone', () => !near.presence.isOnline('bob'), presenceTtlMs + 500);
    expect(Date.now() - diedAt).toBeGreaterThan(presenceTtlMs / 3);
    expect(departed).toEqual(['bob']);
    expect(near.lastSeen.get('bob')).toBeLessThanOrEqual(Date.now() - leaveGraceMs);
    expect(near.presence.statistics().nodes).toBe(1);
    expect(who(near)).toEqual(['ann']);
    proxy.heal();
    await until('it is seen again', () => near.presence.isOnline('bob'));
  });

  it('[P7] draws no conclusions while Redis is down, or after it returns empty', async () => {
    const { near, far } = await openBoth();
    await redis.kill();
    await delay(presenceTtlMs + leaveGraceMs);
    near.presence.connect('cyd');
    await redis.restart();
    await until('the news arrives', () => far.presence.isOnline('cyd'), 8000);
    await delay(3 * leaveGraceMs);
    for (const one of [near, far]) {
      expect(farewells(one)).toEqual([]);
      expect(who(one)).toEqual(['ann', 'bob', 'cyd']);
    }
    await redis.admin((client) => client.flushall());
    await delay(3 * leaveGraceMs);
    for (const one of [near, far]) {
      expect(farewells(one)).toEqual([]);
      expect(who(one)).toEqual(['ann', 'bob', 'cyd']);
    }
    const late = await redisSite(redis.url, prefix, patientLimits);
    await until('a new node knows all', () => late.presence.onlineCount === 3);
  }, 120_000);

  it('[P7] does not take a partial set for the whole after Redis was flushed', async () => {
    // Nodes check Redis every five seconds. A change before that comes from a hint.
    const [near, far] = [
      await redisSite(redis.url, prefix, defaultLimits),
      await redisSite(redis.url, prefix, defaultLimits),
    ];
    near.presence.connect('ann');
    await until('both know', () => far.presence.isOnline('ann'));
    await redis.admin((client) => client.flushall());
    await redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    near.presence.connect('bob');
    await delay(500);
    await until('the bus is back', () => far.bus.isUp);
    near.presence.connect('cyd');
    await until(
      'what was missed is read',
      () => far.presence.isOnline('bob') && far.presence.isOnline('cyd'),
      3000,
    );
    expect(farewells(far)).toEqual([]);
    expect(who(far)).toEqual(['ann', 'bob', 'cyd']);
  });

  it('[P7] reports a user who left while Redis was down as offline everywhere afterwards', async () => {
    const { near, far } = await openBoth();
    const letGo = near.presence.connect('cyd');
    await until('both know', () => far.presence.isOnline('cyd'));
    await redis.kill();
    letGo();
    await until('it is known here', () => !near.presence.isOnline('cyd'));
    await delay(leaveGraceMs);
    expect(far.presence.isOnline('cyd')).toBe(true);
    await redis.restart();
    await until('it is known there', () => !far.presence.isOnline('cyd'), 6000);
    expect(farewells(far)).toEqual(['-cyd']);
    expect(farewells(near)).toEqual(['-cyd']);
  }, 120_000);

  it('[P7] finds a change that the bus lost with the next check', async () => {
    const { near, far } = await openBoth();
    far.bus[Symbol.asyncDispose]();
    near.presence.connect('cyd');
    const gone = near.presence.connect('dan');
    await until(
      'they are found',
      () => far.presence.isOnline('cyd') && far.presence.isOnline('dan'),
      2 * leaveGraceMs,
    );
    gone();
    await until('it is found, too', () => !far.presence.isOnline('dan'), 4 * leaveGraceMs);
  });

  it('leaves no keys in Redis', async () => {
    const { near, far } = await openBoth();
    await near.close();
    await far.close();
    expect(await redis.admin((client) => client.keys(`${prefix}:*`))).toEqual([]);
  });
});
