import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { createLease } from '../db/lease.ts';
import type { Log } from '../log.ts';
import type { EventLog } from './event-log.ts';
import {
  isSame,
  origin,
  type FreshEvent,
  type Position,
  type Publish,
  type Watch,
} from './event.ts';
import { createRecentFacts } from './recent-facts.ts';
import {
  beginStatement,
  behindStatement,
  sequenceParameters,
  sequenceStatement,
  skipParameters,
  skipStatement,
  type SequencedEvent,
} from './sequence-statement.ts';
import { applicationTopic, isSequenced, type Topic } from './topics.ts';

/** The order of all events of conversations and profiles: the topic of the application [P16]. */
export interface Sequencer extends AsyncDisposable {
  /**
   * Brings the topic up to everything that was stored before the call. Rejects while the database
   * is down.
   */
  catchUp(): Promise<void>;
  /** Keeps the topic up to date until the returned function is called. */
  follow(): () => void;
}

interface Parts {
  readonly database: Pick<Database, 'query'>;
  readonly eventLog: EventLog;
  readonly publish: Publish;
  readonly watch: Watch;
  /** Whether a client of this node follows the topic. */
  isSubscribed(): boolean;
  readonly log: Log;
  readonly retentionDays: number;
  /** How long after the death of a node another one takes over. */
  readonly leaseMs: number;
  /** The shortest interval between two comparisons of all conversations, in ms. */
  readonly compareMs: number;
}

const topicsAtOnce = 100;
const idleMs = 250;
/** The pause between two statements under load, so that one copies many events. */
const batchingMs = 5;
/** The part of the time that comparisons may take. */
const comparingShare = 0.05;
/** Changed topics that are remembered. If there are more, all topics are compared. */
const changedMax = 10_000;

/**
 * Copies events that were committed into the topic of the application, and so numbers them. It runs
 * on one node at a time, and only while somebody on any node follows. Hints say which conversations
 * have new events. A comparison of all conversations finds the events whose hints were lost.
 * docs/architecture.md says why the order is sound.
 */
export function createSequencer(parts: Parts): Sequencer {
  const { database, eventLog, publish, log } = parts;
  const lease = createLease(database, 'sequencer', parts.leaseMs);
  const stopping = new AbortController();
  const changed = new Set<Topic>();
  const facts = createRecentFacts();
  let followers = 0;
  /** The head of the topic, as far as this node knows. */
  let known: Position | undefined;
  let stopWatching: (() => void) | undefined;
  let compareAt = 0;
  let ring: (() => void) | undefined;

  const isFollowed = () => followers > 0 || parts.isSubscribed();
  const head = async (): Promise<Position> =>
    (await eventLog.heads([applicationTopic])).get(applicationTopic) ?? origin;

  /** Copies the next events of these topics. Returns the topics that have more. */
  async function sequence(topics: readonly Topic[]): Promise<Topic[]> {
    if (lease.isHeld) await lease.hold();
    const expected = known ?? (await head());
    const parameters = sequenceParameters(topics, expected);
    const events = await database.query<SequencedEvent>(sequenceStatement, parameters);
    publish(events.map(withFacts));
    known = events.at(-1);
    if (known)
      return [...new Set(events.flatMap(({ hasMore, source }) => (hasMore ? source : [])))];
    // Nothing was new, or another node was faster.
    known = await head();
    return isSame(known, expected) ? [] : [...topics];
  }

  async function sequenceAll(topics: readonly Topic[]): Promise<void> {
    for (let start = 0; start < topics.length; start += topicsAtOnce) {
      let rest: readonly Topic[] = topics.slice(start, start + topicsAtOnce);
      while (rest.length > 0 && !stopping.signal.aborted) rest = await sequence(rest);
    }
  }

  const withFacts = ({
    source,
    sourceSeq,
    sourceTag,
    hasMore: _,
    ...event
  }: SequencedEvent): FreshEvent => ({
    event,
    facts: facts.take(source, sourceSeq, sourceTag),
  });

  /** Compares all conversations, a page at a time, so that each has its turn under load. */
  async function compare(): Promise<void> {
    let after = '';
    for (;;) {
      const rows = await database.query<{ id: Topic }>(behindStatement, [after]);
      if (rows.length === 0 || stopping.signal.aborted) return;
      await sequenceAll(rows.map(({ id }) => id));
      after = rows.at(-1)!.id;
    }
  }

  /**
   * Begins the order. Begins again if nobody has followed for longer than events are kept, because
   * all cursors are invalid then.
   */
  async function begin(unfollowedMs: number): Promise<void> {
    await database.query(beginStatement, []);
    if (unfollowedMs > parts.retentionDays * 86_400_000)
      await database.query(skipStatement, skipParameters(await head()));
  }

  function startWatching(): void {
    compareAt = 0;
    stopWatching = parts.watch((fresh) => {
      if (fresh.length === 0 || changed.size > changedMax) compareAt = 0;
      else fresh.forEach(note);
      ring?.();
    });
  }

  function note({ event: { topic, seq, tag }, facts: given }: FreshEvent): void {
    if (!isSequenced(topic)) return;
    changed.add(topic);
    if (given) facts.keep(topic, seq, tag, given);
  }

  function rest(): void {
    stopWatching?.();
    stopWatching = undefined;
    changed.clear();
    facts.clear();
  }

  /** Whether this node is the one that numbers. */
  async function takeOver(): Promise<boolean> {
    if (stopWatching) return lease.hold();
    const unfollowedMs = await lease.freeForMs();
    if (unfollowedMs < 0) return false;
    await begin(unfollowedMs);
    if (!(await lease.hold())) return false;
    startWatching();
    return true;
  }

  async function work(): Promise<void> {
    if (!(await takeOver())) return rest();
    const topics = [...changed];
    changed.clear();
    await sequenceAll(topics);
    if (performance.now() < compareAt) return;
    const startedAt = performance.now();
    compareAt = Infinity;
    await compare();
    const tookMs = performance.now() - startedAt;
    compareAt = performance.now() + Math.max(parts.compareMs, tookMs / comparingShare);
  }

  async function step(): Promise<void> {
    if (isFollowed()) return work();
    rest();
    await lease.release();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step();
        await (changed.size > 0 ? delay(batchingMs) : nextRing());
      } catch (error) {
        compareAt = 0;
        const { message } = error as Error;
        log.warn({ error: message }, 'numbering events for the application failed; retrying');
        await nextRing();
      }
    }
    rest();
    await lease.release().catch(() => {});
  }

  const nextRing = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs).unref();
      ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = run();
  return {
    async catchUp() {
      await begin(await lease.freeForMs());
      await compare();
    },
    follow() {
      followers++;
      ring?.();
      return () => void followers--;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      ring?.();
      await running;
    },
  };
}
