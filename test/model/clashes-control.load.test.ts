import { expect, it, vi } from 'vitest';
import type { FreshEntry } from '../../src/live/feed.ts';
import { createRandom } from '../faults/random.ts';
import { describeWithServers } from '../support/servers.ts';
import { findWrongState } from './clashes.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

// The rule that was wrong: facts of earlier events stay, whatever later events change.
vi.mock('../../src/live/merged-facts.ts', () => ({
  mergeFacts(fresh: readonly FreshEntry[]) {
    const merged: Record<string, object> = {};
    for (const { facts = {} } of fresh)
      for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
    return merged;
  },
}));

describeWithServers(`control: with facts that are merged wrongly (SEED=${seed})`, () => {
  it('clients end with a wrong state', async () => {
    expect(await findWrongState(createRandom(seed), 600)).toBeDefined();
  }, 180_000);
});
