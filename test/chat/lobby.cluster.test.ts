import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addCrowd } from '../support/crowd.ts';
import { addRooms } from '../support/many-rooms.ts';
import { person, query, type Person } from '../support/person.ts';
import { followLobby, goOnline, shortTimers, lobbyOf } from '../support/presence.ts';
import { startRedis } from '../support/redis.ts';
import { send } from '../support/send-and-follow.ts';
import {
  createRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  updateRoom,
} from '../support/rooms.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { startCluster, startNode } from '../support/start-node.ts';

const settings = { RATE_LIMITS: 'off', DEFAULT_ROOM: '' };
const options = { settings, limits: shortTimers };
const lobbyIntervalMs = 250;

const names = (received: ReturnType<typeof followLobby>) => Object.keys(lobbyOf(received)).join();
const tellings = (received: ReturnType<typeof followLobby>, roomId: string) =>
  received.events.filter(
    ({ __typename, room, roomId: removed }) =>
      __typename !== 'LobbySnapshot' && (room?.room.id ?? removed) === roomId,
  );

/** The online users that `rooms` lists, by the name of the room. */
async function page(asker: Person): Promise<Record<string, string[]>> {
  const { rooms } = await asker.query(
    '{ rooms(first: 20) { edges { node { name archivedAt onlineCount onlineUsers(first: 20) { username } } } } }',
  );
  const open = rooms.edges
    .map(({ node }: any) => node)
    .filter(({ archivedAt }: any) => !archivedAt);
  return Object.fromEntries(
    open.map(({ name, onlineUsers }: any) => [
      name,
      onlineUsers.map(({ username }: any) => username),
    ]),
  );
}

it('[P7] delivers all visible rooms that are not archived, then each change, like the list of rooms', async () => {
  await using node = await startNode(options);
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const quay = await createRoom(ann, { name: 'Quay' });
  await createRoom(bob, { name: 'attic' });
  const old = await createRoom(ann, { name: 'Old' });
  await createRoom(bob, { name: 'Vault', visibility: 'PRIVATE' });
  await updateRoom(ann, { roomId: old.id, archived: true });
  await joinRoom(bob, { roomId: quay.id });
  await goOnline(bob);
  const received = await followLobby(ann).count(1);
  expect(received.events[0]).toEqual({
    __typename: 'LobbySnapshot',
    otherRoomCount: 0,
    rooms: [
      { onlineCount: 1, usernames: ['bob'], room: { id: expect.any(String), name: 'attic' } },
      { onlineCount: 2, usernames: ['ann', 'bob'], room: { id: quay.id, name: 'Quay' } },
    ],
  });
  await bob[Symbol.asyncDispose]();
  await received.until(() => lobbyOf(received).Quay!.join() === 'ann');
  await createRoom(bob, { name: 'New' });
  await received.until(() => 'New' in lobbyOf(received));
  await updateRoom(ann, { roomId: quay.id, name: 'Pier' });
  await received.until(() => 'Pier' in lobbyOf(received));
  await updateRoom(ann, { roomId: old.id, archived: false });
  await received.until(() => 'Old' in lobbyOf(received));
  await updateRoom(ann, { roomId: quay.id, archived: true });
  await received.until(() => !('Pier' in lobbyOf(received)));
  expect(received.events.at(-1)).toEqual({ __typename: 'LobbyRoomRemoved', roomId: quay.id });
  expect(lobbyOf(received)).toEqual(await page(ann));
  const before = received.events.length;
  await updateRoom(ann, { roomId: old.id, topic: 'of what was' });
  await received.count(before + 1);
});

it('[P7] [P11] shows a private room to its members only, from joining to leaving', async () => {
  await using node = await startNode(options);
  const [ann, bob, eve] = [
    await person(node, 'ann'),
    await person(node, 'bob'),
    await person(node, 'eve'),
  ];
  const vault = await createRoom(ann, { name: 'Vault', visibility: 'PRIVATE' });
  const inside = await followLobby(ann).count(1);
  const entering = await followLobby(bob).count(1);
  const outside = await followLobby(eve).count(1);
  expect([names(inside), names(entering), names(outside)]).toEqual(['Vault', '', '']);
  await inviteToRoom(ann, { roomId: vault.id, userIds: [bob.id] });
  await entering.until(() => names(entering) === 'Vault');
  await inside.until(() => lobbyOf(inside).Vault!.join() === 'ann,bob');
  await leaveRoom(bob, { roomId: vault.id });
  await entering.until(() => names(entering) === '');
  await inside.until(() => lobbyOf(inside).Vault!.join() === 'ann');
  await updateRoom(ann, { roomId: vault.id, visibility: 'PUBLIC' });
  await outside.until(() => names(outside) === 'Vault');
  await entering.until(() => names(entering) === 'Vault');
  const receivedBefore = outside.events.length;
  await updateRoom(ann, { roomId: vault.id, visibility: 'PRIVATE' });
  await outside.until(() => names(outside) === '');
  await entering.until(() => names(entering) === '');
  await updateRoom(ann, { roomId: vault.id, name: 'Secret' });
  await inside.until(() => names(inside) === 'Secret');
  await updateRoom(ann, { roomId: vault.id, archived: true });
  await inside.until(() => names(inside) === '');
  await delay(2 * lobbyIntervalMs);
  expect(outside.events.slice(receivedBefore)).toEqual([
    { __typename: 'LobbyRoomRemoved', roomId: vault.id },
  ]);
});

