import type { FairTurns } from '../fair-turns.ts';
import type { Channel } from '../events/channel.ts';
import type { Cursors } from '../events/cursor.ts';
import type { Event, Position } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import { createChannelFeed } from './channel-feed.ts';
import type { Feed, Stretch } from './feed.ts';
import type { Feeds } from './feeds.ts';
import type { RunOperation } from './encoding.ts';
import type { LiveBudget, OperationMemory } from './live-budget.ts';
import { LiveOperation } from './live-operation.ts';
import type { Sink, Start } from './follower.ts';
import { Subscriber } from './subscriber.ts';

interface Following {
  /** Subscriptions with the same key share a live operation. */
  readonly operationKey: string;
  readonly viewerId: string | undefined;
  /** The holder of the budget: the viewer, or the address of an anonymous client. */
  readonly holder: string;
  /** The most that one event costs. */
  readonly eventCost: number;
  readonly memory: OperationMemory;
  readonly run: RunOperation;
  /** Throws a refusal unless the viewer may follow now. */
  readonly authorize: () => Promise<void>;
}

/** A subscription to the events of a topic. */
export interface FollowRequest extends Following {
  readonly topic: Topic;
  /** Where to resume. Undefined to start now. */
  readonly cursor: string | undefined;
  /** The recent events to start with, if there is no cursor: the newest up to this number. */
  recent?(upTo: number): Promise<readonly Event[]>;
  /** The events that are delivered. Undefined for all. */
  readonly selects?: ((event: Event) => boolean) | undefined;
  /** Whether everything that the log still has is replayed. */
  readonly replaysAll?: boolean | undefined;
}

/** A subscription to the notices of a channel. */
export interface FollowChannelRequest extends Following {
  readonly viewerId: string;
  channel(): Promise<Channel>;
  /** The topic whose events withdraw permission to follow. */
  readonly permissions: Topic | undefined;
}

export interface LiveOperations {
  /**
   * Starts a subscription. Rejects with a refusal; later errors go to the sink. The returned
   * function ends it at once.
   */
  follow(request: FollowRequest, sink: Sink): Promise<() => void>;
  followChannel(request: FollowChannelRequest, sink: Sink): Promise<() => void>;
}

export function createLiveOperations({
  feeds,
  cursors,
  budget,
  replayTurns,
  metrics,
  replayMax,
}: {
  feeds: Feeds;
  cursors: Cursors;
  budget: LiveBudget;
  replayTurns: FairTurns;
  metrics: Metrics;
  replayMax: number;
}): LiveOperations {
  const operations = new Map<string, LiveOperation>();

  function open(
    key: string,
    feed: Feed,
    { eventCost, memory, run, selects, replaysAll }: Following & Partial<FollowRequest>,
  ): LiveOperation {
    const onClose = () => {
      operations.delete(key);
      metrics.liveOperations.set(operations.size);
    };
    const operation = new LiveOperation({
      feed,
      run,
      eventCost,
      memory,
      budget,
      replayTurns,
      metrics,
      replayMax: replaysAll ? Infinity : replayMax,
      selects,
      onClose,
    });
    operations.set(key, operation);
    metrics.liveOperations.set(operations.size);
    return operation;
  }

  function acquire(key: string, feedOf: () => Feed, request: Following): LiveOperation {
    const operation = operations.get(key) ?? open(key, feedOf(), request);
    operation.acquire(request.holder);
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
      if (head.seq - after.seq > operation.replayMax)
        return { type: 'reset', reason: 'TOO_FAR_BEHIND' };
      return { type: 'replay', after };
    }
    if (!recent) return { type: 'live' };
    return { type: 'recent', page: await operation.present(await recent(head.seq)) };
  }

  /**
   * Attaches a subscriber to an operation that was acquired for it. The operation is released when
   * the subscriber ends or is refused.
   */
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
      operation.release(holder);
      throw error;
    }
  }

  return {
    async follow(request, sink) {
      const feed = await feeds.open(request.topic);
      const operation = acquire(`${request.topic} ${request.operationKey}`, () => feed, request);
      return attach(operation, request, sink, async () => {
        // A cursor from another node may be ahead of this one, or of a history that this one has
        // not noticed yet. A subscription without a cursor starts at the head as it is now.
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
      const operation = acquire(
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
