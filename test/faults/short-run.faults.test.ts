import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithServers } from '../support/servers.ts';
import { printReport } from './report.ts';
import { runFaults } from './run-faults.ts';
import { sizeFor } from './size.ts';

/** Enough for every kind of fault to come once. */
const seconds = 60;
const seed = Number(process.env.FAULTS_SEED ?? 1);
/** The directory of the run is deleted at its end, so the findings go elsewhere. */
const directory = dirname(tmpdir());

describeWithServers('three nodes that are broken in every way there is', () => {
  it(
    '[P1] [P2] [P3] [P4] [P5] [P6] [P10] [P11] [P16] lose nothing, and deliver everything once and in order',
    async ({ onTestFailed }) => {
      const startedAt = Date.now();
      const said: string[] = [];
      onTestFailed(() => console.log(said.join('\n')));
      const report = await runFaults({
        seed,
        seconds,
        size: sizeFor(seconds),
        directory,
        progress: (line) => said.push(`${Math.round((Date.now() - startedAt) / 1000)} s  ${line}`),
      });
      console.log(printReport(report));
      expect(report.violations).toEqual([]);
      expect(report.counts.sends).toBeGreaterThan(200);
      expect(report.counts.events).toBeGreaterThan(2000);
      expect(report.counts.reconnects).toBeGreaterThan(100);
      expect(report.webhook.events).toBeGreaterThan(200);
    },
    (seconds + 300) * 1000,
  );
});
