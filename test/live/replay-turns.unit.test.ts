import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { defaultLimits } from '../../src/limits.ts';
import { openFeeds } from '../../src/live/feeds.ts';
import { createLiveBudget } from '../../src/live/live-budget.ts';
import { createLiveOperations } from '../../src/live/live-operations.ts';
import { createReplayTurns } from '../../src/live/replay-turns.ts';
import { createMetrics } from '../../src/metrics.ts';
import { silentLog } from '../support/silent-log.ts';
import { Reader } from './reader.ts';
import { ScriptedLog, topic } from './scripted-log.ts';

const logged = 300;
const unbounded = { replaysPerUser: Infinity, furtherReplays: Infinity };

/** Subscriptions that resume a log of three pages, and the executions in progress at once. */
function setUp(bounds: { replaysPerUser: number; furtherReplays: number }) {
  const log = new ScriptedLog();
  for (let count = 0; count < logged; count++) log.commit();
  const metrics = createMetrics();
  const feeds = openFeeds({
    bus: openMemoryBus(),
    eventLog: log,
    log: silentLog,
    metrics,
    headCheckMs: 1_000_000,
  });
  const cursors = cursorsOf('scripted');
  const live = createLiveOperations({
    feeds,
    cursors,
    budget: createLiveBudget(defaultLimits, metrics),
    replayTurns: createReplayTurns(bounds, metrics),
    metrics,
    replayMax: 1000,
  });
  /** Executions in progress: of each user, and of all. */
  const running = new Map<string, number>();
  const most = { ofOne: 0, ofAll: 0, further: 0 };
  /** The user of each page that was executed, in order. */
  const pages: string[] = [];
  let gate: Promise<void> | undefined;

  function note(viewerId: string, change: 1 | -1): void {
    running.set(viewerId, (running.get(viewerId) ?? 0) + change);
    const counts = [...running.values()];
    most.ofOne = Math.max(most.ofOne, ...counts);
    most.ofAll = Math.max(
      most.ofAll,
      counts.reduce((sum, count) => sum + count, 0),
    );
    most.further = Math.max(
      most.further,
      counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    );
  }

  let subscriptions = 0;
  async function resume(viewerId: string) {
    const reader = new Reader();
    const stop = await live.follow(
      {
        // Each is another live operation, so that no execution is shared.
        operationKey: `operation ${++subscriptions}`,
        topic,
        viewerId,
        holder: viewerId,
        eventCost: 1,
        memory: { document: {}, documentBytes: 0, ownBytes: 0 },
        authorize: async () => {},
        cursor: cursors.encode({ topic, seq: 0, tag: 0 }),
        async run(events) {
          const isPage = events.length > 1;
          if (isPage) note(viewerId, 1);
          await gate;
          for (let turns = 0; turns < 3; turns++) await nextTurn();
          if (isPage) {
            note(viewerId, -1);
            pages.push(viewerId);
          }
          return {
            hasFailed: false,
            encode: () =>
              events.map(({ type, seq, tag }) => Buffer.from(JSON.stringify({ type, seq, tag }))),
          };
        },
      },
      reader,
    );
    return { reader, stop };
  }
  const resumeMany = (viewerId: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => resume(viewerId)));
  /** Holds all executions until the returned function is called. */
  function hold(): () => void {
    let release!: () => void;
    gate = new Promise((resolve) => (release = resolve));
    return release;
  }
  const waiting = async () => (await metrics.turnsWaiting.get()).values[0]?.value ?? 0;
  return { resume, resumeMany, most, pages, hold, waiting, feeds };
}

const isCaughtUp = ({ reader }: { reader: Reader }) => reader.received.at(-1)?.type === 'CaughtUp';
const whole = [...Array.from({ length: logged }, (_, index) => index + 1), logged];

it('[P13] replays at most four pages of one user at once, and all of them completely [P3]', async () => {
  await using set = asDisposable(setUp({ replaysPerUser: 4, furtherReplays: 64 }));
  const followers = await set.resumeMany('ann', 50);
  await expect.poll(() => followers.every(isCaughtUp), { timeout: 10_000 }).toBe(true);
  for (const { reader } of followers) expect(reader.received.map(({ seq }) => seq)).toEqual(whole);
  expect(set.most.ofOne).toBe(4);
  expect(await set.waiting()).toBe(0);
});

it('control: without a bound, all of them are executed at once', async () => {
  await using set = asDisposable(setUp(unbounded));
  const followers = await set.resumeMany('ann', 50);
  await expect.poll(() => followers.every(isCaughtUp), { timeout: 10_000 }).toBe(true);
  expect(set.most.ofOne).toBe(50);
});

it('does not let one replay of each user wait, however many users resume', async () => {
  await using set = asDisposable(setUp({ replaysPerUser: 4, furtherReplays: 2 }));
  const release = set.hold();
  const followers = await Promise.all(
    Array.from({ length: 500 }, (_, index) => set.resume(`user ${index}`)),
  );
  await expect.poll(() => set.most.ofAll, { timeout: 10_000 }).toBe(500);
  release();
  await expect.poll(() => followers.every(isCaughtUp), { timeout: 10_000 }).toBe(true);
});

it('[P13] bounds the further replays of all users together, and serves users in turn', async () => {
  await using set = asDisposable(setUp({ replaysPerUser: 4, furtherReplays: 3 }));
  const release = set.hold();
  const greedy = await set.resumeMany('ann', 40);
  const modest = await set.resumeMany('bob', 2);
  await expect.poll(() => set.most).toEqual({ ofOne: expect.any(Number), ofAll: 5, further: 3 });
  expect(await set.waiting()).toBe(37);
  release();
  await expect.poll(() => [...greedy, ...modest].every(isCaughtUp)).toBe(true);
  // Ann has 120 pages to execute; Bob's six are done long before.
  expect(set.pages.lastIndexOf('bob')).toBeLessThan(set.pages.length / 2);
  expect(set.most.further).toBe(3);
  for (const { reader } of [...greedy, ...modest])
    expect(reader.received.map(({ seq }) => seq)).toEqual(whole);
});

it('releases the place of a subscription that ends while it waits or replays', async () => {
  await using set = asDisposable(setUp({ replaysPerUser: 2, furtherReplays: 1 }));
  const release = set.hold();
  const followers = await set.resumeMany('ann', 10);
  await expect.poll(set.waiting).toBe(8);
  for (const { stop } of followers) stop();
  expect(await set.waiting()).toBe(0);
  release();
  const [next, another] = await set.resumeMany('ann', 2);
  await expect.poll(() => isCaughtUp(next!) && isCaughtUp(another!)).toBe(true);
  expect(followers.every(({ reader }) => reader.received.length === 0)).toBe(true);
});

const asDisposable = <Set extends { feeds: AsyncDisposable }>(set: Set) =>
  Object.assign(set, { [Symbol.asyncDispose]: () => set.feeds[Symbol.asyncDispose]() });
