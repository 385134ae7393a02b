// npm run faults -- [--minutes N] [--seed S] [--crowd N]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printReport } from './report.ts';
import { runFaults } from './run-faults.ts';
import { sizeFor } from './size.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' }, crowd: { type: 'string' } } });
const seconds = Number(values.minutes) * 60;
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const size = { ...sizeFor(seconds), ...(values.crowd !== undefined && { crowd: Number(values.crowd) }) };
if (!(seconds > 0) || !Number.isSafeInteger(seed) || !Number.isSafeInteger(size.crowd)) throw new Error('usage: npm run faults -- [--minutes N] [--seed S] [--crowd N]');

// What the servers leave goes when this process does; what it found stays.
const found = tmpdir();
const directory = mkdtempSync(join(found, 'causerie-run-'));
chmodSync(directory, 0o1777);
process.env.TMPDIR = directory;
process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const startedAt = Date.now();
const progress = (line: string) => console.error(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${line}`);
const report = await runFaults({ seed, seconds, size, directory: found, progress });
console.log(printReport(report));
// At once: Node 20 may wait for ever for sockets that were reset.
process.exit(report.violations.length === 0 ? 0 : 1);
