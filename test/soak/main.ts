// npm run soak -- [--minutes N]     a constant population comes and goes; what grows meanwhile
// fails the run
import { parseArgs } from 'node:util';
import { createDatabase, startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import { printGrowth } from './growth.ts';
import { runSoak } from './run-soak.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes is to be a number, not ${values.minutes}`);

await using postgres = await startPostgres();
await using redis = await startRedis();
const { visits, growth, faults } = await runSoak({
  seconds: minutes * 60,
  databaseUrl: await createDatabase(postgres.urlOf('postgres')),
  redisUrl: redis.url,
  progress: (line) => console.error(line),
});
console.log(
  `${visits.toLocaleString('en')} visits in ${minutes} minutes.\n\n${printGrowth(growth)}`,
);
for (const fault of new Set(faults)) console.log(`FAULT: ${fault}`);
process.exitCode = faults.length === 0 && !growth.some(({ isTooMuch }) => isTooMuch) ? 0 : 1;
