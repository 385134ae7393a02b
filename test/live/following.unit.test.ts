import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { forbidden } from '../../src/errors.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { openFeeds } from '../../src/live/feeds.ts';
import type { RunOperation } from '../../src/live/encoding.ts';
import { createLiveBudget } from '../../src/live/live-budget.ts';
import { createLiveOperations } from '../../src/live/live-operations.ts';
import { createReplayTurns } from '../../src/live/replay-turns.ts';
import { createMetrics } from '../../src/metrics.ts';
import { silentLog } from '../support/silent-log.ts';
import { Reader } from './reader.ts';
import { ScriptedLog, topic } from './scripted-log.ts';

const metrics = createMetrics();
const replayMax = 40;

function setUp(
  log: ScriptedLog,
  pace: <Answer>(answer: () => Answer) => Promise<Answer> = async (answer) => answer(),
) {
  const feeds = openFeeds({
    bus: openMemoryBus(),
    eventLog: log,
    log: silentLog,
    metrics,
    headCheckMs: 1_000_000,
  });
  const cursors = cursorsOf('scripted');
  const budget = createLiveBudget(defaultLimits, metrics);
  const replayTurns = createReplayTurns(defaultLimits, metrics);
  const live = createLiveOperations({ feeds, cursors, budget, replayTurns, metrics, replayMax });
  let executions = 0;
  const run: RunOperation = (received) =>
    pace(() => {
      executions += received.length;
      return {
        hasFailed: false,
        encode: () =>
          received.map(({ type, seq, tag }) => Buffer.from(JSON.stringify({ type, seq, tag }))),
      };
    });
  const follow = (reader: Reader, after?: number, authorize = async () => {}, viewerId = 'ann') =>
    live.follow(
      {
        operationKey: 'everyone',
        topic,
        viewerId,
        holder: viewerId,
        eventCost: 1,
        memory: { document: {}, documentBytes: 0, ownBytes: 0 },
        run,
        authorize,
        cursor:
          after === undefined
            ? undefined
            : cursors.encode({ topic, seq: after, tag: log.events[after - 1]?.tag ?? 0 }),
      },
      reader,
    );
  return { feeds, follow, executions: () => executions };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, place) => from + 1 + place);

