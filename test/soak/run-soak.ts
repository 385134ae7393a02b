import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocket } from 'ws';
import { createRoom } from '../faults/cast.ts';
import { startNodeProcess } from '../faults/cluster/node-process.ts';
import { request } from '../faults/cluster/request.ts';
import { createUsers, type User } from '../faults/cluster/users.ts';
import { createRandom } from '../faults/random.ts';
import { followDocument } from '../faults/told.ts';
import { freePort } from '../support/server-process.ts';
import { comeAndGo } from './churn/connections.ts';
import { borrowToken, extendConnection } from './churn/sessions.ts';
import { followAndResume } from './churn/subscriptions.ts';
import { askSupport, talk } from './churn/talk.ts';
import { growthOf, type Growth } from './growth.ts';
import type { Town, Visit } from './resident.ts';
import { collecting, takeSample, type Sample } from './samples.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Code that the node runs first, to plant a leak. */
  readonly preload?: string;
  readonly progress?: (line: string) => void;
}

export interface SoakReport {
  readonly visits: number;
  readonly growth: readonly Growth[];
  /** What the node logged as errors, and visits that failed. */
  readonly faults: readonly string[];
}

/** Each kind of churn runs in so many walks at once. */
const walks: readonly (readonly [Visit, number])[] = [
  [comeAndGo, 3],
  [extendConnection, 1],
  [borrowToken, 1],
  [followAndResume, 2],
  [talk, 1],
  [askSupport, 1],
];
const steady = 20;
const visitorsPerWalk = 4;
const samplesOf = (seconds: number) => Math.min(300, Math.max(20, seconds * 2));
const join = 'mutation ($id: ID!) { joinRoom(input: { roomId: $id }) { __typename } }';

/**
 * Lets a constant population come, talk and go at one node, and measures what it holds meanwhile.
 */
export async function runSoak({
  seconds,
  databaseUrl,
  redisUrl,
  preload,
  progress = () => {},
}: SoakOptions): Promise<SoakReport> {
  const secret = 'a secret that only this run knows, 32+ characters';
  await using node = await startNodeProcess(
    'the node',
    await freePort(),
    { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, JWT_SECRET: secret, RATE_LIMITS: 'off' },
    [
      ...collecting,
      ...(preload === undefined
        ? []
        : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]),
    ],
  );
  const redis = new Redis(redisUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const access = { url: `${node.url}/graphql`, secret };
  const wsUrl = access.url.replace('http', 'ws');
  const walkCount = walks.reduce((sum, [, count]) => sum + count, 0);
  const users = await createUsers(
    access,
    Array.from({ length: steady + walkCount * visitorsPerWalk }, (_, place) => `user-${place}`),
  );
  const residents = users.slice(0, steady);
  const visitors = users.slice(steady);
  const [first] = residents as [User];
  const roomIds = await idsOfRooms(['north', 'south']);
  const openRoomIds = await idsOfRooms(['east', 'west']);
  const town: Town = { url: access.url, wsUrl, roomIds, openRoomIds };
  for (const user of users)
    for (const id of roomIds) await request(access.url, (await user.sign()).token, join, { id });
  const clients = await Promise.all(residents.map((user) => follow(user)));

  async function idsOfRooms(names: readonly string[]): Promise<string[]> {
    const rooms = await Promise.all(names.map((name) => createRoom(access, first, name, 'PUBLIC')));
    return rooms.map(({ id }) => id);
  }

  /** Stays for the whole run. */
  async function follow(user: User) {
    const { token } = await user.sign();
    const client = createClient({
      url: wsUrl,
      webSocketImpl: WebSocket,
      connectionParams: { token },
    });
    for (const roomId of roomIds)
      client.subscribe(
        { query: followDocument, variables: { roomId } },
        { next: () => {}, error: () => {}, complete: () => {} },
      );
    return client;
  }

  const faults: string[] = [];
  let visits = 0;
  const endAt = Date.now() + seconds * 1000;
  async function walk(visit: Visit, place: number): Promise<void> {
    const random = createRandom(place);
    const own = visitors.slice(place * visitorsPerWalk, (place + 1) * visitorsPerWalk);
    while (Date.now() < endAt) {
      await visit(town, random.pick(own), random).catch((error: unknown) => {
        faults.push(`${visit.name}: ${String((error as Error).message ?? error)}`);
      });
      visits++;
    }
  }

  const samples: Sample[] = [];
  async function sample(): Promise<void> {
    const everyMs = (seconds * 1000) / samplesOf(seconds);
    while (Date.now() < endAt) {
      await delay(everyMs);
      samples.push(await takeSample(node.url, redis, database));
      if (samples.length % 20 === 0) progress(JSON.stringify(samples.at(-1)));
    }
  }

  const running = walks
    .flatMap(([visit, count]) => Array.from({ length: count }, () => visit))
    .map((visit, place) => walk(visit, place));
  await Promise.all([...running, sample()]);
  for (const client of clients) await client.dispose();
  redis.disconnect();
  await database.end();
  node.examine();
  return { visits, growth: growthOf(samples), faults: [...faults, ...node.faults] };
}
