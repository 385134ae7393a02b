import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { createClient } from 'graphql-ws';
import { createRoom } from '../cast.ts';
import { checkLeftovers } from '../checker/leftovers.ts';
import type { Violation } from '../checker/history.ts';
import { startNodeProcess } from '../cluster/node-process.ts';
import { request } from '../cluster/request.ts';
import { createUsers, type Access, type User } from '../cluster/users.ts';
import { readHeld, readMetrics } from '../held.ts';
import { createRandom, type Random } from '../random.ts';
import { followDocument } from '../observations.ts';
import { freePort } from '../../support/server-process.ts';

/** The resources of a node without clients. */
export interface Taken {
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly handles: number;
  readonly files: number;
}

export interface MemoryReport {
  readonly visits: number;
  /** After the first half of the visits, and after the second. */
  readonly taken: readonly [Taken, Taken];
  readonly violations: readonly Violation[];
}

const userCount = 100;
const atOnce = 12;
const settleMs = 30_000;
const looksAtLeast = 5;
/** Collects garbage every second, so that only reachable memory is measured. */
const collecting = [
  '--expose-gc',
  '--import',
  'data:text/javascript,setInterval(gc, 1000).unref()',
];
const join = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const leave = 'mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id } } }';
const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

/** Joins, subscribes, sometimes writes, and leaves, with or without closing the connection. */
async function visit(access: Access, user: User, roomId: string, random: Random): Promise<void> {
  const { token } = await user.sign();
  await request(access.url, token, join, { input: { roomId } });
  let socket: WebSocket | undefined;
  const client = createClient({
    url: access.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: 0,
    on: { opened: (opened) => void (socket = opened as WebSocket) },
  });
  const isAbrupt = random.chance(0.5);
  const isLeavingFirst = random.chance(0.5);
  await new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: followDocument, variables: { roomId } },
      { next: () => resolve(), error: reject, complete: () => resolve() },
    );
  });
  if (random.chance(0.2))
    await request(access.url, token, send, { input: { conversationId: roomId, body: 'hello' } });
  if (isLeavingFirst) await request(access.url, token, leave, { input: { roomId } });
  if (isAbrupt) socket!.terminate();
  await client.dispose();
  if (!isLeavingFirst) await request(access.url, token, leave, { input: { roomId } });
}

/** Runs the visits at one node, and measures its resources after each half. */
export async function runMemory({
  visits,
  databaseUrl,
  redisUrl,
  preload,
  progress = () => {},
}: {
  visits: number;
  databaseUrl: string;
  redisUrl: string;
  /** Code that the node runs first, to plant a leak. */
  preload?: string;
  progress?: (line: string) => void;
}): Promise<MemoryReport> {
  const random = createRandom(visits);
  const secret = 'a secret that only this run knows, 32+ characters';
  await using node = await startNodeProcess(
    'the node',
    await freePort(),
    { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, JWT_SECRET: secret },
    [...collecting, ...(preload === undefined ? [] : ['--import', moduleOf(preload)])],
  );
  const access = { url: `${node.url}/graphql`, secret };
  using redis = connectRedis(redisUrl);
  const violations: Violation[] = [];
  const [owner, ...users] = (await createUsers(
    access,
    Array.from({ length: userCount + 1 }, (_, place) => `visitor-${place}`),
  )) as [User, ...User[]];
  const rooms = await Promise.all(
    ['north', 'east', 'south'].map((name) => createRoom(access, owner, name, 'PUBLIC')),
  );
  const takeHalf = async (half: string, before?: Taken): Promise<Taken> => {
    const walk = async (place: number) => {
      const own = users.filter((_, user) => user % atOnce === place);
      const chance = random.fork(`${half} ${place}`);
      for (let turn = place; turn < visits / 2; turn += atOnce)
        await visit(
          access,
          own[Math.floor(turn / atOnce) % own.length]!,
          chance.pick(rooms).id,
          chance,
        );
    };
    await Promise.all(Array.from({ length: atOnce }, (_, place) => walk(place)));
    violations.push(...(await awaitNothingHeld(node.url)), ...(await awaitNobodyOnline(redis)));
    const taken = await readTaken(node.url, before);
    progress(
      `after the ${half} half of ${visits} visits: heap ${(taken.heapBytes / 2 ** 20).toFixed(2)} MiB, external ${(taken.externalBytes / 2 ** 20).toFixed(2)} MiB, ${taken.handles} handles, ${taken.files} files`,
    );
    return taken;
  };
  const first = await takeHalf('first');
  const taken = [first, await takeHalf('second', first)] as const;
  node.examine();
  await node.terminate();
  violations.push(...(await checkRedis(redis)));
  violations.push(...node.faults.map((detail) => ({ rule: 'node', detail })));
  return { visits, taken, violations };
}

const moduleOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

async function awaitNothingHeld(url: string): Promise<Violation[]> {
  for (const giveUpAt = Date.now() + settleMs; ; await delay(100)) {
    const left = checkLeftovers('the node', await readHeld(url));
    if (left.length === 0 || Date.now() > giveUpAt) return left;
  }
}

/**
 * The minimum over several garbage collections. Waits until there are no more handles than before:
 * idle connections stay open for seconds with HTTP, and for ten seconds with PostgreSQL.
 */
async function readTaken(url: string, before: Taken | undefined): Promise<Taken> {
  const seen: Taken[] = [];
  const least = (of: keyof Taken) => Math.min(...seen.map((one) => one[of]));
  const isMore = () =>
    before !== undefined && (least('handles') > before.handles || least('files') > before.files);
  for (
    const giveUpAt = Date.now() + settleMs;
    seen.length < looksAtLeast || (isMore() && Date.now() < giveUpAt);
  ) {
    await delay(1000);
    const metrics = await readMetrics(url);
    const gauge = (name: string) => metrics.get(name) ?? 0;
    seen.push({
      heapBytes: gauge('nodejs_heap_size_used_bytes'),
      externalBytes: gauge('nodejs_external_memory_bytes'),
      handles: gauge('nodejs_active_handles_total'),
      files: gauge('process_open_fds'),
    });
  }
  return {
    heapBytes: least('heapBytes'),
    externalBytes: least('externalBytes'),
    handles: least('handles'),
    files: least('files'),
  };
}

const connectRedis = (url: string): Redis & Disposable => {
  const redis = new Redis(url);
  return Object.assign(redis, { [Symbol.dispose]: () => redis.disconnect() });
};

/** Users who have left stay online for the grace time only [P7]. */
async function awaitNobodyOnline(redis: Redis): Promise<Violation[]> {
  for (const giveUpAt = Date.now() + settleMs; ; await delay(250)) {
    const keys = await redis.keys('*:users:*');
    if (keys.length === 0) return [];
    if (Date.now() > giveUpAt)
      return [{ rule: 'left over', detail: `Redis still has who is online: ${keys.join(' ')}` }];
  }
}

/** A node that has ended in order leaves nothing but counts of rates, which end by themselves. */
async function checkRedis(redis: Redis): Promise<Violation[]> {
  const keys = await redis.keys('*');
  const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
  const left = keys.filter((key, place) => !/:(rate|burst):/.test(key) || lives[place] === -1);
  return left.length === 0
    ? []
    : [
        {
          rule: 'left over',
          detail: `Redis still has ${left.length} keys: ${left.slice(0, 5).join(' ')}`,
        },
      ];
}
