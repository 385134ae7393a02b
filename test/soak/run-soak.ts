import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startNodeProcess } from '../faults/cluster/node-process.ts';
import { createRandom } from '../faults/random.ts';
import { freePort } from '../support/server-process.ts';
import { within } from '../support/within.ts';
import { comeAndGo } from './churn/connections.ts';
import { borrowToken, extendConnection } from './churn/sessions.ts';
import { followAndResume } from './churn/subscriptions.ts';
import { askSupport, talk } from './churn/talk.ts';
import { growthOf, type Growth } from './growth.ts';
import { collecting, takeSample, type Sample } from './samples.ts';
import { createTown, followAsResidents, type Town, type Visit } from './town.ts';

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
const walks: readonly Visit[] = [
  comeAndGo,
  comeAndGo,
  comeAndGo,
  extendConnection,
  borrowToken,
  followAndResume,
  followAndResume,
  talk,
  askSupport,
];
const visitorsPerWalk = 4;
/** The sum of the timeouts in a visit is less. */
const visitMs = 90_000;
const samplesOf = (seconds: number) => Math.min(300, Math.max(20, seconds * 2));
const secret = 'a secret that only this run knows, 32+ characters';

/**
 * Lets a constant population come, talk and go at one node, and measures what it holds meanwhile.
 * Rejects if the node could not be measured often enough.
 */
export async function runSoak({
  seconds,
  databaseUrl,
  redisUrl,
  preload,
  progress = () => {},
}: SoakOptions): Promise<SoakReport> {
  await using node = await startNodeProcess(
    'the node',
    await freePort(),
    { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, JWT_SECRET: secret, RATE_LIMITS: 'off' },
    [...collecting, ...(preload === undefined ? [] : ['--import', moduleOf(preload)])],
  );
  const town = await createTown(
    { url: `${node.url}/graphql`, secret },
    walks.length * visitorsPerWalk,
  );
  const residents = await followAsResidents(town);
  const redis = new Redis(redisUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const endAt = Date.now() + seconds * 1000;
    const measuring = measure(() => takeSample(node.url, redis, database), seconds, progress);
    const visiting = walks.map((visit, place) => walk(town, visit, place, endAt));
    const [samples, ...walked] = await Promise.all([measuring, ...visiting]);
    node.examine();
    return {
      visits: walked.reduce((sum, { visits }) => sum + visits, 0),
      growth: growthOf(samples),
      faults: [...walked.flatMap(({ faults }) => faults), ...node.faults],
    };
  } finally {
    for (const client of residents) await client.dispose();
    redis.disconnect();
    await database.end();
  }
}

const moduleOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** Repeats one kind of visit until the end. A visit that fails is a fault. */
async function walk(town: Town, visit: Visit, place: number, endAt: number) {
  const random = createRandom(place);
  const own = town.visitors.slice(place * visitorsPerWalk, (place + 1) * visitorsPerWalk);
  const faults: string[] = [];
  let visits = 0;
  for (; Date.now() < endAt; visits++)
    await within('the end of the visit', visit(town, random.pick(own), random), visitMs).catch(
      (error: unknown) => {
        faults.push(`${visit.name}: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
  return { visits, faults };
}

/** A busy node may miss a sample; the next one counts. */
async function measure(
  take: () => Promise<Sample>,
  seconds: number,
  progress: (line: string) => void,
): Promise<Sample[]> {
  const everyMs = (seconds * 1000) / samplesOf(seconds);
  const samples: Sample[] = [];
  for (const endAt = Date.now() + seconds * 1000; Date.now() < endAt;) {
    await delay(everyMs);
    const sample = await within('a sample', take(), 5000).catch(() => undefined);
    if (!sample) continue;
    samples.push(sample);
    if (samples.length % 20 === 0) progress(JSON.stringify(sample));
  }
  return samples;
}
