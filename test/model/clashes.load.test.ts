import { expect, it } from 'vitest';
import { createRandom } from '../faults/random.ts';
import { describeWithServers } from '../support/servers.ts';
import { findWrongState } from './clashes.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

describeWithServers(`events that are executed together (SEED=${seed})`, () => {
  it('[P2] end in the state that the API answers', async () => {
    expect(await findWrongState(createRandom(seed), 25)).toBeUndefined();
  }, 180_000);
});
