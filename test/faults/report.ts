import type { Counts } from './actors/run.ts';
import type { WebhookReceiver } from './actors/webhook-receiver.ts';
import type { Size } from './cast.ts';
import type { Violation } from './checker/history.ts';
import type { Injected } from './injected/schedule.ts';
import type { Lags } from './lags.ts';

/** The actions and findings of a run. */
export interface Report {
  readonly seed: number;
  readonly seconds: number;
  readonly size: Size;
  readonly counts: Counts;
  /** Events that were found committed at the moment they were received. */
  readonly witnessed: number;
  readonly injected: readonly Injected[];
  readonly lags: Lags;
  /** The times in ms until each removed member received the removal. */
  readonly revocations: readonly number[];
  /** The time in ms from the last fault until all followers had the whole log. */
  readonly settledMs: number;
  /**
   * The delivery time in ms of messages that were sent while Redis was stopped and no other fault
   * was active.
   */
  readonly withoutRedisMs: number;
  readonly webhook: WebhookReceiver['counts'];
  readonly peakResidentBytes: number;
  readonly violations: readonly Violation[];
  /** The file with the history of a run with violations. */
  readonly historyFile: string | undefined;
}

const thousands = (count: number) => count.toLocaleString('en');
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** For people to read, as Markdown. */
export function printReport(report: Report): string {
  const { counts, injected, lags, revocations, violations } = report;
  const lagOf = (kind: string, whether: 'alone' | 'among others') => {
    const lag = lags.worstOf(kind, whether);
    return lag === undefined ? '–' : seconds(lag);
  };
  const kinds = [...new Set(injected.map(({ kind }) => kind))].toSorted();
  const rows = kinds.map(
    (kind) =>
      `| ${kind} | ${injected.filter((one) => one.kind === kind).length} | ${lagOf(kind, 'alone')} | ${lagOf(kind, 'among others')} |`,
  );
  return [
    `Seed ${report.seed}, faults for ${report.seconds} s, ${report.size.writers} writers, ${report.size.followers} followers, ${report.size.members} who come and go, a crowd of ${report.size.crowd}.`,
    '',
    `- ${thousands(counts.sends)} sends acknowledged, ${thousands(counts.repeatedSends)} of them as repeats`,
    `- ${thousands(counts.events)} events received, ${thousands(report.witnessed)} of them looked up at that moment; ${thousands(counts.pagesOfHistory)} pages of the history loaded`,
    `- ${thousands(counts.reconnects)} reconnects, ${thousands(counts.expiredTokens)} of them because a token had ended; ${counts.resets} resets of who was too far behind`,
    `- ${thousands(counts.joins)} memberships granted, ${thousands(counts.leaves)} withdrawn; received at the latest after ${seconds(Math.max(0, ...revocations))}, half of them within ${seconds(median(revocations))}`,
    `- ${counts.intrusions} forbidden attempts; ${thousands(counts.presence)} events of presence received`,
    `- level with the log ${seconds(report.settledMs)} after the last fault; the worst lag while nothing was broken ${seconds(lags.worstInPeace)}; received within ${seconds(report.withoutRedisMs)} while Redis stood still`,
    `- ${thousands(report.webhook.events)} events received by a webhook, and ${thousands(report.webhook.repeats)} repeats`,
    `- at most ${Math.round(report.peakResidentBytes / 2 ** 20)} MiB taken by a node; ${counts.closedReaders} times somebody who read nothing was cut off`,
    '',
    '| fault | times | worst lag, alone | among others |',
    '|---|---|---|---|',
    ...rows,
    '',
    violations.length === 0
      ? 'Violations: none.'
      : `VIOLATIONS: ${violations.length}. Run again with --seed ${report.seed}; the history is in ${report.historyFile}.`,
    ...violations.slice(0, 20).map(({ rule, detail }) => `- ${rule}: ${detail.slice(0, 1000)}`),
  ].join('\n');
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