it('shows guests the public rooms, and viewers without a token no room', async () => {
  await using node = await startNode(options);
  const ann = await person(node, 'ann');
  await using gus = await guest(node, 'Gus');
  const quay = await createRoom(ann, { name: 'Quay' });
  await joinRoom(gus, { roomId: quay.id });
  const received = followLobby(gus);
  await received.until(() =>
    received.events.some(({ room, rooms }) =>
      [room, ...(rooms ?? [])].some(
        (shown) => shown?.room.name === 'Quay' && shown.onlineCount === 1,
      ),
    ),
  );
  // Guests count, but their usernames are random and not listed.
  expect(lobbyOf(received).Quay).toEqual([]);
  await goOnline(ann);
  await received.until(() => lobbyOf(received).Quay?.join() === 'ann');
  const stranger = ann.connect({ connectionParams: {} });
  expect(await followLobby(ann, stranger).ended()).toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(query(node.url, '{ rooms { edges { cursor } } }')).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

it('[P7] delivers at most four changes of a room per second, and the last state is correct', async () => {
  await using node = await startNode(options);
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const [quay, pier] = [
    await createRoom(ann, { name: 'Quay' }),
    await createRoom(ann, { name: 'Pier' }),
  ];
  await goOnline(bob);
  const received = await followLobby(ann).count(1);
  const begun = performance.now();
  const isEnough = () => performance.now() - begun > 1500 && tellings(received, quay.id).length > 3;
  for (let round = 0; !isEnough(); round++)
    await (round % 2 ? leaveRoom(bob, { roomId: quay.id }) : joinRoom(bob, { roomId: quay.id }));
  const lastedMs = performance.now() - begun;
  await joinRoom(bob, { roomId: pier.id });
  await joinRoom(bob, { roomId: quay.id });
  await received.until(
    () =>
      lobbyOf(received).Quay!.join() === 'ann,bob' && lobbyOf(received).Pier!.join() === 'ann,bob',
  );
  await delay(2 * lobbyIntervalMs);
  expect(lobbyOf(received)).toEqual(await page(ann));
  expect(tellings(received, quay.id).length).toBeLessThanOrEqual(
    Math.ceil(lastedMs / lobbyIntervalMs) + 3,
  );
});

describeWithServers('across nodes', () => {
  it('[P7] brings every viewer on every node to the current list after random changes of members, presence and rooms', async () => {
    await using nodes = await startCluster(2, options);
    const people = await Promise.all(
      Array.from({ length: 8 }, async (_, place) =>
        (await person(nodes[0]!, `user${place}`)).at(nodes[place % 2]!),
      ),
    );
    const owner = people[0]!;
    const rooms = await Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        createRoom(owner, {
          name: `Room ${place}`,
          visibility: place % 3 === 0 ? 'PRIVATE' : 'PUBLIC',
        }),
      ),
    );
    const received = await Promise.all(people.slice(0, 4).map((one) => followLobby(one).count(1)));
    const pick = <One>(list: readonly One[]) => list[Math.floor(Math.random() * list.length)]!;
    const expected = new Set(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']);
    const act = async () => {
      const [one, { id: roomId }] = [pick(people), pick(rooms)];
      const deeds = [
        () => joinRoom(one, { roomId }),
        () => leaveRoom(one, { roomId }),
        () => inviteToRoom(owner, { roomId, userIds: [one.id] }),
        () => updateRoom(owner, { roomId, visibility: pick(['PUBLIC', 'PRIVATE']) }),
        () => updateRoom(owner, { roomId, archived: Math.random() < 0.4 }),
        () => goOnline(one),
        async () => people.indexOf(one) > 3 && one[Symbol.asyncDispose](),
      ];
      await pick(deeds)().catch((error: { code?: string }) => {
        if (!expected.has(error.code!)) throw error;
      });
    };
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let step = 0; step < 40; step++) await act();
      }),
    );
    for (const [place, one] of received.entries()) {
      const asker = people[place]!;
      await expect
        .poll(
          async () =>
            JSON.stringify(sorted(lobbyOf(one))) === JSON.stringify(sorted(await page(asker))),
          { timeout: 30_000, message: `user${place}` },
        )
        .toBe(true);
    }
    for (const one of people) await one[Symbol.asyncDispose]();
  }, 120_000);

  it('[P7] shows at most 100 names of 1,000, with one execution for all viewers', async () => {
    await using nodes = await startCluster(2, options);
    const [near, far] = [nodes[0]!, nodes[1]!];
    await using ann = await person(near, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const crowd = await addCrowd(near, id, 1000);
    const followers = await Promise.all(
      Array.from({ length: 15 }, () => followLobby(ann, ann.connect({ url: far.wsUrl })).count(1)),
    );
    await Promise.all(crowd.map((one, place) => one.goTo(nodes[place % 2]!)));
    const counted = ({ events }: (typeof followers)[number]) => events.at(-1).room?.onlineCount;
    for (const received of followers) await received.until(() => counted(received) === 1001);
    expect(followers[0]!.events.at(-1).room.usernames).toEqual([
      'ann',
      ...crowd.slice(0, 99).map(({ username }) => username),
    ]);
    const metrics = await (await fetch(far.url.replace('/graphql', '/metrics'))).text();
    expect(Number(/^causerie_executions_total (\d+)$/m.exec(metrics)![1])).toBeLessThan(100);
    await Promise.all(crowd.map((one) => one.leave()));
  }, 120_000);

  it('[P7] [P11] shows nothing more of a private room to a member who was removed while Redis was down', async () => {
    await using redis = await startRedis();
    const shared = {
      ...options,
      limits: { ...shortTimers, presenceRefreshMs: 1500, presenceTtlMs: 10_000 },
      settings: { ...settings, DATABASE_URL: await createDatabase(), REDIS_URL: redis.url },
    };
    await using near = await startNode(shared);
    await using far = await startNode(shared);
    await using ann = await person(near, 'ann');
    const signedUp = await person(near, 'bob');
    await using bob = signedUp.at(far);
    const vault = await createRoom(ann, { name: 'Vault', visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId: vault.id, userIds: [bob.id] });
    const received = followLobby(bob);
    await received.until(() => names(received) === 'Vault');
    const hers = followLobby(ann.at(far));
    await hers.until(() => lobbyOf(hers).Vault?.join() === 'ann,bob');
    await redis.kill();
    await leaveRoom(signedUp, { roomId: vault.id });
    await updateRoom(ann.at(far), { roomId: vault.id, name: 'Secret' });
    await hers.until(() => 'Secret' in lobbyOf(hers));
    await received.until(() => names(received) === '');
    expect(received.events.filter(({ room }) => room?.room.name === 'Secret')).toEqual([]);
  }, 120_000);
});

