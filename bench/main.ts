import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresPrograms } from '../test/support/postgres.ts';
import type { Bench } from './bench.ts';
import { reportOf, toMarkdown } from './report.ts';
import type { Row } from './row.ts';
import { openSite } from './site.ts';
import { appEvents, unfollowed, webhooks } from './suites/app-events.ts';
import { costOfBounds } from './suites/bounds.ts';
import { coldStart } from './suites/cold-start.ts';
import { fanOut } from './suites/fan-out.ts';
import { costOfGate } from './suites/gate.ts';
import { importing } from './suites/import.ts';
import { memory } from './suites/memory.ts';
import { metadata } from './suites/metadata.ts';
import { resume } from './suites/resume.ts';
import { send } from './suites/send.ts';
import { sendToReceived } from './suites/send-to-received.ts';

const suites: Record<string, (bench: Bench) => Promise<Row[]>> = {
  'fan-out': fanOut,
  send,
  'send-to-received': sendToReceived,
  memory,
  resume,
  'cold-start': coldStart,
  bounds: costOfBounds,
  gate: costOfGate,
  import: importing,
  metadata,
  unfollowed,
  'app-events': appEvents,
  webhooks,
};

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: Object.keys(suites) },
    quick: { type: 'boolean', default: false },
    connections: { type: 'string', default: '10000' },
    scale: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});
const unknown = options.only.filter((name) => !(name in suites));
if (unknown.length > 0)
  throw new Error(
    `Unknown suite: ${unknown.join(', ')}. Use one of ${Object.keys(suites).join(', ')}.`,
  );

const connections = Number(options.connections);
const startedAt = performance.now();
function log(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stderr.write(`${seconds.padStart(4)} s  ${text}\n`);
}

await using site = await openSite(Math.max(10_000, connections));
const bench: Bench = {
  site,
  rounds: options.quick ? 2 : 5,
  isQuick: options.quick,
  connections,
  scale: Number(options.scale),
  log,
};
const rows: Row[] = [];
for (const name of options.only) rows.push(...(await suites[name]!(bench)));

const programVersion = (file: string) =>
  /\d+(\.\d+)+/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))![0];
const report = reportOf(rows, {
  postgresql: programVersion(join(postgresPrograms()!, 'postgres')),
  redis: programVersion('redis-server'),
});
const markdown = toMarkdown(report);
// Only a complete run replaces the stored results.
if (!options.quick && options.only.length === Object.keys(suites).length)
  writeFileSync(new URL('RESULTS.md', import.meta.url), `# Results\n\n${markdown}`);
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : markdown);
