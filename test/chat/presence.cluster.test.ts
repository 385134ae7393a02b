import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addCrowd } from '../support/crowd.ts';
import { person, query, type Person } from '../support/person.ts';
import { followPresence, goOnline, shortTimers, longGrace, present } from '../support/presence.ts';
import { startRedis } from '../support/redis.ts';
import { createRoom, guest, inviteToRoom, joinRoom, leaveRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const settings = { RATE_LIMITS: 'off', DEFAULT_ROOM: '' };
const options = { settings, limits: shortTimers };
const leaveGraceMs = shortTimers.leaveGraceMs;

async function inRoom(node: TestNode, names: string[]) {
  const people = await Promise.all(names.map((name) => person(node, name)));
  const { id } = await createRoom(people[0]!, { name: 'Quay' });
  await Promise.all(people.slice(1).map((one) => joinRoom(one, { roomId: id })));
  return { people, id };
}

const statusOf = async (asker: Person, username: string) =>
  (
    await asker.query(
      'query ($username: String) { user(username: $username) { isOnline lastSeenAt } }',
      { username },
    )
  ).user;

const onlineIn = async (
  asker: Person,
  id: string,
  first?: number,
): Promise<{ onlineCount: number; names: string[] }> => {
  const { room } = await asker.query(
    'query ($id: ID, $first: Int) { room(id: $id) { onlineCount onlineUsers(first: $first) { username } } }',
    { id, first },
  );
  return {
    onlineCount: room.onlineCount,
    names: room.onlineUsers.map(({ username }: any) => username),
  };
};

it('[P7] a room delivers its online members, then each change, like its page', async () => {
  await using node = await startNode(options);
  const { people, id } = await inRoom(node, ['ann', 'bob', 'cat']);
  const [ann, bob, cat] = people as [Person, Person, Person];
  await goOnline(bob);
  const received = followPresence(ann, id);
  await received.count(1);
  expect(received.events[0]).toEqual({
    __typename: 'PresenceSnapshot',
    users: [{ username: 'ann' }, { username: 'bob' }],
  });
  expect(await onlineIn(ann, id)).toEqual({ onlineCount: 2, names: ['ann', 'bob'] });
  await goOnline(cat);
  await received.count(2);
  expect(received.events[1]).toEqual({ __typename: 'UserCameOnline', user: { username: 'cat' } });
  const tab = await goOnline(cat);
  await tab.dispose();
  await delay(2 * leaveGraceMs);
  const leftAt = Date.now();
  await bob[Symbol.asyncDispose]();
  await received.count(3);
  expect(Date.now() - leftAt).toBeGreaterThan(leaveGraceMs - 20);
  expect(received.events[2]).toMatchObject({
    __typename: 'UserWentOffline',
    user: { username: 'bob' },
  });
  expect(Math.abs(Date.parse(received.events[2].lastSeenAt) - leftAt)).toBeLessThan(200);
  expect(await statusOf(ann, 'bob')).toEqual({
    isOnline: false,
    lastSeenAt: received.events[2].lastSeenAt,
  });
  expect(await statusOf(ann, 'cat')).toEqual({ isOnline: true, lastSeenAt: null });
  expect(await onlineIn(ann, id)).toEqual({ onlineCount: 2, names: ['ann', 'cat'] });
  expect(await onlineIn(ann, id, 1)).toEqual({ onlineCount: 2, names: ['ann'] });
  expect(await onlineIn(ann, id, 0)).toEqual({ onlineCount: 2, names: [] });
  await expect(onlineIn(ann, id, 101)).rejects.toMatchObject({ code: 'INVALID' });
  expect(received.events).toHaveLength(3);
});

it('[P7] a reload is not reported as a departure', async () => {
  await using node = await startNode(options);
  const { people, id } = await inRoom(node, ['ann', 'bob']);
  const [ann, bob] = people as [Person, Person];
  let tab = await goOnline(bob);
  const received = await followPresence(ann, id).count(1);
  for (let reload = 0; reload < 4; reload++) {
    await tab.dispose();
    await delay(leaveGraceMs / 3);
    tab = await goOnline(bob);
  }
  await delay(2 * leaveGraceMs);
  expect(received.events).toHaveLength(1);
});

it('[P7] an online user who joins appears, and a member who leaves disappears', async () => {
  await using node = await startNode(options);
  const { people, id } = await inRoom(node, ['ann', 'bob']);
  const [ann, bob] = people as [Person, Person];
  const cat = await person(node, 'cat');
  await goOnline(cat);
  const received = await followPresence(ann, id).count(1);
  await joinRoom(cat, { roomId: id });
  await received.until(() => present(received).join() === 'ann,cat');
  await leaveRoom(cat, { roomId: id });
  await received.until(() => present(received).join() === 'ann');
  expect(await onlineIn(ann, id)).toEqual({ onlineCount: 1, names: ['ann'] });
  const own = await followPresence(bob, id).count(1);
  await leaveRoom(bob, { roomId: id });
  expect(await own.ended()).toMatchObject({ code: 'FORBIDDEN' });
  expect(received.ending).toBeUndefined();
});

it('[P7] [P11] only members can follow a room, and a private one reveals nothing to others', async () => {
  await using node = await startNode(options);
  const { people, id } = await inRoom(node, ['ann']);
  const [ann] = people as [Person];
  const eve = await person(node, 'eve');
  const { id: secret } = await createRoom(ann, { name: 'Vault', visibility: 'PRIVATE' });
  await goOnline(ann);
  expect(await followPresence(eve, id).ended()).toMatchObject({ code: 'FORBIDDEN' });
  expect(await followPresence(eve, secret).ended()).toMatchObject({ code: 'NOT_FOUND' });
  expect(await followPresence(eve, 'no id').ended()).toMatchObject({ code: 'NOT_FOUND' });
  expect(await onlineIn(eve, id)).toEqual({ onlineCount: 1, names: ['ann'] });
  expect(
    (await eve.query('query ($id: ID) { room(id: $id) { onlineCount } }', { id: secret })).room,
  ).toBe(null);
  await expect(query(node.url, '{ user(username: "ann") { isOnline } }')).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

it('[P7] all kinds of connection count: sockets, event streams, sockets with the token in an operation, and those of guests', async () => {
  await using node = await startNode(options);
  const ann = await person(node, 'ann');
  const gus = await guest(node, 'Gus');
  const dan = await person(node, 'dan');
  await goOnline(gus);
  const stream = new AbortController();
  const response = await fetch(node.url, {
    method: 'POST',
    signal: stream.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${ann.token}`,
    },
    body: JSON.stringify({ query: 'subscription { lobby { __typename } }' }),
  });
  await response.body!.getReader().read();
  const bare = dan.connect({ connectionParams: {}, lazy: false });
  await new Promise<void>((resolve) => {
    bare.subscribe(
      {
        query: '{ viewer { id } }',
        extensions: { headers: { authorization: `Bearer ${dan.token}` } },
      },
      { next: () => {}, error: () => resolve(), complete: () => resolve() },
    );
  });
  for (const name of ['ann', 'dan', gus.username])
    expect(await statusOf(ann, name)).toMatchObject({ isOnline: true });
  stream.abort();
  await bare.dispose();
  await gus[Symbol.asyncDispose]();
  await until(
    'all are gone',
    async () =>
      !(await Promise.all(['ann', 'dan', gus.username].map((name) => statusOf(ann, name)))).some(
        ({ isOnline }) => isOnline,
      ),
  );
});

it('connectionStats is for admins, and counts users and connections', async () => {
  await using node = await startNode({
    ...options,
    settings: { ...settings, ADMIN_USERNAMES: 'root' },
  });
  const root = await person(node, 'root');
  const ann = await person(node, 'ann');
  const stats = async () =>
    (await root.query('{ connectionStats { connections onlineUsers nodes } }')).connectionStats;
  expect(await stats()).toEqual({ connections: 0, onlineUsers: 0, nodes: 1 });
  await Promise.all([goOnline(ann), goOnline(ann), goOnline(root)]);
  expect(await stats()).toEqual({ connections: 3, onlineUsers: 2, nodes: 1 });
  await expect(ann.query('{ connectionStats { nodes } }')).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(query(node.url, '{ connectionStats { nodes } }')).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const metrics = await (await fetch(node.url.replace('/graphql', '/metrics'))).text();
  expect(metrics).toContain('causerie_online_users 2\n');
});

describeWithServers('across nodes', () => {
  it('[P7] every follower on every node has the correct state after 1,000 members arrived, moved and left', async () => {
    await using nodes = await startCluster(2, options);
    const [near, far] = [nodes[0]!, nodes[1]!];
    const { people, id } = await inRoom(near, ['ann', 'bob']);
    const [ann, bob] = [people[0]!, people[1]!.at(far)];
    const crowd = await addCrowd(near, id, 1000);
    const followers = [
      await followPresence(ann, id).count(1),
      await followPresence(bob, id).count(1),
    ];
    await Promise.all(crowd.map((user, place) => user.goTo(nodes[place % 2]!)));
    const all = ['ann', 'bob', ...crowd.map(({ username }) => username)].sort();
    for (const received of followers) await received.until(() => present(received).length === 1002);
    for (const received of followers) expect(present(received)).toEqual(all);
    expect((await onlineIn(ann, id)).onlineCount).toBe(1002);
    expect((await onlineIn(bob, id, 100)).names).toEqual(all.slice(0, 100));
    const late = await followPresence(bob, id).count(1);
    expect(late.events[0].users).toHaveLength(1002);
    const before = followers.map(({ events }) => events.length);
    await Promise.all(crowd.map((user, place) => user.goTo(nodes[(place + 1) % 2]!)));
    await delay(2 * leaveGraceMs);
    expect(followers.map(({ events }) => events.length)).toEqual(before);
    await Promise.all(crowd.slice(0, 500).map((user) => user.leave()));
    const remaining = ['ann', 'bob', ...crowd.slice(500).map(({ username }) => username)].sort();
    for (const received of [...followers, late])
      await received.until(() => present(received).length === 502);
    for (const received of [...followers, late]) expect(present(received)).toEqual(remaining);
    await Promise.all(crowd.map((user) => user.leave()));
  }, 120_000);

  it('[P7] users of a node that stops stay online if they connect to another one, and go offline otherwise', async () => {
    const shared = {
      ...options,
      settings: { ...settings, DATABASE_URL: await createDatabase(), REDIS_URL: redisUrl! },
    };
    await using far = await startNode(shared);
    const near = await startNode(shared);
    const { people, id } = await inRoom(near, ['ann', 'bob', 'cat']);
    const [ann, bob, cat] = people as [Person, Person, Person];
    await Promise.all([goOnline(bob), goOnline(cat)]);
    const received = followPresence(ann.at(far), id);
    await received.until(() => present(received).join() === 'ann,bob,cat');
    await near[Symbol.asyncDispose]();
    await goOnline(bob.at(far));
    await received.until(() => present(received).join() === 'ann,bob');
    await delay(leaveGraceMs);
    expect(
      received.events
        .filter(({ __typename }) => __typename === 'UserWentOffline')
        .map(({ user }) => user.username),
    ).toEqual(['cat']);
    const seen = await statusOf(ann.at(far), 'cat');
    expect(Date.now() - Date.parse(seen.lastSeenAt)).toBeLessThan(30_000);
  });

  it('[P7] [P11] while Redis is down, nobody is reported as offline, and a removed member receives nothing more', async () => {
    await using redis = await startRedis();
    const shared = {
      limits: longGrace,
      settings: { ...settings, DATABASE_URL: await createDatabase(), REDIS_URL: redis.url },
    };
    await using near = await startNode(shared);
    await using far = await startNode(shared);
    const { people, id } = await inRoom(near, ['ann', 'bob']);
    const [ann, bob] = people as [Person, Person];
    await goOnline(bob);
    const received = followPresence(ann.at(far), id);
    const removed = followPresence(bob.at(far), id);
    await received.until(() => present(received).join() === 'ann,bob');
    await removed.until(() => present(removed).join() === 'ann,bob');
    await redis.kill();
    await delay(2 * longGrace.leaveGraceMs);
    expect(present(received)).toEqual(['ann', 'bob']);
    await leaveRoom(bob, { roomId: id });
    expect(await removed.ended()).toMatchObject({ code: 'FORBIDDEN' });
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id] });
    await redis.restart();
    await delay(3 * longGrace.leaveGraceMs);
    expect((await statusOf(ann.at(far), 'bob')).isOnline).toBe(true);
    await received.until(() => present(received).join() === 'ann,bob');
  }, 120_000);
});
