import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createFairTurns, type TurnBounds } from '../../src/fair-turns.ts';
import { createMetrics } from '../../src/metrics.ts';

/** Turns whose tasks run until they are finished by hand. */
function setUp(bounds: TurnBounds) {
  const metrics = createMetrics();
  const turns = createFairTurns({
    name: 'test',
    metrics,
    refusalOf: (limit) => new Error(limit),
    ...bounds,
  });
  const started: string[] = [];
  const running = new Map<string, () => void>();

  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      started.push(name);
      running.set(name, () => resolve(name));
    });

  return {
    turns,
    started,
    running,
    /** Its name is that of the holder, with a number. */
    run(name: string, weight = 1) {
      const holder = name.replace(/\d+$/, '');
      return turns.run({ holder, weight }, work(name)).catch(({ message }: Error) => message);
    },
    runMany(holder: string, count: number, weight = 1) {
      return Array.from({ length: count }, (_, place) => this.run(`${holder}${place}`, weight));
    },
    runTask: (holder: string, task: object, name: string) =>
      turns.runUnlessCancelled({ holder, task }, work(name)),
    async finish(name = running.keys().next().value!) {
      running.get(name)!();
      running.delete(name);
      await nextTurn();
    },
    async finishAll() {
      while (running.size > 0) await this.finish();
    },
    waiting: async () => (await metrics.turnsWaiting.get()).values[0]?.value ?? 0,
  };
}

it('[P13] bounds the tasks of a holder, and runs all of them in order', async () => {
  const set = setUp({ running: 100, runningPerHolder: 3 });
  const all = set.runMany('ann', 10);
  expect(set.started).toEqual(['ann0', 'ann1', 'ann2']);
  expect(await set.waiting()).toBe(7);
  await set.finishAll();
  expect(await Promise.all(all)).toEqual(set.started);
  expect(set.started).toHaveLength(10);
  expect(await set.waiting()).toBe(0);
});

it('[P13] bounds the tasks of all holders, and serves holders in turn', async () => {
  const set = setUp({ running: 2, runningPerHolder: 2 });
  void set.runMany('ann', 5);
  void set.runMany('bob', 2);
  void set.runMany('cid', 1);
  expect(set.started).toEqual(['ann0', 'ann1']);
  await set.finishAll();
  expect(set.started).toEqual(['ann0', 'ann1', 'bob0', 'cid0', 'ann2', 'bob1', 'ann3', 'ann4']);
});

it('never lets the reserved part of a holder wait for others', () => {
  const set = setUp({ running: 2, runningPerHolder: 4, reservedPerHolder: 1 });
  void set.runMany('ann', 5);
  void set.runMany('bob', 2);
  expect(set.started).toEqual(['ann0', 'ann1', 'ann2', 'bob0']);
});

it('[P13] a heavy task runs alone, and light ones beside each other', async () => {
  const set = setUp({ running: 100, runningPerHolder: 4 });
  void set.run('ann9', 4);
  void set.runMany('ann', 4);
  void set.run('ann4', 3);
  expect(set.started).toEqual(['ann9']);
  await set.finish();
  expect(set.started).toEqual(['ann9', 'ann0', 'ann1', 'ann2', 'ann3']);
  await set.finishAll();
  expect(set.started.at(-1)).toBe('ann4');
});

it('runs a task that is heavier than a bound, alone', async () => {
  const set = setUp({ running: 2, runningPerHolder: 2 });
  void set.run('ann0', 5);
  void set.run('bob0', 5);
  expect(set.started).toEqual(['ann0']);
  await set.finish();
  expect(set.started).toEqual(['ann0', 'bob0']);
});

it('does not let light tasks overtake a heavy one that waits', async () => {
  const set = setUp({ running: 4, runningPerHolder: 4 });
  void set.runMany('ann', 3);
  void set.run('bob0', 3);
  void set.run('cid0');
  expect(set.started).not.toContain('cid0');
  await set.finishAll();
  expect(set.started.slice(3)).toEqual(['bob0', 'cid0']);
});

