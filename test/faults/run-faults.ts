import { setTimeout as delay } from 'node:timers/promises';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditor, type Auditor } from './auditor.ts';
import type { Run } from './actors/run.ts';
import { gatherCast, type Cast, type Size } from './cast.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import type { Violation } from './checker/history.ts';
import { startTestedCluster } from './cluster/cluster.ts';
import { readHeld, readMetrics } from './held.ts';
import { injectFaults, type Injected } from './injected/schedule.ts';
import { createLags } from './lags.ts';
import { createRandom } from './random.ts';
import type { Report } from './report.ts';

export interface RunOptions {
  readonly seed: number;
  /** For how long faults are injected. */
  readonly seconds: number;
  readonly size: Size;
  /** Where the history goes when something was violated. */
  readonly directory: string;
  /** Told how it goes, every ten seconds. */
  readonly progress?: (line: string) => void;
}

const nodeCount = 3;
const auditMs = 2000;
/** Everybody is level with the log, and everything is let go of, so long after the last fault. */
const settleMs = 40_000;
/** Far above what a node needs, and far below what it would take to keep what readers do not read. */
const residentMaxBytes = 700 * 1024 * 1024;
const violationsMax = 100;
const channelCount = 8;

/** Starts a cluster, lets everybody loose on it, breaks it for so long, and says what was found. */
export async function runFaults({ seed, seconds, size, directory, progress = () => {} }: RunOptions): Promise<Report> {
  const random = createRandom(seed);
  const violations: (Violation & { at: number })[] = [];
  const injected: Injected[] = [];
  const lags = createLags(injected);
  const revocations: number[] = [];
  await using cluster = await startTestedCluster(nodeCount);
  let auditor: Auditor | undefined = undefined;
  const run: Run = {
    cluster,
    attempted: new Set(),
    acknowledged: [],
    pages: [],
    counts: { sends: 0, repeatedSends: 0, events: 0, reconnects: 0, resets: 0, joins: 0, leaves: 0, expiredTokens: 0, pagesOfHistory: 0, intrusions: 0 },
    violate(rule, detail) {
      if (violations.length < violationsMax) violations.push({ at: Date.now(), rule, detail });
      progress(`VIOLATION ${rule}: ${detail.slice(0, 500)}`);
    },
    heard(roomId, { seq, occurredAt, at }) {
      lags.note(occurredAt, at);
      auditor?.witness(roomId, seq);
    },
    revoked: (ms) => void revocations.push(ms),
  };
  const cast = await gatherCast(run, size, random.fork('cast'));
  auditor = createAuditor(run, cast.rooms, cast.followers);
  const watch = startWatch(run, auditor, () => progress(`${run.counts.sends} sends, ${run.counts.events} events, ${run.counts.reconnects} reconnects, ${injected.length} faults, ${violations.length} violations`));

  progress(`seed ${seed}: ${cast.followers.length} followers, ${size.writers} writers, faults for ${seconds} s`);
  const actors = cast.begin();
  await delay(1000);
  await injectFaults({ cluster, followers: cast.followers, rooms: cast.rooms, violate: run.violate }, random.fork('faults'), Date.now() + seconds * 1000, injected);
  await Promise.all(actors.map((actor) => actor.stop()));
  const lastAt = Date.now();
  const settledMs = (await settle(run, cast, auditor)) - lastAt;
  await auditor.checkMembers().catch((error: Error) => run.violate('harness', error.message));
  await Promise.all(cast.followers.map((follower) => follower[Symbol.asyncDispose]()));
  await checkNothingLeft(run);
  const peakResidentBytes = await watch.end();
  for (const node of cluster.nodes) await node.terminate();
  for (const node of cluster.nodes) for (const fault of node.faults) run.violate('node', fault);

  const report: Report = { seed, seconds, size, counts: run.counts, witnessed: auditor.witnessed, injected, lags, revocations, settledMs, peakResidentBytes, violations, historyFile: undefined };
  await auditor.close();
  return violations.length === 0 ? report : { ...report, historyFile: writeHistory(directory, report, auditor, cast) };
}

