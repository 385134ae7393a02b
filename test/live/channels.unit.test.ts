import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { forbidden } from '../../src/errors.ts';
import type { Channel, Notice } from '../../src/events/channel.ts';
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

/** The users in a room, as a channel whose events exclude their own subscriber. */
function scriptedChannel() {
  const inside = new Set<string>();
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  const tell = (notice: Notice) => {
    for (const listener of listeners) listener([notice]);
  };
  const channel: Channel = {
    name: 'scripted',
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    snapshot: () => ({
      key: 'all',
      notices: () => [{ type: 'PresenceSnapshot', data: { userIds: [...inside].sort() } }],
    }),
  };
  return {
    channel,
    inside,
    listeners,
    toggle(userId: string) {
      if (inside.delete(userId)) tell({ type: 'UserWentOffline', data: { userId, lastSeenAt: 0 } });
      else {
        inside.add(userId);
        tell({ type: 'UserCameOnline', data: { userId } });
      }
    },
    tellAllBut: (left: string) =>
      tell({
        type: 'UserCameOnline',
        data: { userId: left },
        isFor: (viewerId) => viewerId !== left,
      }),
  };
}

function setUp(
  pace: <Answer>(answer: () => Answer) => Promise<Answer> = async (answer) => answer(),
) {
  const log = new ScriptedLog();
  const feeds = openFeeds({
    bus: openMemoryBus(),
    eventLog: log,
    log: silentLog,
    metrics: createMetrics(),
    headCheckMs: 1_000_000,
  });
  const live = createLiveOperations({
    feeds,
    cursors: cursorsOf('scripted'),
    budget: createLiveBudget(defaultLimits, createMetrics()),
    replayTurns: createReplayTurns(defaultLimits, createMetrics()),
    metrics: createMetrics(),
    replayMax: 1000,
  });
  const script = scriptedChannel();
  let executions = 0;
  const run: RunOperation = (received) =>
    pace(() => {
      executions += received.length;
      return {
        hasFailed: false,
        encode: () =>
          received.map(({ type, data }) => Buffer.from(JSON.stringify({ type, ...data }))),
      };
    });
  const follow = (reader: Reader, viewerId = 'ann', authorize = async () => {}) =>
    live.followChannel(
      {
        operationKey: 'everyone',
        viewerId,
        holder: viewerId,
        eventCost: 1,
        memory: { document: {}, documentBytes: 0, ownBytes: 0 },
        run,
        authorize,
        channel: async () => script.channel,
        permissions: topic,
      },
      reader,
    );
  return { log, feeds, script, follow, executions: () => executions };
}

/** The users in the room, by the received events. */
function believed({ received }: Reader): string[] {
  let inside = new Set<string>();
  for (const { type, userIds, userId } of received as any[])
    if (type === 'PresenceSnapshot') inside = new Set(userIds);
    else inside[type === 'UserCameOnline' ? 'add' : 'delete'](userId);
  return [...inside].sort();
}

