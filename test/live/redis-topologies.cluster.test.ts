import { describe, expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { goOnline } from '../support/presence.ts';
import { startRedisCluster, startSentinels } from '../support/redis-topologies.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { bodies, bodiesUpTo, followLive, send } from '../support/send-and-follow.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const health = async (node: TestNode) =>
  (await (await fetch(new URL('/health/ready', node.url))).json()) as Record<string, unknown>;

describeWithServers('nodes on', { concurrent: true }, () => {
  describe.each([
    { topology: 'a master that Sentinels watch', start: startSentinels },
    { topology: 'a Redis Cluster', start: startRedisCluster },
  ])('$topology', ({ start }) => {
    it('[P4] share events, presence and rates, and miss nothing when a master is killed and replaced', async () => {
      await using redis = await start();
      const settings = { REDIS_URL: redis.url, DATABASE_URL: await createDatabase() };
      await using first = await startNode({ settings });
      await using second = await startNode({ settings });
      const nodes = [first, second];
      await until('both work', async () =>
        (await Promise.all(nodes.map(health))).every(({ status }) => status === 'ok'),
      );
      await using ann = await person(first, 'ann');
      await using bob = await person(second, 'bob');
      await goOnline(bob);
      const { id } = await createRoom(ann, { name: 'Quay' });
      await joinRoom(bob, { roomId: id });
      const received = await followLive(bob, id);
      const isOnline = async () =>
        (await ann.query('{ user(username: "bob") { isOnline } }')).user.isOnline as boolean;
      await until('the other node knows who is online', isOnline);

      // The rates of sends are on, so each send is also counted in Redis.
      for (const body of bodiesUpTo(5)) await send(ann, id, body);
      await received.until(() => bodies(received).length === 5);

      const offline: boolean[] = [];
      await redis.killMaster();
      for (const body of bodiesUpTo(10, 6)) {
        await send(ann, id, body);
        offline.push(!(await isOnline()));
      }
      await received.until(() => bodies(received).length === 10);
      await until(
        'both work with the new master',
        async () => (await Promise.all(nodes.map(health))).every(({ status }) => status === 'ok'),
        60_000,
      );
      for (const body of bodiesUpTo(15, 11)) await send(ann, id, body);
      await received.until(() => bodies(received).length >= 15);
      expect(bodies(received)).toEqual(bodiesUpTo(15));
      expect(offline).not.toContain(true);
      await until('the other node still knows who is online', isOnline);
    }, 180_000);
  });
});