it('[P13] refuses tasks beyond the bounds of waiting, and has room again afterwards', async () => {
  const set = setUp({ running: 1, runningPerHolder: 1, waiting: 5, waitingPerHolder: 3 });
  const all = [...set.runMany('ann', 5), ...set.runMany('bob', 2), ...set.runMany('cid', 1)];
  await nextTurn();
  await set.finishAll();
  expect(await Promise.all(all)).toEqual([
    'ann0',
    'ann1',
    'ann2',
    'ann3',
    'holder',
    'bob0',
    'bob1',
    'total',
  ]);
  const later = set.runMany('cid', 2);
  await set.finishAll();
  expect(await Promise.all(later)).toEqual(['cid0', 'cid1']);
});

it('does not run a cancelled task, and gives its place to the next', async () => {
  const set = setUp({ running: 1, runningPerHolder: 1 });
  const [cancelled, next] = [{}, {}];
  void set.run('ann0');
  const outcome = set.runTask('bob', cancelled, 'cancelled');
  void set.runTask('bob', next, 'next');
  set.turns.cancel('bob', cancelled);
  set.turns.cancel('bob', cancelled);
  expect(await outcome).toBeUndefined();
  expect(await set.waiting()).toBe(1);
  await set.finishAll();
  expect(set.started).toEqual(['ann0', 'next']);
});

it('continues after a task that fails', async () => {
  const set = setUp({ running: 1, runningPerHolder: 1 });
  const failed = set.turns.run({ holder: 'ann' }, () => Promise.reject(new Error('failed')));
  const next = set.turns.run({ holder: 'ann' }, async () => 'next');
  await expect(failed).rejects.toThrow('failed');
  expect(await next).toBe('next');
});

it('[P13] a task leaves its turn to others, and has one again before it continues', async () => {
  const set = setUp({ running: 1, runningPerHolder: 1 });
  const { turns } = set;
  const steps: string[] = [];
  const ends: (() => void)[] = [];
  const elsewhere = () => new Promise<void>((resolve) => ends.push(resolve));
  const left = turns.run({ holder: 'ann' }, async (leave) => {
    await Promise.all([leave(elsewhere), leave(elsewhere)]);
    steps.push('back');
  });
  const other = set.run('bob');
  await nextTurn();
  expect(set.started).toEqual(['bob']);
  ends[0]!();
  ends[1]!();
  await nextTurn();
  expect(steps).toEqual([]);
  expect(await set.waiting()).toBe(1);
  await set.finish();
  await Promise.all([left, other]);
  expect(steps).toEqual(['back']);
});

it('[P13] control: a task that does not leave keeps others waiting', async () => {
  const set = setUp({ running: 1, runningPerHolder: 1 });
  void set.turns.run({ holder: 'ann' }, () => new Promise<void>(() => {}));
  void set.run('bob');
  await nextTurn();
  expect(set.started).toEqual([]);
});

it('[P13] a task that ends while its parts are away, or wait for its turn, keeps no turn', async () => {
  for (const isAlreadyBack of [false, true]) {
    const set = setUp({ running: 1, runningPerHolder: 1 });
    let end = () => {};
    let fail = () => {};
    const left = set.turns
      .run({ holder: 'ann' }, async (leave) => {
        void leave(() => new Promise<void>((resolve) => (end = resolve)));
        await new Promise<void>((_resolve, reject) => (fail = () => reject(new Error('failed'))));
      })
      .catch(({ message }: Error) => message);
    const other = set.run('bob');
    await nextTurn();
    expect(set.started).toEqual(['bob']);
    if (isAlreadyBack) end();
    await nextTurn();
    expect(await set.waiting()).toBe(isAlreadyBack ? 1 : 0);
    fail();
    expect(await left).toBe('failed');
    if (!isAlreadyBack) end();
    await nextTurn();
    expect(await set.waiting()).toBe(0);
    await set.finish();
    await other;
    const next = set.run('cat');
    await set.finish();
    expect(await next).toBe('cat');
  }
});