const sorted = (rooms: Record<string, string[]>) =>
  Object.entries(rooms).sort(([a], [b]) => (a < b ? -1 : 1));

it('[P13] shows at most 100 public rooms: those with the most online members, then the newest messages, then by name', async () => {
  await using node = await startNode({
    ...options,
    limits: { ...shortTimers, presenceRefreshMs: 1500 },
  });
  const [ann, bob, cid] = [
    await person(node, 'ann'),
    await person(node, 'bob'),
    await person(node, 'cid'),
  ];
  const rooms = Array.from({ length: 101 }, (_, place) => `Room ${String(place).padStart(3, '0')}`);
  await addRooms(node, ann, rooms);
  const zoo = await createRoom(bob, { name: 'Zoo' });
  await goOnline(bob);
  const received = await followLobby(bob).count(1);
  const shownFirst = received.events[0].rooms.map(({ room }: any) => room.name);
  expect(shownFirst).toEqual([...rooms.slice(0, 99), 'Zoo']);
  expect(received.events[0].otherRoomCount).toBe(2);
  // A room that is in use takes the place of the one that is used least.
  await joinRoom(cid, { name: 'Room 100' });
  await goOnline(cid);
  await received.until(() => lobbyOf(received)['Room 100']?.join() === 'cid');
  await received.until(() => !('Room 098' in lobbyOf(received)));
  expect(Object.keys(lobbyOf(received))).toHaveLength(100);
  // A message makes a room more active than others in which nobody is online.
  const room = await joinRoom(ann, { name: 'Room 099' });
  await send(ann, room.id, 'hello');
  await received.until(() => 'Room 099' in lobbyOf(received));
  expect(lobbyOf(received).Zoo).toEqual(['bob']);
  // Everybody sees the same page, however they came to it.
  const later = await followLobby(ann).count(1);
  await received.until(() => Object.keys(lobbyOf(received)).sort().join() === names(later));
  await leaveRoom(bob, { roomId: zoo.id });
  await received.until(() => !('Zoo' in lobbyOf(received)));
  for (const one of [ann, bob, cid]) await one[Symbol.asyncDispose]();
});
