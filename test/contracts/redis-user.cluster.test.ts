import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { startRedis } from '../support/redis.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { followLive, send } from '../support/send-and-follow.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster } from '../support/start-node.ts';
import { until } from '../support/until.ts';

describeWithServers(
  'a user of Redis with a password and the permissions that the docs name',
  () => {
    it('is enough for nodes to share hints, presence and rates', async () => {
      await using redis = await startRedis();
      const password = 'p@ss/w:rd';
      await redis.admin((client) =>
        client.call(
          'ACL',
          'SETUSER',
          'chat',
          'on',
          `>${password}`,
          '+@all',
          '~causerie:*',
          'resetchannels',
          '&causerie:*',
        ),
      );
      const url = `redis://chat:${encodeURIComponent(password)}@127.0.0.1:${redis.port}`;
      await using nodes = await startCluster(2, {
        settings: { REDIS_URL: url },
        // Only hints can be in time.
        limits: { headCheckMs: 600_000 },
      });
      await using ann = await person(nodes[0]!, 'ann');
      await using bob = await person(nodes[1]!, 'bob');
      const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
      await joinRoom(bob, { roomId });
      const received = await followLive(bob, roomId);
      await send(ann, roomId, 'hello');
      await received.find(({ message }) => message?.body === 'hello');
      await until('bob is online on the other node', async () => {
        const { user } = await ann.query('{ user(username: "bob") { isOnline } }');
        return user.isOnline;
      });
      for (const { url: api } of nodes)
        expect(await (await fetch(new URL('/health/ready', api))).json()).toMatchObject({
          status: 'ok',
          bus: 'ok',
          presence: 'ok',
        });
      const users = await redis.admin((client) => client.call('CLIENT', 'LIST'));
      expect(String(users)).toContain('user=chat');
      const rated = await redis.admin((client) => client.keys('causerie:*'));
      expect(rated.some((key) => /:(rate|burst):/.test(key))).toBe(true);
    }, 60_000);
  },
);
