// npm run faults -- [--minutes N] [--seed S] [--crowd N] a cluster that is broken by seed npm run
// faults -- --embedded [--kills N] [--seed S] the embedded program, killed over and over npm run
// faults -- --memory [--visits N] people who come and go at one node
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import type { Violation } from './checker/history.ts';
import { runEmbedded } from './embedded/run-embedded.ts';
import { runMemory } from './memory/run-memory.ts';
import { printReport } from './report.ts';
import { runFaults } from './run-faults.ts';
import { sizeFor } from './size.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    crowd: { type: 'string' },
    embedded: { type: 'boolean', default: false },
    kills: { type: 'string', default: '20' },
    memory: { type: 'boolean', default: false },
    visits: { type: 'string', default: '3600' },
  },
});

function numberOf(name: 'minutes' | 'seed' | 'crowd' | 'kills' | 'visits'): number {
  const number = Number(values[name]);
  if (!(number >= 0)) throw new Error(`--${name} is to be a number, not ${values[name]}`);
  return number;
}

// The files of the servers are deleted when this process exits; the findings stay.
const found = tmpdir();
const directory = mkdtempSync(join(found, 'causerie-run-'));
chmodSync(directory, 0o1777);
process.env.TMPDIR = directory;
process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const startedAt = Date.now();
const progress = (line: string) =>
  console.error(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${line}`);

async function runCluster(): Promise<readonly Violation[]> {
  const seconds = numberOf('minutes') * 60;
  const size = {
    ...sizeFor(seconds),
    ...(values.crowd !== undefined && { crowd: numberOf('crowd') }),
  };
  const report = await runFaults({
    seed: numberOf('seed'),
    seconds,
    size,
    directory: found,
    progress,
  });
  console.log(printReport(report));
  return report.violations;
}

async function killEmbedded(): Promise<readonly Violation[]> {
  const { seed, kills, sends, repeatedSends, events, indexes, violations } = await runEmbedded({
    seed: numberOf('seed'),
    kills: numberOf('kills'),
    progress,
  });
  console.log(
    `Seed ${seed}: killed ${kills} times, ${sends} sends acknowledged (${repeatedSends} as repeats), ${events} events received, ${indexes} indexes compared with their tables.`,
  );
  printViolations(violations);
  return violations;
}

async function measureMemory(): Promise<readonly Violation[]> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const { violations } = await runMemory({
    visits: numberOf('visits'),
    databaseUrl: await createDatabase(postgres.urlOf('postgres')),
    redisUrl: redis.url,
    progress,
  });
  printViolations(violations);
  return violations;
}

function printViolations(violations: readonly Violation[]): void {
  console.log(
    violations.length === 0
      ? 'Violations: none.'
      : `VIOLATIONS: ${violations.length}.\n${violations.map(({ rule, detail }) => `- ${rule}: ${detail}`).join('\n')}`,
  );
}

const violations = await (values.embedded
  ? killEmbedded()
  : values.memory
    ? measureMemory()
    : runCluster());
// Exit at once, because Node 20 may wait forever for sockets that were reset.
process.exit(violations.length === 0 ? 0 : 1);
