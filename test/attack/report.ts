import { delayBounds, type Latency } from './phases.ts';
import { bounds, mebibytes, type AttackReport } from './run-attack.ts';

const ms = ({ median, p99 }: Latency) => `${median.toFixed(0)} / ${p99.toFixed(0)}`;

/** The table of a run, as Markdown. */
export function printReports(reports: readonly AttackReport[]): string {
  const rows = reports.map((report) =>
    [
      '',
      report.name,
      report.bound,
      report.answers,
      `+${mebibytes(report.grownBytes)}`,
      `${report.keptBytes < 0 ? '' : '+'}${mebibytes(report.keptBytes)}`,
      ms(report.before),
      ms(report.during),
      ms(report.after),
      report.isAlive ? 'no' : '**yes**',
      report.broken.length === 0
        ? 'holds'
        : `**BROKEN**: ${report.broken.join('; ').slice(0, 500)}`,
      '',
    ].join(' | '),
  );
  return [
    '| attack | bound | answers | memory at most | heap after | latency of others before | during | after | exit | verdict |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => row.trim()),
    '',
    `Latencies are medians and 99th percentiles of the sends of others, in ms. A bound is broken if the process ends, logs an error or refuses a send of others; if it grows by more than ${mebibytes(bounds.grownBytes)}, or keeps more than ${mebibytes(bounds.keptBytes)} of heap, connections, subscriptions or users afterwards; or if others wait longer than ${delayBounds.factor} × before (median + ${delayBounds.medianSlackMs} ms, 99th percentile + ${delayBounds.p99SlackMs} ms).`,
  ].join('\n');
}
