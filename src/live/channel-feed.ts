import { revokedBy } from '../events/catalogue.ts';
import type { Channel, Notice } from '../events/channel.ts';
import type { FreshEvent, Position } from '../events/event.ts';
import {
  isNotice,
  type Entry,
  type Feed,
  type FeedListener,
  type FreshEntry,
  type Stretch,
} from './feed.ts';
import type { TopicFeed } from './topic-feed.ts';

/**
 * Entries that are kept for subscribers that lag a little. Those that lag more receive a new
 * snapshot.
 */
const keptEntries = 1000;
const pageSize = 100;

/**
 * The notices of a channel for one operation, numbered as they arrive. Between them are the
 * withdrawals of permission to follow, which come from a topic. It follows channel and topic while
 * it has listeners.
 */
export function createChannelFeed(
  channel: Channel,
  permissions: Pick<TopicFeed, 'listen'> | undefined,
): Feed {
  const listeners = new Set<FeedListener>();
  let head = 0;
  let stretch: Stretch = { reason: 'UNKNOWN_CURSOR' };
  let window: Entry[] = [];
  let stop: (() => void) | undefined;
  let forgetting: NodeJS.Timeout | undefined;

  function push(fresh: readonly FreshEntry[]): void {
    if (fresh.length === 0) return;
    window.push(...fresh.map(({ event }) => event));
    // Not at every push, because moving the entries costs more than keeping them.
    if (window.length > 2 * keptEntries) window = window.slice(-keptEntries);
    forgetLater();
    for (const listener of listeners) listener(fresh);
  }

  /** Forgets large entries when they are old, also if none follow. */
  function forgetLater(): void {
    const { keptMs } = channel;
    if (keptMs === undefined || forgetting) return;
    forgetting = setTimeout(() => {
      forgetting = undefined;
      const oldest = Date.now() - keptMs;
      const kept = window.findIndex((entry) => isNotice(entry) && entry.occurredAt > oldest);
      window = kept < 0 ? [] : window.slice(kept);
      if (window.length > 0) forgetLater();
    }, keptMs);
  }

  /** Positions have a number and no tag: no entry of a channel outlives this feed. */
  const nextPosition = (): Position => ({ seq: ++head, tag: 0 });

  const numbered = ({ facts, ...notice }: Notice): FreshEntry => ({
    event: {
      ...notice,
      isFor: notice.isFor,
      topic: channel.name,
      ...nextPosition(),
      occurredAt: Date.now(),
    },
    facts,
  });

  const withdrawal = (userId: string): FreshEntry => ({
    event: { type: 'Withdrawal', data: { userId }, ...nextPosition() },
  });

  function receivePermissions(fresh: readonly FreshEvent[]): void {
    if (fresh.length === 0) return beginStretch();
    const revoked = fresh.map(({ event }) => revokedBy(event)).filter((id) => id !== undefined);
    push(revoked.map(withdrawal));
  }

  /**
   * After a break in the topic of permissions, a withdrawal may have been missed: all subscribers
   * start again, and the rule is asked again.
   */
  function beginStretch(): void {
    stretch = { reason: 'UNKNOWN_CURSOR' };
    for (const listener of listeners) listener([]);
  }

  function start(): () => void {
    const stopNotices = channel.listen((notices) => push(notices.map(numbered)));
    const stopPermissions = permissions?.listen(receivePermissions);
    return () => {
      stopNotices();
      stopPermissions?.();
      clearTimeout(forgetting);
      forgetting = undefined;
    };
  }

  return {
    topic: channel.name,
    get head() {
      return { seq: head, tag: 0 };
    },
    get stretch() {
      return stretch;
    },
    listen(listener) {
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    async read(after) {
      const firstKept = head - window.length + 1;
      const start = after + 1 - firstKept;
      return start < 0 ? undefined : window.slice(start, start + pageSize);
    },
    reachBack: async ({ seq }) => (seq >= head - window.length ? undefined : 'LOG_TRIMMED'),
    verify: async () => {},
    snapshot: (viewerId) => channel.snapshot(viewerId),
  };
}
