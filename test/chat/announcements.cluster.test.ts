import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  announce,
  followNotifications,
  followNotificationsLive,
  notificationsOf,
  notify,
} from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { startProgram } from '../support/program.ts';
import { guest } from '../support/rooms.ts';
import { createDatabase, describeWithPostgres, describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const titles = async (who: Person) => (await notificationsOf(who)).map(({ title }) => title);

describe('announce', () => {
  let node: TestNode;
  let root: Person, ann: Person;
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
    [root, ann] = await Promise.all([person(node, 'root'), person(node, 'ann')]);
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('notifies all current users except guests, in order, the announcer included, and no later user', async () => {
    const gus = await guest(node, 'Gus');
    const received = await followNotificationsLive(ann);
    expect(await announce(root, { title: 'first', data: { url: '/news' } })).toBe(2);
    await notify(root, [ann.id], { title: 'between' });
    expect(await announce(root, { title: 'second' })).toBe(2);
    const late = await person(node, 'late');
    await received.count(4);
    for (const who of [ann, root])
      await until('both have come', async () => (await titles(who)).includes('second'));
    expect(await notificationsOf(ann)).toEqual(
      received.events
        .slice(1)
        .map(({ notification }) => notification)
        .toReversed(),
    );
    expect(await notificationsOf(root)).toMatchObject([
      { type: 'announcement', title: 'second' },
      { type: 'announcement', title: 'first', message: 'For all.', data: { url: '/news' } },
    ]);
    expect(await titles(late)).toEqual([]);
    expect(await announce(root, { title: 'third' })).toBe(3);
    await until('it has come', async () => (await titles(late)).length > 0);
    expect(await titles(late)).toEqual(['third']);
    await expect(notificationsOf(gus)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    received.stop();
  });

  it('is for admins, and refuses invalid announcements', async () => {
    for (const who of [ann, await guest(node, 'Gast')])
      await expect(announce(who, { title: '' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const more of [{ title: '' }, { message: '' }, { data: { text: 'x'.repeat(8192) } }])
      await expect(announce(root, more)).rejects.toMatchObject({ code: 'INVALID' });
  });
});

const addPeople = (database: pg.Client, count: number) =>
  database.query(
    "insert into users (id, username, display_name, created_at) select gen_random_uuid(), 'crowd' || place, 'Crowd', now() - interval '1 day' from generate_series(1, $1) as crowd(place)",
    [count],
  );

/**
 * Every user's titles in the order of the list, and of the events: each distinct outcome, with how
 * many have it.
 */
const outcomes = async (database: pg.Client) =>
  (
    await database.query(`select titles, published, count(*)::int as users from (
      select users.id,
        (select array_agg(title order by event_seq) from notifications join notification_contents on notification_contents.id = content_id where user_id = users.id) as titles,
        (select count(*)::int from events where topic = 'user:' || users.id and type = 'NotificationReceived') as published
      from users where username like 'crowd%') as each group by titles, published`)
  ).rows;

const arrived = async (database: pg.Client) =>
  (await database.query('select count(*)::int as count from notifications')).rows[0].count;
const pending = async (database: pg.Client) =>
  (
    await database.query(
      'select count(*)::int as count from announcements where completed_at is null',
    )
  ).rows[0].count;

describeWithPostgres('a crowd', () => {
  it('receives each announcement once and in order, although the node is killed repeatedly', async () => {
    const settings = {
      DATABASE_URL: await createDatabase(),
      JWT_SECRET: 'a secret that only this test knows, 32+',
      RATE_LIMITS: 'off',
      ADMIN_USERNAMES: 'root',
    };
    await using database = Object.assign(new pg.Client(settings.DATABASE_URL), {
      [Symbol.asyncDispose]: () => database.end(),
    });
    await database.connect();
    let program = await startProgram(settings);
    const root = await person({ ...program, settings } as never as TestNode, 'root');
    const following = await followNotificationsLive(root);
    const { cursor } = following.events[0];
    await addPeople(database, 7500);
    expect(await announce(root, { title: 'first' })).toBe(7501);
    expect(await announce(root, { title: 'second' })).toBe(7501);
    let kills = 0;
    for (; kills < 4 && (await pending(database)) > 0; kills++) {
      const before = await arrived(database);
      await until(
        'it goes on',
        async () => (await arrived(database)) > before || (await pending(database)) === 0,
        30_000,
      );
      await delay(Math.random() * 30);
      await program[Symbol.asyncDispose]();
      program = await startProgram(settings);
    }
    expect(kills).toBeGreaterThan(1);
    await until('all have arrived', async () => (await pending(database)) === 0, 30_000);
    expect(await outcomes(database)).toEqual([
      { titles: ['first', 'second'], published: 2, users: 7500 },
    ]);
    const resumed = followNotifications(
      root.at({ ...program, settings } as never as TestNode),
      cursor,
    );
    await resumed.find(({ __typename }) => __typename === 'CaughtUp');
    expect(resumed.events.flatMap(({ notification }) => notification?.title ?? [])).toEqual([
      'first',
      'second',
    ]);
    resumed.stop();
    await program[Symbol.asyncDispose]();
  }, 120_000);
});

describeWithServers('announcements across nodes', () => {
  let nodes: TestNode[] & AsyncDisposable;
  beforeAll(
    async () =>
      void (nodes = await startCluster(2, {
        settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
      })),
  );
  afterAll(() => nodes[Symbol.asyncDispose]());

  it('of several announcements at once reach every user once and in the same order, beside other notifications', async () => {
    const [root, ann] = [await person(nodes[0]!, 'root'), await person(nodes[1]!, 'ann')];
    const database = new pg.Client(nodes[0]!.settings.DATABASE_URL);
    await database.connect();
    await addPeople(database, 3000);
    const received = await followNotificationsLive(ann.at(nodes[1]!));
    await Promise.all(
      ['1', '2', '3', '4'].map((title, place) => announce(root.at(nodes[place % 2]!), { title })),
    );
    for (let count = 0; count < 10; count++) await notify(root, [ann.id], { title: 'aside' });
    await until('all have arrived', async () => (await pending(database)) === 0);
    await received.count(15);
    expect(received.events.slice(1).map(({ notification }) => notification)).toEqual(
      (await notificationsOf(ann)).toReversed(),
    );
    const [{ titles: order, published, users }, ...others] = await outcomes(database);
    expect([order.toSorted(), published, users, others]).toEqual([
      ['1', '2', '3', '4'],
      4,
      3000,
      [],
    ]);
    expect(
      received.events.flatMap(({ notification }) =>
        notification && notification.title !== 'aside' ? [notification.title] : [],
      ),
    ).toEqual(order);
    received.stop();
    await database.end();
  }, 120_000);
});