describe('following a channel', () => {
  it('[P5] [P7] brings all subscribers to the current state, also late, stalled and slow ones', async () => {
    const script = fc.array(
      fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({ type: fc.constant('toggle' as const), which: fc.nat(9) }),
        },
        { weight: 2, arbitrary: fc.constant({ type: 'attach' as const }) },
        {
          weight: 2,
          arbitrary: fc.record({ type: fc.constant('stall' as const), which: fc.nat() }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ type: fc.constant('drain' as const), which: fc.nat() }),
        },
        { weight: 1, arbitrary: fc.constant({ type: 'commit' as const }) },
        { weight: 3, arbitrary: fc.constant({ type: 'turn' as const }) },
      ),
      { maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.infiniteStream(fc.nat(2)), async (steps, delays) => {
        const pace = async <Answer>(answer: () => Answer) => {
          for (let turns = delays.next().value ?? 0; turns > 0; turns--)
            await new Promise(setImmediate);
          return answer();
        };
        const { log, feeds, script: channel, follow } = setUp(pace);
        const readers: Reader[] = [];
        const attaching: Promise<unknown>[] = [];
        for (const step of steps) {
          if (step.type === 'toggle') channel.toggle(`user${step.which}`);
          if (step.type === 'attach')
            attaching.push(follow(readers[readers.push(new Reader()) - 1]!));
          if (step.type === 'stall') readers[step.which % readers.length]?.stall();
          if (step.type === 'drain') readers[step.which % readers.length]?.drain();
          if (step.type === 'commit') feeds.publish([{ event: log.commit() }]);
          if (step.type === 'turn') await new Promise(setImmediate);
        }
        await Promise.all(attaching);
        for (const reader of readers) reader.drain();
        const truth = [...channel.inside].sort().join();
        const isSettled = (reader: Reader) =>
          reader.received.length > 0 && believed(reader).join() === truth;
        for (let turn = 0; turn < 500 && !readers.every(isSettled); turn++)
          await new Promise(setImmediate);
        for (const reader of readers) expect(believed(reader).join()).toBe(truth);
        await feeds[Symbol.asyncDispose]();
      }),
      { numRuns: 300 },
    );
  });

  it('executes a notice once for all subscribers, and a snapshot once for those that start together', async () => {
    const { script, follow, executions, feeds } = setUp();
    script.toggle('ann');
    const readers = Array.from({ length: 200 }, () => new Reader());
    const stops = await Promise.all(readers.map((reader) => follow(reader)));
    await expect.poll(() => readers.every(({ received }) => received.length === 1)).toBe(true);
    expect(executions()).toBe(1);
    script.toggle('bob');
    await expect.poll(() => readers.every(({ received }) => received.length === 2)).toBe(true);
    expect(executions()).toBe(2);
    for (const stop of stops) stop();
    expect(script.listeners.size).toBe(0);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P5] sends a subscriber that reads again a snapshot in place of the missed notices', async () => {
    const { script, follow, feeds } = setUp();
    const [quick, slow] = [new Reader(), new Reader()];
    await follow(quick);
    await follow(slow);
    await expect.poll(() => slow.received.length).toBe(1);
    slow.stall();
    for (let count = 0; count < 3000; count++) {
      script.toggle(`user${count % 7}`);
      if (count % 100 === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => quick.received.length).toBe(3001);
    expect(slow.received).toHaveLength(1);
    slow.drain();
    await expect.poll(() => believed(slow)).toEqual(believed(quick));
    expect(slow.received).toHaveLength(2);
    await feeds[Symbol.asyncDispose]();
  });

  it('delivers to each viewer only their own notices', async () => {
    const { script, follow, executions, feeds } = setUp();
    const [ann, bob] = [new Reader(), new Reader()];
    await follow(ann, 'ann');
    await follow(bob, 'bob');
    await expect.poll(() => ann.received.length + bob.received.length).toBe(2);
    script.tellAllBut('ann');
    script.toggle('cat');
    await expect.poll(() => ann.received.length).toBe(2);
    await expect.poll(() => bob.received.length).toBe(3);
    expect(executions()).toBe(3);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] ends a subscription with the event that withdraws its permission, also a stalled one, and no other', async () => {
    const { log, script, follow, feeds } = setUp();
    const gone = new Set<string>();
    const authorizeAs = (user: string) => async () => {
      if (gone.has(user)) throw forbidden('You are no longer a member.');
    };
    const [ann, stalled, bob] = [new Reader(), new Reader(), new Reader()];
    await follow(ann, 'ann', authorizeAs('ann'));
    await follow(stalled, 'ann', authorizeAs('ann'));
    await follow(bob, 'bob', authorizeAs('bob'));
    await expect.poll(() => bob.received.length).toBe(1);
    stalled.stall();
    script.toggle('before');
    gone.add('ann');
    feeds.publish([{ event: log.commit() }, { event: log.commitMemberLeft('ann') }]);
    for (let count = 0; count < 2500; count++) {
      script.toggle('after');
      if (count % 100 === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => bob.received.length).toBe(2502);
    stalled.drain();
    await expect
      .poll(() => ann.ending && stalled.ending)
      .toMatchObject({ error: { code: 'FORBIDDEN' } });
    for (const { received } of [ann, stalled])
      expect((received as any[]).filter(({ userId }) => userId === 'after')).toEqual([]);
    expect(bob.ending).toBeUndefined();
    await feeds[Symbol.asyncDispose]();
  });

  it('[P11] refuses or ends the subscription of a user who is removed while it starts', async () => {
    const { log, script, follow, feeds } = setUp();
    let checks = 0;
    const reader = new Reader();
    await follow(reader, 'ann', async () => {
      if (++checks > 1) throw forbidden('You are no longer a member.');
      feeds.publish([{ event: log.commitMemberLeft('ann') }]);
    });
    script.toggle('after');
    await expect.poll(() => reader.ending).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(reader.received).toEqual([]);
    await feeds[Symbol.asyncDispose]();
  });
});
