// npm run attack -- [--seconds N] [--only TEXT]     attacks a built node, and prints what it cost
import { parseArgs } from 'node:util';
import { createDatabase, startPostgres } from '../support/postgres.ts';
import { allAttacks } from './attacks/all.ts';
import { printReports } from './report.ts';
import { runAttack, type AttackReport } from './run-attack.ts';
import { openSite, type Site } from './site.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds is to be a number, not ${values.seconds}`);
const attacks = allAttacks.filter(({ name }) => name.includes(values.only));
if (attacks.length === 0)
  throw new Error(
    `No attack has "${values.only}" in its name. There are: ${allAttacks.map(({ name }) => name).join('; ')}.`,
  );

await using postgres = await startPostgres();
const open = async () =>
  openSite({ databaseUrl: await createDatabase(postgres.urlOf('postgres')) });
const reports: AttackReport[] = [];
let site: Site = await open();
for (const attack of attacks) {
  const report = await runAttack(attack, site, {
    forMs: seconds * 1000,
    quietMs: 3000,
    isTimed: true,
  });
  reports.push(report);
  const verdict = report.broken.length === 0 ? 'holds' : `BROKEN (${report.broken.join('; ')})`;
  console.error(`${attack.name}: ${report.answers}: ${verdict}`);
  if (report.isAlive) continue;
  await site[Symbol.asyncDispose]();
  site = await open();
}
await site[Symbol.asyncDispose]();
console.log(printReports(reports));
process.exitCode = reports.every(({ broken }) => broken.length === 0) ? 0 : 1;
