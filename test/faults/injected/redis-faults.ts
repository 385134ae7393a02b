import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Fault, Faults } from './faults.ts';

const command =
  (act: (client: Redis, random: Parameters<Fault>[1]) => Promise<unknown>): Fault =>
  async ({ cluster }, random) =>
    void (await cluster.redis.admin((client) => act(client, random)));

/** The doorbell between the nodes: it may fail in every way without anything being lost [P4]. */
export const redisFaults: Faults = {
  'Redis killed': async ({ cluster }, random) => {
    await cluster.redis.kill();
    await delay(random.between(500, 4000));
    await cluster.redis.restart();
  },
  'Redis restarted': ({ cluster }) => cluster.redis.restart(),
  'Redis stopped': async ({ cluster }, random) => {
    cluster.redis.freeze();
    await delay(random.between(500, 5000));
    cluster.redis.thaw();
  },
  'Redis loses its subscribers': command((client) =>
    client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'),
  ),
  'Redis loses its publishers': command((client) =>
    client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
  ),
  'Redis paused': command(async (client, random) => {
    const ms = Math.round(random.between(500, 4000));
    await client.call('CLIENT', 'PAUSE', ms);
    await delay(ms);
  }),
  'Redis flushed': command((client) => client.flushall()),
  'Redis ends slow subscribers': command(async (client) => {
    await client.config('SET', 'client-output-buffer-limit', 'pubsub 1 1 1');
    await delay(1500);
    await client.config('SET', 'client-output-buffer-limit', 'pubsub 32mb 8mb 60');
  }),
  'wire to Redis dead': async ({ cluster }, random) => {
    const wire = random.pick(cluster.redisWires);
    wire.stall(random.pick(['up', 'down', undefined]));
    await delay(random.between(1000, 7000));
    wire.heal();
  },
  'wire to Redis cut': async ({ cluster }, random) => random.pick(cluster.redisWires).cut(),
};
