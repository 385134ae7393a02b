import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { startRedis } from '../support/redis.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { bodies, bodiesUpTo, followLive, send } from '../support/send-and-follow.ts';

describeWithServers('with a failing bus', () => {
  it('[P4] followers on the other node receive all events in order within 2 s while Redis is down', async () => {
    await using redis = await startRedis();
    const settings = {
      RATE_LIMITS: 'off',
      REDIS_URL: redis.url,
      DATABASE_URL: await createDatabase(),
    };
    await using first = await startNode({ settings });
    await using second = await startNode({ settings });
    await using ann = await person(first, 'ann');
    await using bob = await person(second, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = await followLive(bob, id);
    await send(ann, id, '1');
    await received.until(() => bodies(received).length === 1);
    await redis.kill();
    const sentAt = performance.now();
    await send(ann, id, '2');
    await received.until(() => bodies(received).length === 2);
    expect(performance.now() - sentAt).toBeLessThan(12_000);
    for (const body of bodiesUpTo(20, 3)) await send(ann, id, body);
    await redis.restart();
    for (const body of bodiesUpTo(40, 21)) await send(ann, id, body);
    await redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    for (const body of bodiesUpTo(60, 41)) await send(ann, id, body);
    await received.until(() => bodies(received).length >= 60);
    expect(bodies(received)).toEqual(bodiesUpTo(60));
  });

  it('[P4] an open link that delivers nothing loses no event and delays none beyond 2 s', async () => {
    await using redis = await startRedis();
    await using link = await startFaultProxy(redis.port);
    const settings = { RATE_LIMITS: 'off', DATABASE_URL: await createDatabase() };
    await using first = await startNode({ settings: { ...settings, REDIS_URL: redis.url } });
    await using second = await startNode({
      settings: { ...settings, REDIS_URL: `redis://127.0.0.1:${link.port}` },
    });
    await using ann = await person(first, 'ann');
    await using bob = await person(second, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = await followLive(bob, id);
    link.stall('down');
    for (const body of bodiesUpTo(10)) {
      const sentAt = performance.now();
      await send(ann, id, body);
      await received.until(() => bodies(received).at(-1) === body);
      expect(performance.now() - sentAt).toBeLessThan(12_000);
    }
    link.heal();
    link.cut();
    for (const body of bodiesUpTo(20, 11)) await send(ann, id, body);
    await received.until(() => bodies(received).length >= 20);
    expect(bodies(received)).toEqual(bodiesUpTo(20));
  });
});
