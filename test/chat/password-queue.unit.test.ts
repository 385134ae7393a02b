import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createPasswordQueue, hashesAtOnce } from '../../src/chat/people/password-queue.ts';
import { createMetrics } from '../../src/metrics.ts';

/** Work that runs until it is finished by hand, and a record of what started. */
function manualWork() {
  const started: string[] = [];
  const finish: (() => void)[] = [];
  let running = 0;
  let mostRunning = 0;
  return {
    started,
    get mostRunning() {
      return mostRunning;
    },
    work: (name: string) => () =>
      new Promise<void>((resolve) => {
        started.push(name);
        mostRunning = Math.max(mostRunning, ++running);
        finish.push(() => {
          running--;
          resolve();
        });
      }),
    /** Finishes all work, also that which starts meanwhile. */
    async finishAll(): Promise<void> {
      await nextTurn();
      for (let next = finish.shift(); next; next = finish.shift()) {
        next();
        await nextTurn();
      }
    },
  };
}

const metrics = createMetrics();
const roomy = { waitingPerAddress: 1000, waiting: 1000, metrics };

it.each([1, 2, 8])('[P13] runs no more than %i at once, and all of it', async (atOnce) => {
  const queue = createPasswordQueue({ atOnce, ...roomy });
  const manual = manualWork();
  const all = Array.from({ length: 300 }, (_, index) =>
    queue.run({ holder: 'one' }, manual.work(String(index))),
  );
  await nextTurn();
  expect(manual.started).toHaveLength(atOnce);
  await manual.finishAll();
  await Promise.all(all);
  expect(manual.started).toHaveLength(300);
  expect(manual.mostRunning).toBe(atOnce);
});

it('[P13] serves addresses in turn: one that sends hundreds delays another by one piece of work', async () => {
  const queue = createPasswordQueue({ atOnce: 1, ...roomy });
  const manual = manualWork();
  const all = [
    ...Array.from({ length: 300 }, (_, index) =>
      queue.run({ holder: 'loud' }, manual.work(`loud ${index}`)),
    ),
    queue.run({ holder: 'quiet' }, manual.work('quiet')),
    queue.run({ holder: 'calm' }, manual.work('calm')),
  ];
  await manual.finishAll();
  await Promise.all(all);
  expect(manual.started.slice(0, 5)).toEqual(['loud 0', 'quiet', 'calm', 'loud 1', 'loud 2']);
});

it('[P13] refuses what exceeds its bounds, with the time to wait, and has room again afterwards', async () => {
  const queue = createPasswordQueue({ atOnce: 1, waitingPerAddress: 3, waiting: 5, metrics });
  const manual = manualWork();
  const outcomes = (address: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        queue.run({ holder: address }, manual.work(address)).then(
          () => 'done',
          ({ code, extensions }) => `${code}, retry ${extensions.retryAfterMs > 0}`,
        ),
      ),
    );
  const all = Promise.all([outcomes('loud', 5), outcomes('other', 2), outcomes('third', 1)]);
  await manual.finishAll();
  expect(await all).toEqual([
    ['done', 'done', 'done', 'done', 'RATE_LIMITED, retry true'],
    ['done', 'done'],
    ['UNAVAILABLE, retry true'],
  ]);
  const later = outcomes('loud', 3);
  await manual.finishAll();
  expect(await later).toEqual(['done', 'done', 'done']);
});

it('continues after work that fails', async () => {
  const queue = createPasswordQueue({ atOnce: 1, ...roomy });
  const failed = queue.run({ holder: 'one' }, () => Promise.reject(new Error('failed')));
  const next = queue.run({ holder: 'one' }, async () => 'next');
  await expect(failed).rejects.toThrow('failed');
  expect(await next).toBe('next');
});

it('[P13] leaves at least half of the four threads of libuv to others', () => {
  expect(hashesAtOnce()).toBeGreaterThanOrEqual(1);
  expect(hashesAtOnce()).toBeLessThanOrEqual(2);
});
