import { tooLate, type Sent } from './seen.ts';

/** The latency of the bystanders' sends in one phase, in ms. NaN if none was due. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/** What the bystanders saw in one phase: the sends that were due in it. */
export interface Phase {
  readonly latency: Latency;
  readonly stored: number;
  /** What was answered instead of the stored message. */
  readonly failures: readonly string[];
}

/** In `settling`, the node releases what the attack held: only failures count. */
export type Phases = Readonly<Record<'before' | 'during' | 'settling' | 'after', Phase>>;

/** The sends that were due from one time to another. Those still waiting count with their age. */
export function phaseOf(sent: readonly Sent[], from: number, to: number): Phase {
  const due = sent.filter(({ dueAt }) => dueAt >= from && dueAt < to);
  const sorted = due.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return {
    latency: { median: at(0.5), p99: at(0.99) },
    stored: due.filter(({ outcome }) => outcome === 'stored').length,
    failures: due.flatMap(({ outcome }) => (typeof outcome === 'object' ? [outcome.failure] : [])),
  };
}

/** P13 allows twice what it was. The rest is for a machine whose cores also run the attack. */
export const delayBounds = { factor: 2, medianSlackMs: 50, p99SlackMs: 250 };

/**
 * The bounds that an attack broke for others. Delays count only if `isTimed`; they mean nothing
 * while other programs use the machine.
 */
export function brokenForOthers(phases: Phases, isTimed: boolean): string[] {
  const { before, during, settling, after } = phases;
  const failures = [before, during, settling, after]
    .flatMap((phase) => phase.failures)
    .filter((failure) => isTimed || failure !== tooLate);
  return [
    ...(failures.length > 0 ? [`${failures.length} sends of others failed: ${failures[0]}`] : []),
    ...(during.stored === 0 ? ['no send of others was stored during the attack'] : []),
    ...(isTimed ? delaysIn(phases) : []),
  ];
}

/** A figure that is missing has not held. */
function delaysIn({ before, during, after }: Phases): string[] {
  const { factor, medianSlackMs, p99SlackMs } = delayBounds;
  const median = factor * before.latency.median + medianSlackMs;
  const p99 = factor * before.latency.p99 + p99SlackMs;
  return [
    ...(during.latency.median <= median ? [] : ['delayed half of the sends of others']),
    ...(during.latency.p99 <= p99 ? [] : ['delayed some sends of others for long']),
    ...(after.latency.median <= median ? [] : ['delays others afterwards']),
  ];
}
