import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { isSame, origin, type Event, type Position } from '../../src/events/event.ts';
import { createLiveBudget } from '../../src/live/live-budget.ts';
import { openFeeds } from '../../src/live/feeds.ts';
import type { RunOperation } from '../../src/live/encoding.ts';
import { createLiveOperations } from '../../src/live/live-operations.ts';
import { createReplayTurns } from '../../src/live/replay-turns.ts';
import { TopicFeed } from '../../src/live/topic-feed.ts';
import { createMetrics } from '../../src/metrics.ts';
import { silentLog } from '../support/silent-log.ts';
import { Reader } from './reader.ts';
import { ScriptedLog, topic } from './scripted-log.ts';

const metrics = createMetrics();

/** The steps of a feed and its log, in any order. Hints may come from a lost history. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant({ type: 'commit' as const }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('restore' as const), back: fc.nat(8) }) },
    { weight: 6, arbitrary: fc.record({ type: fc.constant('hint' as const), back: fc.nat(6) }) },
    { weight: 2, arbitrary: fc.constant({ type: 'check' as const }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('read' as const), back: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'away' as const }) },
  ),
  { maxLength: 80 },
);

describe('a feed whose log continues with another history', () => {
  it('[P1] [P15] never has events of two histories in one stretch, and ends with the history of the log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, fc.nat(8), async (scheduler, script, before) => {
        const log = new ScriptedLog((answer) => scheduler.schedule(Promise.resolve()).then(answer));
        const committed: Event[] = [];
        for (let count = 0; count < before; count++) committed.push(log.commit());
        const feed = new TopicFeed(topic, log, metrics);
        let received: Position[] = [log.head];
        feed.listen((fresh) => {
          if (fresh.length === 0) received = [feed.head];
          for (const { event } of fresh) {
            expect(event.seq).toBe(received.at(-1)!.seq + 1);
            expect(event.follows).toBe(received.at(-1)!.tag);
            received.push(event);
          }
        });
        feed.begin(log.head);
        const running: Promise<unknown>[] = [];
        const settle = async (promise: Promise<unknown>) => {
          running.push(promise.catch(() => {}));
        };
        for (const step of script) {
          if (step.type === 'commit') committed.push(log.commit());
          if (step.type === 'restore') log.restore(Math.max(0, log.events.length - step.back));
          if (step.type === 'hint') {
            const event = committed[committed.length - 1 - step.back];
            if (event) feed.offer({ event });
          }
          if (step.type === 'check') void settle(feed.verify());
          if (step.type === 'away') log.isAway = !log.isAway;
          if (step.type === 'read') {
            const { stretch, head } = feed;
            const after = Math.max(0, head.seq - step.back);
            void settle(
              feed.read(after).then((events) => {
                if (stretch !== feed.stretch) return;
                for (const [place, event] of (events ?? []).entries()) {
                  expect(event.seq).toBe(after + 1 + place);
                  if (place > 0) expect(event.follows).toBe(events![place - 1]!.tag);
                }
              }),
            );
          }
        }
        log.isAway = false;
        await scheduler.waitFor(Promise.all(running));
        // The first check finds the events of the log, the second those read meanwhile.
        for (let check = 0; check < 2; check++) await scheduler.waitFor(feed.verify());
        feed.close();
        expect({ seq: feed.head.seq, tag: feed.head.tag }).toEqual({
          seq: log.head.seq,
          tag: log.head.tag,
        });
        for (const position of received)
          expect(isSame(log.events[position.seq - 1] ?? origin, position)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not take a hint of another history for the next event', async () => {
    const log = new ScriptedLog();
    log.commit();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    log.restore(0);
    log.commit();
    const received: Event[] = [];
    feed.listen((fresh) => received.push(...fresh.map(({ event }) => event as Event)));
    feed.offer({ event: log.commit() });
    expect(feed.head.seq).toBe(1);
    await expect.poll(() => feed.head.tag).toBe(log.head.tag);
    expect(received).toEqual([]);
    feed.close();
  });

  it('does not read the log repeatedly for a hint that the log has lost', async () => {
    const log = new ScriptedLog();
    log.commit();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    const lost = [log.commit(), log.commit()];
    log.restore(1);
    feed.offer({ event: lost[1]! });
    await expect.poll(() => log.reads).toBe(1);
    for (let count = 0; count < 3; count++) {
      feed.offer({ event: log.commit() });
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(feed.head.seq).toBe(4);
    expect(log.reads).toBe(1);
    feed.close();
  });

  it('prefers an event of the log to a lost hint with the same number', async () => {
    const log = new ScriptedLog();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(origin);
    const lost = [log.commit(), log.commit()][1]!;
    feed.offer({ event: lost });
    log.restore(0);
    const [, second] = [log.commit(), log.commit()];
    await expect.poll(() => feed.head).toEqual(second);
    feed.close();
  });

  it('does not take a check that hints have overtaken for a loss', async () => {
    const log = new ScriptedLog();
    log.commit();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    const { stretch } = feed;
    const compare = feed.expectHead();
    const answer = log.head;
    for (let count = 0; count < 300; count++) feed.offer({ event: log.commit() });
    feed.trim();
    await compare(answer);
    expect(feed.stretch).toBe(stretch);
    feed.close();
  });
});

function setUp(log: ScriptedLog, hasFacts: (tag: number) => boolean = () => true) {
  const feeds = openFeeds({
    bus: openMemoryBus(),
    eventLog: log,
    log: silentLog,
    metrics,
    headCheckMs: 20,
  });
  const cursors = cursorsOf('scripted');
  const live = createLiveOperations({
    feeds,
    cursors,
    budget: createLiveBudget(defaultLimits, metrics),
    replayTurns: createReplayTurns(defaultLimits, metrics),
    metrics,
    replayMax: 1000,
  });
  const run: RunOperation = async (received) => ({
    hasFailed: received.some(({ type, tag }) => type === 'MessageSent' && !hasFacts(tag)),
    encode: () =>
      received.map(({ type, seq, tag, data }) =>
        Buffer.from(
          JSON.stringify({ type, seq, tag, reason: 'reason' in data ? data.reason : undefined }),
        ),
      ),
  });
  const follow = (
    reader: Reader,
    after?: Position,
    authorize: () => Promise<void> = async () => {},
  ) =>
    live.follow(
      {
        operationKey: 'everyone',
        topic,
        viewerId: 'ann',
        holder: 'ann',
        eventCost: 1,
        memory: { document: {}, documentBytes: 0, ownBytes: 0 },
        run,
        authorize,
        cursor: after && cursors.encode({ topic, ...after }),
      },
      reader,
    );
  return { feeds, follow };
}

const words = ({ received }: Reader) => received.map(({ type, seq }) => `${type} ${seq}`);
const commit = (log: ScriptedLog, count: number) =>
  Array.from({ length: count }, () => log.commit());

describe('a follower whose log continues with another history', () => {
  it.each([
    ['is behind', 0],
    ['is level, by number', 3],
    ['is ahead', 5],
  ])(
    '[P15] is reset without a restart when the log %s, and receives its new events',
    async (_, fresh) => {
      const log = new ScriptedLog();
      commit(log, 5);
      const { feeds, follow } = setUp(log);
      const reader = new Reader();
      let asked = 0;
      await follow(reader, undefined, async () => void asked++);
      feeds.publish(commit(log, 3).map((event) => ({ event })));
      await expect.poll(() => words(reader).at(-1)).toBe('MessageSent 8');
      log.restore(5);
      commit(log, fresh);
      await expect.poll(() => words(reader).at(-1)).toBe(`StreamReset ${5 + fresh}`);
      expect(reader.received.at(-1)).toMatchObject({ tag: log.head.tag, reason: 'UNKNOWN_CURSOR' });
      expect(asked).toBe(2);
      feeds.publish([{ event: log.commit() }]);
      await expect.poll(() => words(reader).at(-1)).toBe(`MessageSent ${6 + fresh}`);
      await feeds[Symbol.asyncDispose]();
    },
  );

  it('[P15] is not reset if no received event is lost', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    const reader = new Reader();
    await follow(reader);
    feeds.publish(commit(log, 3).map((event) => ({ event })));
    await expect.poll(() => words(reader).at(-1)).toBe('MessageSent 3');
    // No subscriber has received the fourth yet.
    log.commit();
    log.restore(3);
    commit(log, 2);
    await expect.poll(() => words(reader).at(-1)).toBe('MessageSent 5');
    expect(words(reader)).not.toContain(expect.stringContaining('StreamReset'));
    await feeds[Symbol.asyncDispose]();
  });

  it.each([
    ['lost', 8, 'StreamReset 9'],
    ['kept', 5, 'MessageSent 6'],
  ])('[P3] [P15] resumes after an event depending on whether it was %s', async (_, seq, first) => {
    const log = new ScriptedLog();
    const known = commit(log, 8)[seq - 1]!;
    log.restore(5);
    commit(log, 4);
    const { feeds, follow } = setUp(log);
    const reader = new Reader();
    await follow(reader, known);
    await expect.poll(() => reader.received.length).toBeGreaterThan(1);
    expect(words(reader)[0]).toBe(first);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P2] [P15] resumes after a trimmed event if the log still has the next one', async () => {
    const log = new ScriptedLog();
    const [first, second] = commit(log, 5);
    log.trimmedTo = 2;
    const { feeds, follow } = setUp(log);
    const [bridged, trimmed, foreign] = [new Reader(), new Reader(), new Reader()];
    await follow(bridged, second);
    await follow(trimmed, first);
    await follow(foreign, { ...second!, tag: 99 });
    for (const reader of [bridged, trimmed, foreign])
      await expect.poll(() => reader.received.at(-1)?.type).toBe('CaughtUp');
    expect(words(bridged)[0]).toBe('MessageSent 3');
    expect(trimmed.received[0]).toMatchObject({ type: 'StreamReset', reason: 'LOG_TRIMMED' });
    expect(foreign.received[0]).toMatchObject({ type: 'StreamReset', reason: 'UNKNOWN_CURSOR' });
    await feeds[Symbol.asyncDispose]();
  });

  it('[P2] [P15] resumes with a cursor of the new history on a node that has not noticed it yet', async () => {
    const log = new ScriptedLog();
    commit(log, 8);
    const { feeds, follow } = setUp(log);
    await (await feeds.open(topic)).read(0);
    log.restore(5);
    const fresh = commit(log, 3);
    const reader = new Reader();
    await follow(reader, fresh[1]);
    await expect.poll(() => words(reader)).toEqual(['MessageSent 8', 'CaughtUp 8']);
    expect(reader.received[0]!.tag).toBe(fresh[2]!.tag);
    await feeds[Symbol.asyncDispose]();
  });

  it('[P15] is reset instead of receiving an event whose rows are lost', async () => {
    const log = new ScriptedLog();
    const first = commit(log, 8)[0]!;
    const { feeds, follow } = setUp(log, (tag) => log.events.some((event) => event.tag === tag));
    const feed = await feeds.open(topic);
    await feed.read(0);
    log.restore(5);
    const reader = new Reader();
    await follow(reader, first);
    await expect.poll(() => reader.received.at(-1)?.type).toBe('CaughtUp');
    expect(words(reader).slice(-2)).toEqual(['StreamReset 5', 'CaughtUp 5']);
    expect(reader.received.filter(({ type, tag }) => type === 'MessageSent' && tag > 5)).toEqual(
      [],
    );
    await feeds[Symbol.asyncDispose]();
  });

  it('[P5] [P15] is reset when it reads again, if it was stalled meanwhile', async () => {
    const log = new ScriptedLog();
    const { feeds, follow } = setUp(log);
    const reader = new Reader();
    await follow(reader);
    await expect.poll(() => words(reader)).toEqual(['CaughtUp 0']);
    reader.stall();
    feeds.publish(commit(log, 3).map((event) => ({ event })));
    log.restore(0);
    feeds.publish(commit(log, 4).map((event) => ({ event })));
    const feed = await feeds.open(topic);
    await expect.poll(() => feed.head.tag).toBe(log.head.tag);
    reader.drain();
    await expect.poll(() => words(reader)).toEqual(['CaughtUp 0', 'StreamReset 4']);
    await feeds[Symbol.asyncDispose]();
  });
});
