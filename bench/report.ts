import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { Row } from './row.ts';
import type { Spread } from './statistics.ts';

export interface Report {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const packages = [
  'ws',
  'graphql',
  'graphql-ws',
  'graphql-yoga',
  'graphql-redis-subscriptions',
  '@prisma/client',
];

export const reportOf = (
  rows: readonly Row[],
  programs: Readonly<Record<string, string>>,
): Report => ({
  date: new Date().toISOString(),
  machine: machineText(),
  versions: {
    causerie: commit(),
    node: process.version.slice(1),
    ...programs,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  },
  rows,
});

function machineText(): string {
  const processors = `${cpus().length} × ${cpus()[0]!.model.trim()}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${processors}, ${memory}, Linux ${release()}`;
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'))
    .version;

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: new URL('.', import.meta.url),
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** A figure is marked if the range of its rounds is larger than this share of the median. */
const noisyAbove = 0.3;

export function toMarkdown({ date, machine, versions, rows }: Report): string {
  const header = ['', 'Causerie', 'raw', 'vanilla', '× raw', '× vanilla', 'target', 'reached'];
  const lines = rows.map((row) => [
    `${row.name}, ${row.unit}${row.note ? ` (${row.note})` : ''}`,
    figure(row.causerie),
    figure(row.raw),
    figure(row.vanilla),
    row.toRaw ? significant(row.toRaw.median) : '',
    row.toVanilla ? significant(row.toVanilla.median) : '',
    row.targets.map(({ text }) => text).join(', '),
    row.targets.map(({ isReached }) => (isReached ? 'yes' : '**no**')).join(', '),
  ]);
  const table = [header, header.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${table}

Medians of the rounds, with the lowest and the highest in brackets. ~ marks those with a range of more than ${noisyAbove * 100} % of the median. A ratio is the median of the ratios of each round.
${[`${date.slice(0, 16).replace('T', ' ')} UTC`, machine, ...versionList].join(' · ')}
`;
}

function figure(spread: Spread | undefined): string {
  if (!spread) return '–';
  const { low, median, high } = spread;
  if (low === high) return significant(median);
  const mark = high - low > noisyAbove * median ? '~' : '';
  return `${mark}${significant(median)} (${significant(low)}–${significant(high)})`;
}

/** The value with three significant digits. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  });
}
