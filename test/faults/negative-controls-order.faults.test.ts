import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { transact } from '../../src/events/transactions.ts';
import { GraphQLRefused, person, type Person } from '../support/person.ts';
import { createRoom, joinRoom, leaveRoom } from '../support/rooms.ts';
import {
  createDatabase,
  describeWithPostgres,
  describeWithServers,
  redisUrl,
} from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { checkSettledFollower } from './checker/followers.ts';
import type { LogEntry, Observation } from './checker/history.ts';
import { followDocument, readLog, observationOf } from './observations.ts';

describeWithPostgres('control: the history first, then the subscription', () => {
  let url: string;
  let node: TestNode;
  let ann: Person;
  let bob: Person;
  let client: pg.Client;
  beforeAll(async () => {
    url = await createDatabase();
    node = await startNode({ settings: { RATE_LIMITS: 'off', DATABASE_URL: url } });
    [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
    client = new pg.Client(url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    for (const one of [ann, bob, node]) await one[Symbol.asyncDispose]();
  });

  async function roomWithMessages(name: string): Promise<string> {
    const { id } = await createRoom(ann, { name });
    await joinRoom(bob, { roomId: id });
    for (let count = 0; count < 3; count++) await send(ann, id, `${count}`);
    return id;
  }

  it('leaves a gap if a message is sent in between', async () => {
    const id = await roomWithMessages('Quay');
    const history = (await readLog(client, id)).map((entry): Observation => ({
      type: 'event',
      at: Date.now(),
      ...entry,
    }));
    await send(ann, id, 'in between');
    const received = bob.follow(followDocument, { roomId: id });
    await received.count(1);
    await send(ann, id, 'live');
    await received.count(2);
    const observed = [
      ...history,
      { type: 'began', at: 0 } as const,
      ...received.events.map((event) => observationOf(event)),
    ];
    expect(checkSettledFollower(await readLog(client, id), observed)).toMatchObject([
      { rule: 'hole' },
    ]);
  });

  it('[P2] leaves no gap in a subscription that starts with the recent messages', async () => {
    const id = await roomWithMessages('Mole');
    const received = bob.follow(followDocument, { roomId: id, last: 2 });
    await send(ann, id, 'in between');
    await received.until(({ events }) =>
      events.some(({ message }) => message?.body === 'in between'),
    );
    await send(ann, id, 'live');
    await received.until(({ events }) => events.at(-1).message?.body === 'live');
    expect(
      checkSettledFollower(
        await readLog(client, id),
        received.events.map((event) => observationOf(event)),
      ),
    ).toEqual([]);
  });
});

describeWithPostgres('control: a place in the order of ids or of time', () => {
  let url: string;
  let pool: pg.Pool;
  let database: Database;
  beforeAll(async () => {
    url = await createDatabase();
    pool = new pg.Pool({ connectionString: url, max: 12 });
    database = await openDatabase(
      readConfig({ DATABASE_URL: url, JWT_SECRET: 'a secret that only tests know of' }),
      silentLog,
    );
    await pool.query(
      `create table plain_events (id bigserial primary key, at timestamptz not null default clock_timestamp())`,
    );
  });
  afterAll(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  /**
   * Eight writers, and one reader that continues from its cursor. Returns its observations as
   * positions in the final order of all rows.
   */
  async function readWhileWriting(
    write: () => Promise<unknown>,
    readAfter: (cursor: string) => Promise<string[]>,
  ) {
    let isWriting = true;
    const writers = Array.from({ length: 8 }, async () => {
      for (let turn = 0; turn < 40; turn++) await write();
    });
    const seen: string[] = [];
    const readOn = async () => void seen.push(...(await readAfter(seen.at(-1) ?? '')));
    const reading = (async () => {
      while (isWriting) await readOn();
      await readOn();
    })();
    await Promise.all(writers);
    isWriting = false;
    await reading;
    const all = await readAfter('');
    const log = all.map((what, place): LogEntry => ({ seq: place + 1, what, occurredAt: 0 }));
    const observed = seen.map((what): Observation => ({
      type: 'event',
      at: 0,
      seq: all.indexOf(what) + 1,
      what,
      occurredAt: 0,
    }));
    expect(log).toHaveLength(320);
    return {
      log,
      observed: [{ type: 'caught-up', at: 0, seq: 0, replayed: 0 } as const, ...observed],
    };
  }

  it.each([
    ['id', 'bigint', '0'],
    ['at', 'timestamptz', '-infinity'],
  ])('skips rows of slower transactions with order by %s', async (column, type, first) => {
    await pool.query('truncate plain_events');
    const write = async () => {
      const client = await pool.connect();
      await client.query('begin; insert into plain_events default values');
      await delay(Math.random() * 6);
      await client.query('commit');
      client.release();
    };
    const readAfter = async (cursor: string) =>
      (
        await pool.query(
          `select ${column}::text as place from plain_events where ${column} > $1::${type} order by ${column}`,
          [cursor || first],
        )
      ).rows.map(({ place }) => place);
    const { log, observed } = await readWhileWriting(write, readAfter);
    expect(checkSettledFollower(log, observed).map(({ rule }) => rule)).toContain('hole');
  });

  it('[P1] skips no rows with the numbers of the topic', async () => {
    const conversationId = randomUUID();
    const write = () =>
      transact({ database, publish: () => {} }, async (_transaction, record) => {
        record({ type: 'RoomUpdated', data: { conversationId } });
        await delay(Math.random() * 6);
      });
    const readAfter = async (cursor: string) =>
      (
        await pool.query(
          'select seq::text as place from events where topic = $1 and seq > $2 order by seq',
          [`conversation:${conversationId}`, cursor || 0],
        )
      ).rows.map(({ place }) => place);
    const { log, observed } = await readWhileWriting(write, readAfter);
    expect(checkSettledFollower(log, observed)).toEqual([]);
  });
});

describeWithServers('control: publishing before the commit', () => {
  it('delivers events that are never committed', async () => {
    const url = await createDatabase();
    const client = new pg.Client(url);
    await client.connect();
    const connections = { publisher: new Redis(redisUrl!), subscriber: new Redis(redisUrl!) };
    const pubsub = new RedisPubSub(connections);
    const observed: Observation[] = [];
    const topic = `conversation:${randomUUID()}`;
    await pubsub.subscribe(
      topic,
      (seq: number) =>
        void observed.push({
          type: 'event',
          at: Date.now(),
          seq,
          what: 'RoomUpdated ',
          occurredAt: 0,
        }),
    );
    for (const seq of [1, 2]) {
      await client.query('begin');
      await client.query(
        `insert into events (topic, seq, type, data) values ($1, $2, 'RoomUpdated', '{}')`,
        [topic, seq],
      );
      await pubsub.publish(topic, seq);
      await client.query(seq === 1 ? 'commit' : 'rollback');
    }
    await until('both events are received', () => observed.length === 2);
    const log = await readLog(client, topic.slice('conversation:'.length));
    expect(checkSettledFollower(log, observed)).toContainEqual(
      expect.objectContaining({ rule: 'uncommitted' }),
    );
    await client.end();
    for (const connection of Object.values(connections)) connection.disconnect();
  });

  it('[P1] delivers no events of a transaction that is rolled back', async () => {
    const url = await createDatabase();
    await using node = await startNode({ settings: { RATE_LIMITS: 'off', DATABASE_URL: url } });
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = bob.follow(followDocument, { roomId: id });
    await received.count(1);
    // The departure of an owner is recorded before it turns out that the room would have no
    // owner.
    await expect(leaveRoom(ann, { roomId: id })).rejects.toThrow(GraphQLRefused);
    await send(ann, id, 'still here');
    await received.count(2);
    const client = new pg.Client(url);
    await client.connect();
    expect(
      checkSettledFollower(
        await readLog(client, id),
        received.events.map((event) => observationOf(event)),
      ),
    ).toEqual([]);
    await client.end();
  });
});
