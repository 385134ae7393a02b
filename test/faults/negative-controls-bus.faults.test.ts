import { setTimeout as delay } from 'node:timers/promises';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { startRedis } from '../support/redis.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import {
  createDatabase,
  describeWithRedis,
  describeWithServers,
  redisUrl,
} from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { checkSettledFollower } from './checker/followers.ts';
import type { LogEntry, Observation } from './checker/history.ts';
import { followDocument, readLog, observationOf } from './observations.ts';

describeWithRedis('control: plain publish and subscribe', () => {
  it('loses messages that are published during a reconnect, although every publish was answered', async () => {
    await using redis = await startRedis();
    const connections = { publisher: new Redis(redis.url), subscriber: new Redis(redis.url) };
    const pubsub = new RedisPubSub(connections);
    const log: LogEntry[] = [];
    const observed: Observation[] = [{ type: 'caught-up', at: 0, seq: 0, replayed: 0 }];
    await pubsub.subscribe(
      'room',
      ({ seq, what }: LogEntry) =>
        void observed.push({ type: 'event', at: Date.now(), seq, what, occurredAt: 0 }),
    );
    const publish = async (count: number) => {
      for (let turn = 0; turn < count; turn++) {
        const entry = { seq: log.length + 1, what: `message ${log.length + 1}`, occurredAt: 0 };
        log.push(entry);
        await pubsub.publish('room', entry);
      }
    };
    await publish(50);
    await until('all events are received', () => observed.length === 51);
    expect(checkSettledFollower(log, observed)).toEqual([]);
    await redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await publish(50);
    await until(
      'it listens again',
      async () => (await connections.publisher.pubsub('NUMSUB', 'room'))[1] === 1,
    );
    await publish(50);
    await until(
      'the last event is received',
      () => observed.at(-1)!.type === 'event' && (observed.at(-1) as { seq: number }).seq === 150,
    );
    expect(checkSettledFollower(log, observed)).toMatchObject([{ rule: 'hole' }]);
    for (const connection of Object.values(connections)) connection.disconnect();
  });
});

describeWithServers('control: no comparison with the log', () => {
  /**
   * Two nodes whose hints never reach each other. Returns the observations of a follower at the
   * second node of messages from the first, and the log.
   */
  async function followOverDeafBus(
    headCheckMs: number,
    isComplete: (observed: readonly Observation[]) => boolean,
  ) {
    await using otherRedis = await startRedis();
    const settings = { RATE_LIMITS: 'off', DATABASE_URL: await createDatabase() };
    await using first = await startNode({ settings: { ...settings, REDIS_URL: redisUrl! } });
    await using second = await startNode({
      settings: { ...settings, REDIS_URL: otherRedis.url },
      limits: { headCheckMs },
    });
    await using ann = await person(first, 'ann');
    await using bob = await person(second, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = bob.follow(followDocument, { roomId: id });
    await received.count(1);
    // The bus says that it is back when its first probe has come round, and has the log compared
    // once.
    await until(
      'the bus is up',
      async () => (await (await fetch(new URL('/health/ready', second.url))).json()).bus === 'ok',
    );
    for (let count = 0; count < 5; count++) await send(ann, id, `${count}`);
    const observed = () => received.events.map((event) => observationOf(event));
    for (let waited = 0; waited < 2000 && !isComplete(observed()); waited += 20) await delay(20);
    const client = new pg.Client(settings.DATABASE_URL);
    await client.connect();
    const log = await readLog(client, id);
    await client.end();
    return { log, observed: observed() };
  }

  it('leaves followers without an event if the bus silently delivers nothing', async () => {
    const { log, observed } = await followOverDeafBus(1_000_000_000, () => false);
    expect(checkSettledFollower(log, observed)).toMatchObject([{ rule: 'hole' }]);
  });

  it('[P4] delivers all events within 2 s with the head check', async () => {
    const { log, observed } = await followOverDeafBus(1000, (received) => received.length === 6);
    expect(checkSettledFollower(log, observed)).toEqual([]);
    expect(observed).toHaveLength(6);
  });
});
