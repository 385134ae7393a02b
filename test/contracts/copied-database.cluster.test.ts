import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { openEventLog, type EventLog } from '../../src/events/event-log.ts';
import { transact } from '../../src/events/transactions.ts';
import { conversationTopic } from '../../src/events/topics.ts';
import { openFeeds } from '../../src/live/feeds.ts';
import { createMetrics } from '../../src/metrics.ts';
import { Person, person } from '../support/person.ts';
import {
  createDatabase,
  postgresPrograms,
  startPostgres,
  type Postgres,
} from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithPostgres, embeddedDirectory } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodies, follow, kinds, send } from '../support/send-and-follow.ts';
import {
  followForChecker,
  isReset,
  observationsOf,
  violationsOf,
} from '../support/checked-histories.ts';

const run = (program: string, args: string[]) =>
  promisify(execFile)(join(postgresPrograms()!, program), args);

const open = (url: string) =>
  openDatabase(
    readConfig({
      DATABASE_URL: url,
      JWT_SECRET: 'a secret that only the tests know, 32+ characters',
    }),
    silentLog,
  );

const again = (ann: Person, node: TestNode) =>
  new Person(node, { accessToken: ann.token, refreshToken: null, user: ann });

const sendAll = async (ann: Person, roomId: string, texts: readonly string[]) => {
  for (const text of texts) await send(ann, roomId, text);
};

/** Follows after a cursor, and returns the events up to CaughtUp. */
async function resume(ann: Person, roomId: string, after: string) {
  const received = follow(ann, roomId, { after });
  await received.find(({ __typename }) => __typename === 'CaughtUp');
  return received;
}

describe('a data directory that is restored from a copy', () => {
  it('[P3] [P15] resets subscribers that received lost events, and no others', async () => {
    const directory = await embeddedDirectory();
    const backup = join(temporaryDirectory(), 'backup');
    const settings = { RATE_LIMITS: 'off' };
    let ann: Person;
    let roomId: string;
    {
      await using node = await startNode({ settings: { ...settings, DATA_DIR: directory } });
      ann = await person(node, 'ann');
      ({ id: roomId } = await createRoom(ann, { name: 'Quay' }));
      await send(ann, roomId, 'kept');
      await ann[Symbol.asyncDispose]();
    }
    await cp(directory, backup, { recursive: true });
    const cursors: string[] = [];
    {
      await using node = await startNode({ settings: { ...settings, DATA_DIR: directory } });
      await using same = again(ann, node);
      const received = follow(same, roomId, { last: 1 });
      await received.count(2);
      await sendAll(same, roomId, ['lost 1', 'lost 2', 'lost 3']);
      await received.count(5);
      cursors.push(...received.events.map(({ cursor }) => cursor));
    }
    await using node = await startNode({ settings: { ...settings, DATA_DIR: backup } });
    await using same = again(ann, node);
    const news = ['new 1', 'new 2', 'new 3', 'new 4'];
    await sendAll(same, roomId, news);
    const [kept, caughtUp, ...lost] = cursors as [string, string, ...string[]];
    for (const cursor of [kept, caughtUp])
      expect(bodies(await resume(same, roomId, cursor))).toEqual(news);
    for (const cursor of lost) {
      const received = await resume(same, roomId, cursor);
      expect(kinds(received)).toEqual(['StreamReset', 'CaughtUp']);
      expect(received.events[0].resetReason).toBe('UNKNOWN_CURSOR');
    }
  }, 120_000);
});

