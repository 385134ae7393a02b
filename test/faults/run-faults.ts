import { setTimeout as delay } from 'node:timers/promises';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditor, type Evidence } from './auditor.ts';
import { newRun } from './actors/new-run.ts';
import { gatherCast, type Size } from './cast.ts';
import type { Violation } from './checker/history.ts';
import { startTestedCluster } from './cluster/cluster.ts';
import { injectFaults, type Injected } from './injected/schedule.ts';
import { createLags } from './lags.ts';
import { createRandom } from './random.ts';
import type { Report } from './report.ts';
import { checkNothingLeft, checkNothingStays, checkWithoutRedis, settle } from './settle.ts';
import { startWatch } from './watch.ts';
import { createWitness } from './witness.ts';

export interface RunOptions {
  readonly seed: number;
  /** For how long faults are injected. */
  readonly seconds: number;
  readonly size: Size;
  /** Where the history goes when something was violated. */
  readonly directory: string;
  /** Receives the progress every ten seconds. */
  readonly progress?: (line: string) => void;
}

const nodeCount = 3;
const violationsMax = 100;

/** Starts a cluster with all actors, injects faults for this time, and reports the findings. */
export async function runFaults({
  seed,
  seconds,
  size,
  directory,
  progress = () => {},
}: RunOptions): Promise<Report> {
  const random = createRandom(seed);
  const violations: (Violation & { at: number })[] = [];
  const injected: Injected[] = [];
  const lags = createLags(injected);
  const revocations: number[] = [];
  await using cluster = await startTestedCluster(nodeCount);
  const violate = (rule: string, detail: string) => {
    if (violations.length < violationsMax) violations.push({ at: Date.now(), rule, detail });
    progress(`VIOLATION ${rule}: ${detail.slice(0, 500)}`);
  };
  const witness = createWitness(cluster.databaseUrl, violate);
  const run = newRun(cluster.lanes, {
    violate,
    received(roomId, { seq, occurredAt, at }) {
      lags.note(occurredAt, at);
      witness.look(roomId, seq);
    },
    revoked: (ms) => void revocations.push(ms),
  });
  const cast = await gatherCast(run, cluster, size, random.fork('cast'));
  const auditor = createAuditor(run, cluster.databaseUrl, cast.rooms, cast.followers);
  const watch = startWatch(run, cluster, auditor, () =>
    progress(
      `${run.counts.sends} sends, ${run.counts.events} events, ${run.counts.reconnects} reconnects, ${injected.length} faults, ${violations.length} violations`,
    ),
  );

  progress(
    `seed ${seed}: ${cast.followers.length} followers, ${size.writers} writers, faults for ${seconds} s`,
  );
  const actors = cast.begin();
  await delay(1000);
  await injectFaults(
    { cluster, followers: cast.followers, rooms: cast.rooms, violate: run.violate },
    random.fork('faults'),
    seconds * 1000,
    injected,
  );
  const lastFaultAt = Date.now();
  progress('no more faults; everybody finishes what they are at');
  await Promise.all(actors.map((actor) => actor.stop()));
  progress('everybody comes to be level with the log');
  const settledMs = (await settle(run, cluster, cast, auditor)) - lastFaultAt;
  const withoutRedisMs = await checkWithoutRedis(run, cluster, cast, auditor);
  progress('the application comes to have everything');
  await cast.application.settle();
  await cast.webhook.settle();
  progress('what is not allowed is tried');
  await cast.tryEverything();
  progress('all nodes come to tell the same of who is online');
  await cast.presence.settle();
  await auditor.checkMembers().catch((error: Error) => run.violate('harness', error.message));
  await Promise.all(
    [...cast.followers, cast.application, cast.webhook].map((follower) =>
      follower[Symbol.asyncDispose](),
    ),
  );
  progress('everybody has left');
  await checkNothingLeft(run, cluster);
  const peakResidentBytes = await watch.end();
  progress('the nodes end');
  for (const node of cluster.nodes) await node.terminate();
  await checkNothingStays(run, cluster);
  for (const node of cluster.nodes) for (const fault of node.faults) run.violate('node', fault);

  const report: Report = {
    seed,
    seconds,
    size,
    counts: run.counts,
    witnessed: witness.count,
    injected,
    lags,
    revocations,
    settledMs,
    withoutRedisMs,
    webhook: cast.webhook.counts,
    peakResidentBytes,
    violations,
    historyFile: undefined,
  };
  progress('nothing stays');
  await Promise.all([auditor.close(), witness.close()]);
  return violations.length === 0
    ? report
    : { ...report, historyFile: writeHistory(directory, report, auditor.evidence) };
}

/** Everything that helps to find the cause. */
function writeHistory(
  directory: string,
  { seed, seconds, size, injected, violations }: Report,
  evidence: readonly Evidence[],
): string {
  const file = join(mkdtempSync(join(directory, 'causerie-faults-')), `seed-${seed}.json`);
  writeFileSync(
    file,
    JSON.stringify(
      { seed, seconds, size, violations, injected, evidence: evidence.slice(0, 20) },
      undefined,
      1,
    ),
  );
  return file;
}
