import DataLoader from 'dataloader';
import type { Bus } from '../cluster/bus.ts';
import type { EventLog } from '../events/event-log.ts';
import {
  origin,
  type Event,
  type FreshEvent,
  type Position,
  type Publish,
  type Watch,
} from '../events/event.ts';
import { decodeFacts, encodeFacts, type EncodedFacts } from '../events/facts.ts';
import type { Topic } from '../events/topics.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { TopicFeed } from './topic-feed.ts';

export interface Feeds extends AsyncDisposable {
  /**
   * The feed of a topic, up to the current head of the log. It is closed some time after its last
   * listener has stopped.
   */
  open(topic: Topic): Promise<TopicFeed>;
  /** Whether the topic has a feed on this node. */
  has(topic: Topic): boolean;
  /** Brings a feed up to the current head of the log, in its current history. */
  refresh(feed: TopicFeed): Promise<void>;
  /** Publishes to the feeds of this node, then to the other nodes. */
  readonly publish: Publish;
  /**
   * Watches the events of all topics, from this node and the others. They are hints: one may be
   * lost or repeated.
   */
  readonly watch: Watch;
}

interface EncodedFreshEvent {
  readonly event: Event;
  readonly facts?: EncodedFacts;
}

declare module '../cluster/bus.ts' {
  interface Hints {
    readonly events: readonly EncodedFreshEvent[];
  }
}

/**
 * All feeds of a node. They receive the events of this node and of the bus. They are compared with
 * the log every `headCheckMs`, and after the bus was down. So another history is noticed that soon,
 * and watchers learn that they missed events [P15].
 */
export function openFeeds({
  bus,
  eventLog,
  log,
  metrics,
  headCheckMs,
}: {
  bus: Bus;
  eventLog: EventLog;
  log: Log;
  metrics: Metrics;
  headCheckMs: number;
}): Feeds {
  const feeds = new Map<Topic, TopicFeed>();
  const openings = new Map<Topic, Promise<TopicFeed>>();
  // Subscriptions that start together share one query.
  const headOf = new DataLoader<Topic, Position>(
    async (topics) => {
      const heads = await eventLog.heads([...new Set(topics)]);
      return topics.map((topic) => heads.get(topic) ?? origin);
    },
    { cache: false, batchScheduleFn: setImmediate },
  );

  const watchers = new Set<(fresh: readonly FreshEvent[]) => void>();
  const offer = (fresh: readonly FreshEvent[]) => {
    for (const one of fresh) feeds.get(one.event.topic)?.offer(one);
    for (const watcher of watchers) watcher(fresh);
  };

  async function checkHeads(): Promise<void> {
    for (const feed of feeds.values()) feed.trim();
    if (feeds.size === 0) return;
    const expected = [...feeds].map(([topic, feed]) => ({ topic, compare: feed.expectHead() }));
    const heads = await eventLog.heads(expected.map(({ topic }) => topic));
    for (const { topic, compare } of expected)
      // The failure of one feed does not stop the check of the others.
      compare(heads.get(topic) ?? origin).catch((error: Error) =>
        log.warn({ topic, error: error.message }, 'a feed could not read the log'),
      );
  }

  /** The breaks of one turn of the event loop, which are reported together. */
  let breaks = 0;
  function noteBreak(): void {
    metrics.feedBreaks.inc();
    if (breaks++ > 0) return;
    setImmediate(() => {
      log.warn(
        { topics: breaks },
        'subscribers were reset: the log was trimmed or has another history, after a restore or a failover',
      );
      breaks = 0;
      for (const watcher of watchers) watcher([]);
    });
  }

  async function begin(topic: Topic): Promise<TopicFeed> {
    const feed = new TopicFeed(topic, eventLog, metrics, noteBreak);
    // It receives events before it asks for the head, so that none is lost in between.
    feeds.set(topic, feed);
    metrics.feeds.set(feeds.size);
    try {
      feed.begin(await headOf.load(topic));
      return feed;
    } catch (error) {
      feeds.delete(topic);
      throw error;
    }
  }

  function dropUnfollowed(): void {
    for (const [topic, feed] of feeds)
      if (!feed.isFollowed && !openings.has(topic) && unfollowedAtLastCheck.has(feed)) {
        feed.close();
        feeds.delete(topic);
      }
    unfollowedAtLastCheck = new Set([...feeds.values()].filter((feed) => !feed.isFollowed));
    metrics.feeds.set(feeds.size);
  }
  let unfollowedAtLastCheck = new Set<TopicFeed>();

  let checking: Promise<void> | undefined;
  const checkNow = () => {
    checking ??= checkHeads()
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'the head check could not read the log'),
      )
      .finally(() => (checking = undefined));
  };
  const timer = setInterval(() => {
    dropUnfollowed();
    checkNow();
  }, headCheckMs);
  bus.onReturn(() => {
    checkNow();
    for (const watcher of watchers) watcher([]);
  });
  bus.listen('events', (encoded) => offer(encoded.map(decode)));

  return {
    async open(topic) {
      const known = openings.get(topic) ?? feeds.get(topic);
      if (known) return known;
      const started = begin(topic).finally(() => openings.delete(topic));
      openings.set(topic, started);
      return started;
    },
    has: (topic) => feeds.has(topic),
    async refresh(feed) {
      const compare = feed.expectHead();
      await compare(await headOf.load(feed.topic));
    },
    publish(fresh) {
      if (fresh.length === 0) return;
      offer(fresh);
      bus.publish('events', fresh.map(encode));
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await checking;
      for (const feed of feeds.values()) feed.close();
    },
  };
}

const encode = ({ event, facts }: FreshEvent): EncodedFreshEvent =>
  facts ? { event, facts: encodeFacts(facts) } : { event };

const decode = ({ event, facts }: EncodedFreshEvent): FreshEvent =>
  facts ? { event, facts: decodeFacts(facts) } : { event };
