import { forbidden, Refusal } from '../errors.ts';
import type { Channel } from '../events/channel.ts';
import type { Cursors } from '../events/cursor.ts';
import type { Event } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import { createChannelFeed } from './channel-feed.ts';
import type { Feed } from './feed.ts';
import type { Feeds } from './feeds.ts';
import { LiveOperation, type RunOperation } from './live-operation.ts';
import { Subscriber, type Sink, type Start } from './subscriber.ts';

interface Following {
  /** The same for all whose events may be executed once for all of them. */
  readonly operationKey: string;
  readonly viewerId: string | undefined;
  readonly run: RunOperation;
  /** Throws a refusal unless the viewer may follow, now. */
  authorize(): Promise<void>;
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

export function createLiveOperations({ feeds, cursors, metrics, replayMax }: { feeds: Feeds; cursors: Cursors; metrics: Metrics; replayMax: number }): LiveOperations {
  const operations = new Map<string, { operation: LiveOperation; holders: number }>();

  function hold(key: string, feedOf: () => Feed, run: RunOperation): LiveOperation {
    let held = operations.get(key);
    if (!held) operations.set(key, (held = { operation: new LiveOperation(feedOf(), run, metrics), holders: 0 }));
    held.holders++;
    metrics.subscribers.inc();
    metrics.liveOperations.set(operations.size);
    return held.operation;
  }

  function letGo(key: string): void {
    const held = operations.get(key)!;
    metrics.subscribers.dec();
    if (--held.holders > 0) return;
    held.operation.close();
    operations.delete(key);
    metrics.liveOperations.set(operations.size);
  }

  async function chooseStart({ cursor, recent, topic }: FollowRequest, operation: LiveOperation, head: number): Promise<Start> {
    if (cursor !== undefined) {
      const after = cursors.decode(cursor, topic);
      if (after === undefined || after > head) return { type: 'reset', reason: 'UNKNOWN_CURSOR' };
      if (head - after > replayMax) return { type: 'reset', reason: 'TOO_FAR_BEHIND' };
      return { type: 'replay', after };
    }
    if (!recent) return { type: 'live' };
    const events = (await recent()).filter(({ seq }) => seq <= head);
    return { type: 'recent', events: await operation.present(events) };
  }

  /** Attaches a follower to the operation of that key, which is held, and is let go of when they end or are refused. */
  async function attach(key: string, request: Following, sink: Sink, begin: (operation: LiveOperation) => Promise<{ head: number; start: Start }>): Promise<() => void> {
    const { operation } = operations.get(key)!;
    try {
      const { head, start } = await begin(operation);
      const follower = {
        viewerId: request.viewerId,
        sink,
        ended: () => letGo(key),
        recheck: () => request.authorize().catch(withdrawn),
        replayMax,
        replayed: (events: number) => metrics.eventsReplayed.inc(events),
        lagged: () => metrics.slowReaders.inc({ outcome: 'replayed' }),
      };
      const subscriber = new Subscriber(operation, follower, head);
      operation.add(subscriber);
      void subscriber.begin(start);
      return () => subscriber.end();
    } catch (error) {
      letGo(key);
      throw error;
    }
  }

  return {
    async follow(request, sink) {
      const feed = await feeds.open(request.topic);
      const key = `${request.topic} ${request.operationKey}`;
      hold(key, () => feed, request.run);
      return attach(key, request, sink, async (operation) => {
        // A cursor from another node may be ahead of what this one has heard, and who comes without one expects to be told from now on.
        const known = request.cursor === undefined ? undefined : cursors.decode(request.cursor, request.topic);
        if (known === undefined || known > feed.head) await feeds.refresh(feed);
        const { head } = feed;
        await request.authorize();
        return { head, start: await chooseStart(request, operation, head) };
      });
    },
    async followChannel(request, sink) {
      const channel = await request.channel();
      const permissions = request.permissions === undefined ? undefined : await feeds.open(request.permissions);
      const key = `${channel.name} ${request.operationKey}`;
      hold(key, () => createChannelFeed(channel, permissions), request.run);
      return attach(key, request, sink, async ({ feed: { head } }) => {
        await request.authorize();
        return { head, start: { type: 'snapshot' } };
      });
    },
  };
}

/** Who could follow knows that it exists: that it is now hidden from them is a permission withdrawn, not an id that names nothing [P11]. */
function withdrawn(refusal: unknown): never {
  throw refusal instanceof Refusal && refusal.code === 'NOT_FOUND' ? forbidden('You may no longer follow this. Ask to be let in again.') : refusal;
}
