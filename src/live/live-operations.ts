import type { Channel } from '../events/channel.ts';
import type { Cursors } from '../events/cursor.ts';
import type { Event, Position } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import { createChannelFeed } from './channel-feed.ts';
import type { Feed, Stretch } from './feed.ts';
import type { Feeds } from './feeds.ts';
import type { RunOperation } from './encoding.ts';
import type { LiveBudget } from './live-budget.ts';
import { LiveOperation } from './live-operation.ts';
import type { Sink, Start } from './follower.ts';
import { Subscriber } from './subscriber.ts';

interface Following {
  /** The same for all whose events may be executed once for all of them. */
  readonly operationKey: string;
  readonly viewerId: string | undefined;
  /** Whose budget it takes from: the viewer's, or the address's where there is none. */
  readonly holder: string;
  /** What one event costs at the most. */
  readonly eventCost: number;
  readonly run: RunOperation;
  /** Throws a refusal unless the viewer may follow, now. */
  readonly authorize: () => Promise<void>;
}

/** What someone wants to follow, and how: the events of a topic. */
export interface FollowRequest extends Following {
  readonly topic: Topic;
  /** Where to resume; undefined: from now on. */
  readonly cursor: string | undefined;
  /** The recent events to begin with, where there is no cursor. */
  recent?(): Promise<readonly Event[]>;
}

/** The notices of a channel. */
export interface FollowChannelRequest extends Following {
  readonly viewerId: string;
  channel(): Promise<Channel>;
  /** Whose events withdraw permission to follow. */
  readonly permissions: Topic | undefined;
}

export interface LiveOperations {
  /** Begins to follow. Rejects with a refusal; afterwards the sink is told of everything. The function returned ends it, at once and without a word. */
  follow(request: FollowRequest, sink: Sink): Promise<() => void>;
  followChannel(request: FollowChannelRequest, sink: Sink): Promise<() => void>;
}

export function createLiveOperations({
  feeds,
  cursors,
  budget,
  metrics,
  replayMax,
}: {
  feeds: Feeds;
  cursors: Cursors;
  budget: LiveBudget;
  metrics: Metrics;
  replayMax: number;
}): LiveOperations {
  const operations = new Map<string, LiveOperation>();

  function hold(
    key: string,
    feedOf: () => Feed,
    { holder, eventCost, run }: Following,
  ): LiveOperation {
    let operation = operations.get(key);
    if (!operation) {
      const closed = () => {
        operations.delete(key);
        metrics.liveOperations.set(operations.size);
      };
      operations.set(
        key,
        (operation = new LiveOperation({
          feed: feedOf(),
          run,
          eventCost,
          budget,
          metrics,
          replayMax,
          closed,
        })),
      );
      metrics.liveOperations.set(operations.size);
    }
    operation.hold(holder);
    return operation;
  }

  async function chooseStart(
    { cursor, recent, topic }: FollowRequest,
    operation: LiveOperation,
    head: Position,
  ): Promise<Start> {
    if (cursor !== undefined) {
      const after = cursors.decode(cursor, topic);
      if (!after || after.seq > head.seq) return { type: 'reset', reason: 'UNKNOWN_CURSOR' };
      if (head.seq - after.seq > replayMax) return { type: 'reset', reason: 'TOO_FAR_BEHIND' };
      return { type: 'replay', after };
    }
    if (!recent) return { type: 'live' };
    const events = (await recent()).filter(({ seq }) => seq <= head.seq);
    return { type: 'recent', page: await operation.present(events) };
  }

  /** Attaches a follower to an operation that is held for them, and is let go of when they end or are refused. */
  async function attach(
    operation: LiveOperation,
    { viewerId, holder, authorize }: Following,
    sink: Sink,
    begin: () => Promise<{ head: Position; stretch: Stretch; start: Start }>,
  ): Promise<() => void> {
    try {
      const { head, stretch, start } = await begin();
      const follower = { sink, viewerId, holder, authorize };
      const subscriber = new Subscriber(operation, follower, head, stretch);
      operation.add(subscriber);
      void subscriber.begin(start);
      return () => subscriber.end();
    } catch (error) {
      operation.letGo(holder);
      throw error;
    }
  }

  return {
    async follow(request, sink) {
      const feed = await feeds.open(request.topic);
      const operation = hold(`${request.topic} ${request.operationKey}`, () => feed, request);
      return attach(operation, request, sink, async () => {
        // A cursor from another node may be ahead of what this one has heard, or of a history that this one has not noticed yet; and who comes
        // without one expects to be told from now on.
        const known =
          request.cursor === undefined ? undefined : cursors.decode(request.cursor, request.topic);
        if (!known || feed.isForeign(known)) await feeds.refresh(feed);
        const { head, stretch } = feed;
        await request.authorize();
        return { head, stretch, start: await chooseStart(request, operation, head) };
      });
    },
    async followChannel(request, sink) {
      const channel = await request.channel();
      const permissions =
        request.permissions === undefined ? undefined : await feeds.open(request.permissions);
      const operation = hold(
        `${channel.name} ${request.operationKey}`,
        () => createChannelFeed(channel, permissions),
        request,
      );
      return attach(operation, request, sink, async () => {
        const { head, stretch } = operation.feed;
        await request.authorize();
        return { head, stretch, start: { type: 'snapshot' } };
      });
    },
  };
}
