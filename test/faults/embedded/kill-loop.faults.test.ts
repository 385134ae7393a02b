import { expect, it } from 'vitest';
import { runEmbedded } from './run-embedded.ts';

const seed = Number(process.env.FAULTS_SEED ?? 1);

it('[P6] the embedded program that is killed under load keeps what it acknowledged, and its indexes hold what its tables hold', async () => {
  const report = await runEmbedded({ seed, kills: 3 });
  expect(report.violations).toEqual([]);
  expect(report.sends).toBeGreaterThan(15);
  expect(report.indexes).toBeGreaterThan(15);
}, 90_000);
