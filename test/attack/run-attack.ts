import { setTimeout as delay } from 'node:timers/promises';
import { leftOver, populationOf } from '../support/population.ts';
import type { Attack } from './attack.ts';
import { brokenForOthers, phaseOf, type Latency } from './phases.ts';
import type { Site } from './site.ts';
import { createTally } from './tally.ts';

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
  await site.takeSent();
  const quietFrom = Date.now();
  await delay(quietMs);

  const attackFrom = Date.now();
  const residentBefore = site.residentBytes();
  const peak = watchPeak(site);
  await attack.run(site, tally, forMs);
  const grownBytes = peak.stop() - residentBefore;
  const attackTo = Date.now();

  await delay(isTimed ? releaseMs : 0);
  const reached = node.isUp;
  const left = reached ? await leftOver(site.url, population, presenceMs) : {};
  const afterFrom = Date.now();
  await delay(quietMs);
  const sent = await site.takeSent();
  const keptBytes = node.isUp ? await keptSince(heapBefore, site) : 0;
  node.examine();

  const phases = {
    before: phaseOf(sent, quietFrom, attackFrom),
    during: phaseOf(sent, attackFrom, attackTo),
    settling: phaseOf(sent, attackTo, afterFrom),
    after: phaseOf(sent, afterFrom, Infinity),
  };
  const broken = [
    ...tally.broken,
    ...node.faults,
    ...Object.entries(left).map(([what, count]) => `${count} ${what} left over`),
    ...(grownBytes > bounds.grownBytes ? [`grew by ${mebibytes(grownBytes)}`] : []),
    ...(keptBytes > bounds.keptBytes ? [`kept ${mebibytes(keptBytes)}`] : []),
    ...brokenForOthers(phases, isTimed),
  ];
  return {
    name: attack.name,
    bound: attack.bound,
    answers: tally.print(),
    grownBytes,
    keptBytes,
    before: phases.before.latency,
    during: phases.during.latency,
    after: phases.after.latency,
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