describeWithPostgres('a PostgreSQL database that is restored from a dump', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  const newUrl = () => createDatabase(postgres.urlOf('postgres'));
  const dump = async (url: string) => {
    const file = join(temporaryDirectory(), 'dump');
    await run('pg_dump', ['--format=custom', `--file=${file}`, url]);
    return file;
  };
  /**
   * Starts a node with a room that loses three messages after the dump. Returns the cursors of
   * their events.
   */
  async function lose(url: string) {
    const node = await startNode({ settings: { DATABASE_URL: url, RATE_LIMITS: 'off' } });
    const ann = await person(node, 'ann');
    const { id: roomId } = await createRoom(ann, { name: 'Quay' });
    await send(ann, roomId, 'kept');
    const file = await dump(url);
    const received = followForChecker(ann, roomId);
    await received.count(1);
    await sendAll(ann, roomId, ['lost 1', 'lost 2', 'lost 3']);
    await received.count(4);
    return { node, ann, roomId, file, received };
  }
  const news = ['new 1', 'new 2', 'new 3', 'new 4'];
  const inPlace = ['--clean', '--if-exists', '--single-transaction'];

  it.each(['the same', 'a new'] as const)(
    '[P3] [P15] into %s database resets subscribers that received lost events, and no others',
    async (which) => {
      const url = await newUrl();
      const { node, ann, roomId, file, received } = await lose(url);
      const cursors = received.events.map(({ cursor }) => cursor);
      await ann[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
      const restoredUrl = which === 'the same' ? url : await newUrl();
      await run('pg_restore', [
        ...(which === 'the same' ? inPlace : []),
        `--dbname=${restoredUrl}`,
        file,
      ]);
      await using restored = await startNode({
        settings: { ...node.settings, DATABASE_URL: restoredUrl },
      });
      await using same = again(ann, restored);
      await sendAll(same, roomId, news);
      const [kept, ...lost] = cursors as [string, ...string[]];
      expect(bodies(await resume(same, roomId, kept))).toEqual(news);
      for (const cursor of lost)
        expect(kinds(await resume(same, roomId, cursor))).toEqual(['StreamReset', 'CaughtUp']);
    },
    60_000,
  );

  it('[P15] in place while a node runs resets its followers within 2 s, and then delivers everything', async () => {
    const url = await newUrl();
    const { node, ann, roomId, file, received } = await lose(url);
    await using _ = node;
    await using __ = ann;
    await run('pg_restore', [
      '--clean',
      '--if-exists',
      '--single-transaction',
      `--dbname=${url}`,
      file,
    ]);
    const restoredAt = Date.now();
    await received.until(({ events }) => events.some(isReset));
    expect(Date.now() - restoredAt).toBeLessThan(12_000);
    await sendAll(ann, roomId, news);
    await received.until(() => bodies(received).at(-1) === 'new 4');
    expect(await violationsOf(url, roomId, observationsOf(received))).toEqual([]);
  }, 120_000);

  it('control: with numbers alone, a feed takes new events for known ones', async () => {
    const url = await newUrl();
    await using database = await open(url);
    const tagged = openEventLog(database);
    const untagged: EventLog = {
      heads: async (topics) =>
        new Map(
          [...(await tagged.heads(topics))].map(([topic, { seq }]) => [topic, { seq, tag: 0 }]),
        ),
      async read(...asked) {
        const passage = await tagged.read(...asked);
        return (
          passage && {
            after: { ...passage.after, tag: 0 },
            events: passage.events.map((event) => ({ ...event, tag: 0, follows: 0 })),
            head: { ...passage.head, tag: 0 },
          }
        );
      },
    };
    const { node, ann, roomId, file } = await lose(url);
    await using _ = node;
    await using __ = ann;
    const watch = async (eventLog: EventLog) => {
      const feeds = openFeeds({
        bus: openMemoryBus(),
        eventLog,
        log: silentLog,
        metrics: createMetrics(),
        headCheckMs: 1_000_000,
      });
      const feed = await feeds.open(conversationTopic(roomId));
      const received: number[] = [];
      feed.listen((fresh) =>
        received.push(
          ...fresh.map(({ event }) => event.seq),
          ...(fresh.length === 0 ? [-feed.head.seq] : []),
        ),
      );
      return { feeds, feed, received };
    };
    const [blind, seeing] = [await watch(untagged), await watch(tagged)];
    await run('pg_restore', [...inPlace, `--dbname=${url}`, file]);
    await transact({ database, publish: () => {} }, async (_, record) => {
      for (let count = 0; count < 4; count++)
        record({ type: 'RoomUpdated', data: { conversationId: roomId } });
    });
    for (const { feeds, feed } of [blind, seeing]) {
      await feeds.refresh(feed);
      await feeds[Symbol.asyncDispose]();
    }
    expect(seeing.received).toEqual([-6]);
    // Four events happened, and one of them was received.
    expect(blind.received).toEqual([6]);
  }, 120_000);
});

describeWithPostgres('the identity of a PostgreSQL database', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());
  const identityOf = async (url: string) => {
    await using database = await open(url);
    return { id: database.id, instance: database.instance };
  };

  it('[P2] stays the same on every node, after a crash, and after a recovery to another timeline', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'));
    const identity = await identityOf(url);
    expect(await identityOf(url)).toEqual(identity);
    await postgres.kill();
    await postgres.restart();
    expect(await identityOf(url)).toEqual(identity);
    await postgres.recover();
    expect(await identityOf(url)).toEqual(identity);
  });

  it('[P3] differs between databases', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => identityOf(await createDatabase(postgres.urlOf('postgres')))),
    );
    expect(one!.id).not.toBe(other!.id);
    const topic = 'conversation:any';
    const cursor = cursorsOf(one!.id).encode({ topic, seq: 1, tag: 1 });
    expect(cursorsOf(one!.id).decode(cursor, topic)).toEqual({ seq: 1, tag: 1 });
    expect(cursorsOf(one!.id).decode(cursor, 'conversation:other')).toBeUndefined();
    expect(cursorsOf(other!.id).decode(cursor, topic)).toBeUndefined();
  });

  it('separates a copy from the original in Redis, and accepts its cursors', async () => {
    const url = await createDatabase(postgres.urlOf('postgres'), undefined, 'original');
    const identity = await identityOf(url);
    const copy = await identityOf(await createDatabase(postgres.urlOf('postgres'), 'original'));
    expect(copy.id).toBe(identity.id);
    expect(copy.instance).not.toBe(identity.instance);
  });
});