/** What is looked at all the time: what was told, and how the nodes do. Ends with the most memory that any node took. */
function startWatch(run: Run, auditor: Auditor, progress: () => void) {
  let isOver = false;
  let peakResidentBytes = 0;
  const watching = (async () => {
    for (let turn = 1; !isOver; turn++) {
      await delay(auditMs);
      await auditor.audit().catch(() => {});
      for (const node of run.cluster.nodes) {
        node.examine();
        const metrics = node.isUp ? await readMetrics(node.url).catch(() => undefined) : undefined;
        const resident = metrics?.get('process_resident_memory_bytes') ?? 0;
        if (resident > residentMaxBytes) run.violate('memory', `${node.name} takes ${Math.round(resident / 2 ** 20)} MiB`);
        peakResidentBytes = Math.max(peakResidentBytes, resident);
      }
      if (turn % 5 === 0) progress();
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return peakResidentBytes;
    },
  };
}

/** Waits until every follower is level with the log; when. */
async function settle(run: Run, cast: Cast, auditor: Auditor): Promise<number> {
  const lagging = () => auditor.behind().filter(({ follower }) => follower.isFollowing);
  const giveUpAt = Date.now() + settleMs;
  for (;;) {
    const since = Date.now();
    const isAudited = await auditor.audit().then(() => true, () => false);
    if (isAudited && lagging().length === 0) {
      await awaitSubscribers(run, cast.followers.filter(({ isFollowing }) => isFollowing).length);
      return since;
    }
    if (since > giveUpAt) break;
    await delay(100);
  }
  for (const { follower, standing, head } of lagging()) run.violate('hole', `${follower.name} stays at ${standing.position}, the log ends at ${head}`);
  return Date.now();
}

/** The nodes hold a subscription for each who follows, and none else. */
async function awaitSubscribers({ cluster, violate }: Run, expected: number): Promise<void> {
  const count = async () => (await Promise.all(cluster.nodes.map(({ url }) => readHeld(url)))).reduce((sum, { subscribers }) => sum + subscribers, 0);
  const giveUpAt = Date.now() + settleMs;
  let held = await count().catch(() => -1);
  while (held !== expected && Date.now() < giveUpAt) {
    await delay(250);
    held = await count().catch(() => -1);
  }
  if (held !== expected) violate('subscribers', `the nodes hold ${held} subscriptions, and ${expected} follow`);
}

/** After all have left. */
async function checkNothingLeft({ cluster, violate }: Run): Promise<void> {
  const leftovers = async () => (await Promise.all(cluster.nodes.map(async ({ name, url }) => checkLeftovers(name, await readHeld(url))))).flat();
  const giveUpAt = Date.now() + settleMs;
  let left = await leftovers();
  while (left.length > 0 && Date.now() < giveUpAt) {
    await delay(250);
    left = await leftovers();
  }
  for (const { rule, detail } of left) violate(rule, detail);
  const [channels, keys] = await cluster.redis.admin(async (client) => [(await client.pubsub('CHANNELS')) as string[], await client.keys('*')]);
  if (channels.length !== channelCount) violate('left over', `Redis has the channels ${channels.join(' ')}`);
  if (keys.length > 0) violate('left over', `Redis has the keys ${keys.join(' ')}`);
}

/** Everything that helps to find the cause, for the first of those of whom a violation speaks. */
function writeHistory(directory: string, report: Report, auditor: Auditor, cast: Cast): string {
  const { seed, seconds, size, injected, violations } = report;
  const named = cast.followers.filter(({ name }) => violations.some(({ detail }) => detail.startsWith(`${name}:`) || detail.startsWith(`${name} `)));
  const histories = named.slice(0, 10).map(({ name, user, roomId }) => ({ name, userId: user.id, roomId, ...auditor.historyOf(name) }));
  const file = join(mkdtempSync(join(directory, 'causerie-faults-')), `seed-${seed}.json`);
  writeFileSync(file, JSON.stringify({ seed, seconds, size, violations, injected, histories }, undefined, 1));
  return file;
}

