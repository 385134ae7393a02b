import DataLoader from 'dataloader';
import type { Bus } from '../cluster/bus.ts';
import type { EventLog } from '../events/event-log.ts';
import {
  origin,
  type FreshEvent,
  type Position,
  type Publish,
  type Watch,
} from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { TopicFeed } from './topic-feed.ts';

export interface Feeds extends AsyncDisposable {
  /** The feed of a topic, up to the log's head as it is now. Close what you listened with, and the feed goes when nobody listens. */
  open(topic: Topic): Promise<TopicFeed>;
  /** Brings a feed up to the log's head as it is now, in the history that the log has now. */
  refresh(feed: TopicFeed): Promise<void>;
  /** Tells this node's feeds, then the other nodes. */
  readonly publish: Publish;
  /** Hears every event that this node or another tells of, of whatever topic: a hint, which may be lost or come twice. */
  readonly watch: Watch;
}

/** What nodes tell each other; a node of another version may tell other things. */
interface Hint {
  readonly events?: readonly FreshEvent[];
}

/**
 * All feeds of a node: they hear this node and the bus, and compare themselves with the log when the bus was away and every `headCheckMs`.
 * So a history that went on differently is noticed that soon, and watchers hear that they missed something [P15].
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
  // A crowd that arrives together shares one query.
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

  async function check(): Promise<void> {
    for (const feed of feeds.values()) feed.tidy();
    if (feeds.size === 0) return;
    const expected = [...feeds].map(([topic, feed]) => ({ topic, compare: feed.expectHead() }));
    const heads = await eventLog.heads(expected.map(({ topic }) => topic));
    for (const { topic, compare } of expected)
      // One that is out of step does not keep the others from their check.
      compare(heads.get(topic) ?? origin).catch((error: Error) =>
        log.warn({ topic, error: error.message }, 'a feed could not read the log'),
      );
  }

  /** Of one turn of the event loop. */
  let broken = 0;
  function noteBreak(): void {
    metrics.feedBreaks.inc();
    if (broken++ > 0) return;
    setImmediate(() => {
      log.warn(
        { topics: broken },
        'followers were reset: the log was trimmed or has another history, after a restore or a failover',
      );
      broken = 0;
      for (const watcher of watchers) watcher([]);
    });
  }

  async function begin(topic: Topic): Promise<TopicFeed> {
    const feed = new TopicFeed(topic, eventLog, metrics, noteBreak);
    // It hears before it asks for the head, so that nothing falls between.
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
    checking ??= check()
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
  bus.listen((message) => offer((message as Hint).events ?? []));

  return {
    async open(topic) {
      const known = feeds.get(topic);
      const opening = openings.get(topic);
      if (opening) return opening;
      if (known) return known;
      const started = begin(topic).finally(() => openings.delete(topic));
      openings.set(topic, started);
      return started;
    },
    async refresh(feed) {
      const compare = feed.expectHead();
      await compare(await headOf.load(feed.topic));
    },
    publish(fresh) {
      offer(fresh);
      for (const [topic, ofTopic] of groupByTopic(fresh))
        bus.publish(topic, { events: ofTopic } satisfies Hint);
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

function groupByTopic(fresh: readonly FreshEvent[]): Map<Topic, FreshEvent[]> {
  const groups = new Map<Topic, FreshEvent[]>();
  for (const one of fresh) {
    const group = groups.get(one.event.topic);
    if (group) group.push(one);
    else groups.set(one.event.topic, [one]);
  }
  return groups;
}
