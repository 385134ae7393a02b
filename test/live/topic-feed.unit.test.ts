import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { origin } from '../../src/events/event.ts';
import { TopicFeed } from '../../src/live/topic-feed.ts';
import { createMetrics } from '../../src/metrics.ts';
import { ScriptedLog, topic } from './scripted-log.ts';

const metrics = createMetrics();

/** The steps of a feed, in any order. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant({ type: 'commit' as const }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('hint' as const), back: fc.nat(6) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('check' as const) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('read' as const), back: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('away' as const) }) },
  ),
  { maxLength: 60 },
);

describe('a feed', () => {
  it('[P1] receives every event once and in order, under random faults of hints, reads and the database', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, fc.nat(5), async (scheduler, script, before) => {
        const log = new ScriptedLog((answer) => scheduler.schedule(Promise.resolve()).then(answer));
        for (let count = 0; count < before; count++) log.commit();
        const feed = new TopicFeed(topic, log, metrics);
        const received: number[] = [];
        feed.listen((fresh) => received.push(...fresh.map(({ event }) => event.seq)));
        feed.begin(log.head);
        const running: Promise<unknown>[] = [];
        for (const step of script) {
          if (step.type === 'commit') log.commit();
          if (step.type === 'hint') {
            const event = log.events[log.events.length - 1 - step.back];
            if (event) feed.offer({ event });
          }
          if (step.type === 'check') running.push(feed.verify().catch(() => {}));
          if (step.type === 'away') log.isAway = !log.isAway;
          if (step.type === 'read') {
            const after = Math.max(0, feed.head.seq - step.back);
            running.push(
              feed.read(after).then(
                (events) =>
                  expect(events!.map(({ seq }) => seq)).toEqual(
                    Array.from({ length: events!.length }, (_, place) => after + 1 + place),
                  ),
                () => {},
              ),
            );
          }
        }
        log.isAway = false;
        running.push(feed.verify());
        await scheduler.waitFor(Promise.all(running));
        // A read that failed while the database was away ended the check that waited for it; the
        // next one comes.
        await scheduler.waitFor(feed.verify());
        feed.close();
        expect(received).toEqual(log.events.slice(before).map(({ seq }) => seq));
      }),
      { numRuns: 500 },
    );
  });

  it('[P4] reads the log when a number stays missing', async () => {
    const log = new ScriptedLog();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(origin);
    log.commit();
    feed.offer({ event: log.commit() });
    await expect.poll(() => feed.head.seq).toBe(2);
    expect(log.reads).toBe(1);
    feed.close();
  });

  it('does not read the log when hints only overtake each other', async () => {
    const log = new ScriptedLog();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(origin);
    const [first, second] = [log.commit(), log.commit()];
    feed.offer({ event: second });
    feed.offer({ event: first });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(feed.head.seq).toBe(2);
    expect(log.reads).toBe(0);
    feed.close();
  });

  it('reads a page of the log once for many subscribers', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 1000; count++) log.commit();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    const pages = await Promise.all(
      Array.from({ length: 500 }, (_, place) => feed.read(900 + (place % 100))),
    );
    expect(pages.every((page, place) => page![0]!.seq === 901 + (place % 100))).toBe(true);
    expect(log.reads).toBe(1);
    feed.close();
  });

  it('[P3] reports that the log no longer reaches back far enough', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 250; count++) log.commit();
    log.trimmedTo = 120;
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    expect(await feed.read(119)).toBeUndefined();
    expect((await feed.read(120))!.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 80 }, (_, place) => 121 + place),
    );
    feed.close();
  });

  it('[P2] gives subscribers with different positions the same pages from the next one on', async () => {
    const log = new ScriptedLog();
    for (let count = 0; count < 250; count++) log.commit();
    const feed = new TopicFeed(topic, log, metrics);
    feed.begin(log.head);
    const pages = async (after: number) => {
      const bounds: number[][] = [];
      for (let at = after; at < 250;) {
        const page = (await feed.read(at))!;
        bounds.push([page[0]!.seq, page.at(-1)!.seq]);
        at = page.at(-1)!.seq;
      }
      return bounds;
    };
    expect(await pages(7)).toEqual([
      [8, 100],
      [101, 200],
      [201, 250],
    ]);
    expect(await pages(99)).toEqual([
      [100, 100],
      [101, 200],
      [201, 250],
    ]);
    expect(await pages(100)).toEqual([
      [101, 200],
      [201, 250],
    ]);
    feed.close();
  });
});