describe('following', () => {
  it('[P1] [P2] [P3] [P5] delivers all events after the cursor, once and in order, under random interruptions', async () => {
    const script = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ type: fc.constant('commit' as const), isHinted: fc.boolean() }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            type: fc.constant('attach' as const),
            back: fc.option(fc.nat(60), { nil: undefined }),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ type: fc.constant('leave' as const), which: fc.nat() }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ type: fc.constant('stall' as const), which: fc.nat() }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ type: fc.constant('drain' as const), which: fc.nat() }),
        },
        { weight: 2, arbitrary: fc.constant({ type: 'turn' as const }) },
      ),
      { maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.nat(70),
        fc.infiniteStream(fc.nat(2)),
        async (steps, before, delays) => {
          const pace = async <Answer>(answer: () => Answer) => {
            for (let turns = delays.next().value ?? 0; turns > 0; turns--)
              await new Promise(setImmediate);
            return answer();
          };
          const log = new ScriptedLog(pace);
          for (let count = 0; count < before; count++) log.commit();
          const { feeds, follow } = setUp(log, pace);
          const followers: {
            reader: Reader;
            after: number | undefined;
            from: number;
            to?: number;
            stop: () => void;
          }[] = [];
          const attach = async (back: number | undefined) => {
            const reader = new Reader();
            const from = log.events.length;
            const after = back === undefined ? undefined : from - back;
            const follower = { reader, after, from, stop: () => {} };
            followers.push(follower);
            follower.stop = await follow(reader, after);
          };
          const attaching: Promise<void>[] = [];
          const pick = (which: number) => followers[which % followers.length];
          for (const step of steps) {
            if (step.type === 'commit') {
              const event = log.commit();
              if (step.isHinted) feeds.publish([{ event }]);
            }
            if (step.type === 'attach')
              attaching.push(
                attach(
                  step.back === undefined ? undefined : Math.min(step.back, log.events.length),
                ),
              );
            if (step.type === 'turn') await new Promise(setImmediate);
            if (step.type === 'stall') pick(step.which)?.reader.stall();
            if (step.type === 'drain') pick(step.which)?.reader.drain();
            if (step.type === 'leave') pick(step.which)?.stop();
          }
          await Promise.all(attaching);
          const feed = await feeds.open(topic);
          await feeds.refresh(feed);
          for (const { reader } of followers) reader.drain();
          const isSettled = ({ reader }: (typeof followers)[number]) =>
            reader.ending ||
            (reader.received.at(-1)?.seq === log.events.length &&
              reader.received.some(({ type }) => type === 'CaughtUp'));
          for (let turn = 0; turn < 2000 && !followers.every(isSettled); turn++)
            await new Promise(setImmediate);

          for (const { reader, after } of followers) {
            const notes = reader.received.filter(({ type }) => type !== 'MessageSent');
            const resets = notes.filter(({ type }) => type === 'StreamReset');
            // Numbers rise by one, but for the jump of a reset.
            let position = after;
            for (const { type, seq } of reader.received) {
              if (type === 'StreamReset' || position === undefined) position = seq;
              else if (type === 'CaughtUp') expect(seq).toBe(position);
              else expect(seq).toBe(++position);
            }
            if (reader.ending) continue;
            expect(notes.filter(({ type }) => type === 'CaughtUp')).toHaveLength(1);
            expect(position).toBe(log.events.length);
            if (resets.length === 0 && after !== undefined)
              expect(
                reader.received.filter(({ type }) => type === 'MessageSent').map(({ seq }) => seq),
              ).toEqual(numbers(after, log.events.length));
          }
          await feeds[Symbol.asyncDispose]();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[P3] resets a follower whose cursor is too far behind, ahead, foreign or trimmed, and continues live', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 100; count++) log.commit();
    const { feeds, follow } = setUp(log);
    const [behind, ahead, fits] = [new Reader(), new Reader(), new Reader()];
    await follow(behind, 100 - replayMax - 1);
    await follow(ahead, 101);
    await follow(fits, 100 - replayMax);
    feeds.publish([{ event: log.commit() }]);
    const sequence = ({ received }: Reader) => received.map(({ type, seq }) => `${type} ${seq}`);
    await expect.poll(() => fits.received.at(-1)?.seq).toBe(101);
    expect(sequence(behind)).toEqual(['StreamReset 100', 'CaughtUp 100', 'MessageSent 101']);
    expect(sequence(ahead)).toEqual(['StreamReset 100', 'CaughtUp 100', 'MessageSent 101']);
    expect(sequence(fits)).toEqual([
      ...numbers(60, 100).map((seq) => `MessageSent ${seq}`),
      'CaughtUp 100',
      'MessageSent 101',
    ]);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P3] replays nothing instead of a part if the log was trimmed', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 60; count++) log.commit();
    log.trimmedTo = 50;
    const { feeds, follow } = setUp(log);
    const reader = new Reader();
    await follow(reader, 40);
    await expect.poll(() => reader.received.length).toBe(2);
    expect(reader.received).toMatchObject([
      { type: 'StreamReset', seq: 60 },
      { type: 'CaughtUp', seq: 60 },
    ]);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] ends a subscription with the event that withdraws its permission, also a lagging one, and no other', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    const gone = new Set<string>();
    const authorizeAs = (user: string) => async () => {
      if (gone.has(user)) throw forbidden('You are no longer a member.');
    };
    const [ann, lagging, bob] = [new Reader(), new Reader(), new Reader()];
    await follow(ann, undefined, authorizeAs('ann'), 'ann');
    await follow(lagging, undefined, authorizeAs('ann'), 'ann');
    await follow(bob, undefined, authorizeAs('bob'), 'bob');
    await expect.poll(() => bob.received.length).toBe(1);
    lagging.stall();
    feeds.publish([{ event: log.commit() }]);
    gone.add('ann');
    feeds.publish([{ event: log.commitMemberLeft('ann') }]);
    feeds.publish([{ event: log.commit() }]);
    await expect.poll(() => bob.received.at(-1)?.seq).toBe(3);
    lagging.drain();
    await expect
      .poll(() => ann.ending && lagging.ending)
      .toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(ann.received.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(lagging.received.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(bob.ending).toBeUndefined();
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] splits the current page at a withdrawal, and executes nothing again', async () => {
    const log = new ScriptedLog();
    const { feeds, follow, executions } = setUp(log);
    let isGone = false;
    const [ann, bob, back] = [new Reader(), new Reader(), new Reader()];
    await follow(ann, undefined, async () => {
      if (isGone) throw forbidden('You are no longer a member.');
    });
    await follow(back);
    await follow(bob, undefined, undefined, 'bob');
    await expect.poll(() => bob.received.length).toBe(1);
    const before = executions();
    isGone = true;
    const events = [log.commit(), log.commitMemberLeft('ann'), log.commit()];
    feeds.publish(events.map((event) => ({ event })));
    await expect.poll(() => ann.ending).toMatchObject({ error: { code: 'FORBIDDEN' } });
    await expect.poll(() => back.received.at(-1)?.seq).toBe(3);
    expect(ann.received.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(back.received.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(bob.received.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(executions() - before).toBe(3);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P5] keeps no part of a page for a reader that stops in the middle of it', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    const ann = new Reader();
    await follow(ann, undefined, async () => ann.stall());
    await expect.poll(() => ann.received.length).toBe(0);
    ann.drain();
    await expect.poll(() => ann.received.length).toBe(1);
    const events = [log.commitMemberLeft('ann'), log.commit(), log.commit()];
    feeds.publish(events.map((event) => ({ event })));
    await expect.poll(() => ann.isReady).toBe(false);
    feeds.publish([{ event: log.commit() }]);
    expect(ann.received.map(({ seq }) => seq)).toEqual([0, 1]);
    ann.drain();
    await expect.poll(() => ann.received.at(-1)?.seq).toBe(4);
    expect(ann.received.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] ends for a removed user who is too far behind to receive the removal', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    let isGone = false;
    const [ann, bob] = [new Reader(), new Reader()];
    await follow(ann, undefined, async () => {
      if (isGone) throw forbidden('You are no longer a member.');
    });
    await follow(bob, undefined, undefined, 'bob');
    await expect.poll(() => ann.received.length + bob.received.length).toBe(2);
    ann.stall();
    isGone = true;
    feeds.publish([{ event: log.commitMemberLeft('ann') }]);
    for (let count = 0; count < 2 * replayMax; count++) feeds.publish([{ event: log.commit() }]);
    await expect.poll(() => bob.received.at(-1)?.seq).toBe(log.events.length);
    ann.drain();
    await expect.poll(() => ann.ending).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(ann.received).toHaveLength(1);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] continues for a user who was removed and is a member again', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    const ann = new Reader();
    await follow(ann);
    feeds.publish([{ event: log.commitMemberLeft('ann') }, { event: log.commit() }]);
    await expect.poll(() => ann.received.at(-1)?.seq).toBe(2);
    expect(ann.ending).toBeUndefined();
    await feeds[Symbol.asyncDispose]();
  });

  it('[P4] waits for the database instead of delivering an error or ending', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 10; count++) log.commit();
    const { feeds, follow } = setUp(log);
    const reader = new Reader();
    await follow(reader);
    reader.stall();
    feeds.publish([{ event: log.commit() }]);
    const late = new Reader();
    await follow(late, 10);
    log.isAway = true;
    const away = new Reader();
    await follow(away, 3);
    reader.drain();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(away.received).toEqual([]);
    expect(away.ending).toBeUndefined();
    log.isAway = false;
    await expect
      .poll(() => away.received.map(({ seq }) => seq), { timeout: 20_000 })
      .toEqual([...numbers(3, 11), 11]);
    await feeds[Symbol.asyncDispose]();
  });

  it('executes an event once for many followers, live and in replay', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 30; count++) log.commit();
    const { feeds, follow, executions } = setUp(log);
    const readers = Array.from({ length: 200 }, () => new Reader());
    await Promise.all(readers.map((reader, place) => follow(reader, place % 30)));
    await expect
      .poll(() => readers.every(({ received }) => received.at(-1)?.type === 'CaughtUp'))
      .toBe(true);
    // 30 events, and a CaughtUp for each of the 30 lengths of replay.
    expect(executions()).toBe(60);
    expect(log.reads).toBe(1);
    feeds.publish([{ event: log.commit() }]);
    await expect
      .poll(() => readers.every(({ received }) => received.at(-1)?.seq === 31))
      .toBe(true);
    expect(executions()).toBe(61);
    await feeds[Symbol.asyncDispose]();
  });
});
