import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Violation } from '../faults/checker/history.ts';
import { createRandom } from '../faults/random.ts';
import { mySupport } from '../support/desk.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { startCluster, type TestNode } from '../support/start-node.ts';
import { act, adminNames, clash, clashInAllSupport, stopTyping, type World } from './actions.ts';
import { coda } from './coda.ts';
import { createDevice, type Device } from './device.ts';
import type { Follow, History, LogRow } from './history.ts';

export interface Play {
  readonly histories: readonly History[];
  readonly log: readonly LogRow[];
  /** A private room. */
  readonly secretRoomId: string;
  /** Answers that no user should receive. */
  readonly refused: readonly Violation[];
}

export interface PlayOptions {
  readonly seed: number;
  /** How often everybody acts for a while and then rests. */
  readonly rounds: number;
  /** How many things each user does in a round. */
  readonly actions: number;
}

/**
 * Users with different permissions act at random, at the same time, on two nodes. Their devices
 * keep their state by events, and reconnect at random. At the end of each round nothing happens,
 * and each device notes what the API answers.
 */
export async function play({ seed, rounds, actions }: PlayOptions): Promise<Play> {
  const random = createRandom(seed);
  await using nodes = await startCluster(2, {
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: adminNames.join() },
    // Typing outlasts the run: what does not end it is seen at the end.
    limits: { typingTtlMs: 600_000, typingResendMs: 50, leaveGraceMs: 200, presenceRefreshMs: 300 },
  });
  const { world, devices, codaId } = await open(nodes, random.next() * 2 ** 32);
  const refused: Violation[] = [];
  for (let round = 0; round < rounds; round++) {
    let isOver = false;
    const actors = world.users.map(async (who) => {
      const own = random.fork(`${who.username} ${round}`);
      for (let count = 0; count < actions; count++) {
        const faults = own.chance(0.05) ? await clash(own, world) : [await act(own, world, who)];
        for (const fault of faults) if (fault) refused.push({ rule: 'refused', detail: fault });
        if (own.chance(0.2)) await delay(own.between(0, 40));
      }
    });
    const changes = devices.map(async (device) => {
      const own = random.fork(`${device.name} ${round}`);
      while (!isOver) {
        await delay(own.between(50, 1500));
        if (!isOver) device[own.chance(0.4) ? 'reconnect' : 'toggle']();
      }
    });
    await Promise.all(actors);
    await clashInAllSupport(random, world);
    isOver = true;
    await Promise.all(changes);
    await settle(world, devices);
  }
  // All devices are there, so each event arrives by itself: a replay shows what came after it, too.
  await coda(world, codaId);
  await settle(world, devices);
  const log = await readLog(nodes[0]!.settings.DATABASE_URL!);
  const histories = devices.map(({ history }) => history);
  for (const device of devices) await device[Symbol.asyncDispose]();
  return { histories, log, secretRoomId: world.roomIds[1]!, refused };
}

async function open(
  nodes: readonly TestNode[],
  seed: number,
): Promise<{ world: World; devices: Device[]; codaId: string }> {
  const node = nodes[0]!;
  const users = [
    ...(await Promise.all(['ann', 'bob', 'cat', 'dan', 'eve'].map((name) => person(node, name)))),
    await person(node, 'amy'),
    await person(node, 'alf'),
    await guest(node, 'Gus'),
  ];
  const [ann, bob, cat, dan, eve, amy, alf, gus] = users as [
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  const quay = await createRoom(ann, { name: 'Quay' });
  const vault = await createRoom(bob, { name: 'Vault', visibility: 'PRIVATE' });
  const pier = await createRoom(cat, { name: 'Pier' });
  const last = await createRoom(ann, { name: 'Coda' });
  const roomIds = [quay.id, vault.id, pier.id];
  await inviteToRoom(bob, { roomId: vault.id, userIds: [ann.id, cat.id] });
  for (const who of [bob, cat, eve, gus, amy]) await joinRoom(who, { roomId: quay.id });
  for (const who of [ann, dan, gus]) await joinRoom(who, { roomId: pier.id });
  for (const who of [bob, cat]) await joinRoom(who, { roomId: last.id });
  const customers = [ann, bob, cat, dan, eve];
  const supportIds = await Promise.all(
    customers.map(async (who) => (await mySupport(who)).id as string),
  );
  const random = createRandom(seed);
  const deviceOf = (who: Person, name: string, own: readonly Follow[]) =>
    createDevice(
      name,
      who,
      nodes,
      [...roomFollows([...roomIds, last.id]), ...own],
      random.fork(name),
    );
  const devices = [
    deviceOf(ann, 'ann’s laptop', [...userFollows(ann), supportFollow(supportIds[0]!)]),
    deviceOf(ann, 'ann’s phone', userFollows(ann)),
    deviceOf(bob, 'bob', userFollows(bob)),
    deviceOf(cat, 'cat', userFollows(cat)),
    deviceOf(dan, 'dan', [...userFollows(dan), supportFollow(supportIds[3]!)]),
    deviceOf(eve, 'eve', userFollows(eve)),
    deviceOf(amy, 'amy', [...userFollows(amy), deskFollow]),
    deviceOf(alf, 'alf', [...userFollows(alf), deskFollow]),
    deviceOf(gus, 'gus', []),
  ];
  return {
    world: { nodes, roomIds, users, messages: [], reportIds: [], supportIds, customers },
    devices,
    codaId: last.id,
  };
}

const roomFollows = (roomIds: readonly string[]): Follow[] =>
  roomIds.flatMap((roomId): Follow[] => [
    { name: `room ${roomId}`, field: 'roomMessages', roomId, topic: `conversation:${roomId}` },
    { name: `typing ${roomId}`, field: 'typing', roomId },
    { name: `presence ${roomId}`, field: 'roomPresence', roomId },
  ]);

const userFollows = ({ id }: Person): Follow[] => [
  { name: 'private', field: 'privateMessages', topic: `direct:${id}` },
  { name: 'notifications', field: 'notifications', topic: `user:${id}` },
];

const supportFollow = (id: string): Follow => ({
  name: 'support',
  field: 'supportMessages',
  topic: `conversation:${id}`,
});
const deskFollow: Follow = { name: 'desk', field: 'supportMessages', topic: 'support' };

async function readLog(url: string): Promise<LogRow[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query(
      `select topic, seq::int as seq, type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt"
       from events order by topic, seq`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** Lets each device note what the API answers, once nothing happens any more. */
async function settle(world: World, devices: readonly Device[]): Promise<void> {
  await stopTyping(world);
  await Promise.all(devices.map((device) => device.settle()));
}
