import { setTimeout as delay } from 'node:timers/promises';
import { leftOver, populationOf } from '../support/population.ts';
import type { Attack } from './attack.ts';
import { tooLate, type Seen } from './seen.ts';
import type { Site } from './site.ts';
import { createTally } from './tally.ts';

/** The latency of the bystanders' sends in one phase, in ms. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

export interface AttackReport {
  readonly name: string;
  readonly bound: string;
  readonly answers: string;
  /**
   * How much more memory the process took at its most, and how much more heap was in use
   * afterwards.
   */
  readonly grownBytes: number;
  readonly keptBytes: number;
  readonly before: Latency;
  readonly during: Latency;
  readonly after: Latency;
  readonly isAlive: boolean;
  /** Empty if every bound held. */
  readonly broken: readonly string[];
}

export interface AttackOptions {
  /** How long the attack lasts at most. */
  readonly forMs: number;
  /** How long the bystanders are measured before and after it. */
  readonly quietMs: number;
  /** Whether latencies have bounds. They mean nothing while other programs use the machine. */
  readonly isTimed: boolean;
}

/** The bounds of every attack. */
export const bounds = {
  /**
   * The most by which the process may grow: the 64 MiB that may wait for clients twice, garbage,
   * and compiled code.
   */
  grownBytes: 200 * 2 ** 20,
  /** The most that may stay in use afterwards: the cache of documents may fill. */
  keptBytes: 40 * 2 ** 20,
  /**
   * P13 allows twice what it was. The rest is for a machine whose cores also run the attack and
   * PostgreSQL.
   */
  latencyFactor: 2,
  medianSlackMs: 50,
  p99SlackMs: 250,
};

const releaseMs = 5000;
/** The time in which the heap must be back within its bound. */
const settleMs = 20_000;
/** Departures are announced after ten seconds. */
const presenceMs = 15_000;

/** Runs one attack while others use the node, and checks the bounds. */
export async function runAttack(
  attack: Attack,
  site: Site,
  { forMs, quietMs, isTimed }: AttackOptions,
): Promise<AttackReport> {
  const { node } = site;
  const tally = createTally();
  const population = await populationOf(site.url);
  const heapBefore = await site.heapBytes();
  await site.takeSeen();
  await delay(quietMs);
  const before = await site.takeSeen();

  const residentBefore = site.residentBytes();
  const peak = watchPeak(site);
  await attack.run(site, tally, forMs);
  const grownBytes = peak.stop() - residentBefore;
  const during = await site.takeSeen();

  await delay(isTimed ? releaseMs : 0);
  const reached = node.isUp;
  const left = reached ? await leftOver(site.url, population, presenceMs) : {};
  await site.takeSeen();
  await delay(quietMs);
  const after = await site.takeSeen();
  const keptBytes = node.isUp ? await keptSince(heapBefore, site) : 0;
  node.examine();

  const failures = [...during.failures, ...after.failures];
  const latencies = {
    before: latencyOf(before),
    during: latencyOf(during),
    after: latencyOf(after),
  };
  const broken = [
    ...tally.broken,
    ...node.faults,
    ...Object.entries(left).map(([what, count]) => `${count} ${what} left over`),
    ...(grownBytes > bounds.grownBytes ? [`grew by ${mebibytes(grownBytes)}`] : []),
    ...(keptBytes > bounds.keptBytes ? [`kept ${mebibytes(keptBytes)}`] : []),
    ...failuresIn(isTimed ? failures : failures.filter((failure) => failure !== tooLate)),
    ...(isTimed ? delaysIn(latencies) : []),
  ];
  return {
    name: attack.name,
    bound: attack.bound,
    answers: tally.print(),
    grownBytes,
    keptBytes,
    ...latencies,
    isAlive: node.isUp,
    broken,
  };
}

/** What the heap keeps. What the node is still letting go of has some time to go. */
async function keptSince(heapBefore: number, site: Site): Promise<number> {
  for (const deadline = performance.now() + settleMs; ; await delay(1000)) {
    const kept = (await site.heapBytes()) - heapBefore;
    if (kept <= bounds.keptBytes || performance.now() > deadline) return kept;
  }
}

export const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

function watchPeak(site: Site) {
  let peak = site.residentBytes();
  const timer = setInterval(() => (peak = Math.max(peak, site.residentBytes())), 50);
  return {
    stop(): number {
      clearInterval(timer);
      return Math.max(peak, site.residentBytes());
    },
  };
}

function latencyOf({ latencies }: Seen): Latency {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}

const failuresIn = (failures: readonly string[]): string[] =>
  failures.length === 0 ? [] : [`${failures.length} sends of others failed: ${failures[0]}`];

function delaysIn({ before, during, after }: Record<'before' | 'during' | 'after', Latency>) {
  const { latencyFactor, medianSlackMs, p99SlackMs } = bounds;
  const median = latencyFactor * before.median + medianSlackMs;
  const p99 = latencyFactor * before.p99 + p99SlackMs;
  return [
    ...(during.median > median ? ['delayed half of the sends of others'] : []),
    ...(during.p99 > p99 ? ['delayed some sends of others for long'] : []),
    ...(after.median > median ? ['delays others afterwards'] : []),
  ];
}
