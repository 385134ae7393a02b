import { expect, it } from 'vitest';
import { runEmbedded } from './run-embedded.ts';

const seed = Number(process.env.FAULTS_SEED ?? 1);

it('[P6] a program with the embedded database that is killed under load keeps acknowledged data, and its indexes match its tables', async () => {
  const report = await runEmbedded({ seed, kills: 3 });
  expect(report.violations).toEqual([]);
  expect(report.sends).toBeGreaterThan(15);
  expect(report.indexes).toBeGreaterThan(15);
}, 120_000);
