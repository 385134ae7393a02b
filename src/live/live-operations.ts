import { forbidden, Refusal } from '../errors.ts';
import type { Cursors } from '../events/cursor.ts';
import type { Event } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import type { Feeds } from './feeds.ts';
import { LiveOperation, type RunOperation } from './live-operation.ts';
import { Subscriber, type Sink, type Start } from './subscriber.ts';
import type { TopicFeed } from './topic-feed.ts';

/** What someone wants to follow, and how. */
export interface FollowRequest {
  /** The same for all whose events may be executed once for all of them. */
  readonly operationKey: string;
  readonly topic: Topic;
  readonly viewerId: string | undefined;
  readonly run: RunOperation;
  /** Throws a refusal unless the viewer may follow, now. */
  authorize(): Promise<void>;
  /** Where to resume; undefined: from now on. */
  readonly cursor: string | undefined;
  /** The recent events to begin with, where there is no cursor. */
  recent?(): Promise<readonly Event[]>;
}

export interface LiveOperations {
  /** Begins to follow. Rejects with a refusal; afterwards the sink is told of everything. The function returned ends it, at once and without a word. */
  follow(request: FollowRequest, sink: Sink): Promise<() => void>;
}

export function createLiveOperations({ feeds, cursors, metrics, replayMax }: { feeds: Feeds; cursors: Cursors; metrics: Metrics; replayMax: number }): LiveOperations {
  const operations = new Map<string, { operation: LiveOperation; holders: number }>();

  function hold(key: string, feed: TopicFeed, run: RunOperation): LiveOperation {
    let held = operations.get(key);
    if (!held) operations.set(key, (held = { operation: new LiveOperation(feed, run, metrics), holders: 0 }));
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

  return {
    async follow(request, sink) {
      const feed = await feeds.open(request.topic);
      const key = `${request.topic} ${request.operationKey}`;
      const operation = hold(key, feed, request.run);
      try {
        // A cursor from another node may be ahead of what this one has heard, and who comes without one expects to be told from now on.
        const known = request.cursor === undefined ? undefined : cursors.decode(request.cursor, request.topic);
        if (known === undefined || known > feed.head) await feeds.refresh(feed);
        const head = feed.head;
        await request.authorize();
        const follower = {
          viewerId: request.viewerId,
          sink,
          ended: () => letGo(key),
          recheck: () => request.authorize().catch(withdrawn),
          replayMax,
          replayed: (events: number) => metrics.eventsReplayed.inc(events),
          lagged: () => metrics.slowReaders.inc({ outcome: 'replayed' }),
        };
        const start = await chooseStart(request, operation, head);
        const subscriber = new Subscriber(operation, follower, head);
        operation.add(subscriber);
        void subscriber.begin(start);
        return () => subscriber.end();
      } catch (error) {
        letGo(key);
        throw error;
      }
    },
  };
}

/** Who could follow knows that it exists: that it is now hidden from them is a permission withdrawn, not an id that names nothing [P11]. */
function withdrawn(refusal: unknown): never {
  throw refusal instanceof Refusal && refusal.code === 'NOT_FOUND' ? forbidden('You may no longer follow this. Ask to be let in again.') : refusal;
}
