import { revokedBy } from '../events/catalogue.ts';
import type { Channel, Notice } from '../events/channel.ts';
import type { Position } from '../events/event.ts';
import type { Entry, Feed, FeedListener, FreshEntry, Stretch } from './feed.ts';
import type { TopicFeed } from './topic-feed.ts';

/** Entries that are kept for those who are a little behind; who is further behind begins anew. */
const keptEntries = 1000;
const pageSize = 100;

/**
 * The notices of a channel for one operation, numbered as they come, and between them what withdraws permission to follow, which is heard
 * in a topic. It follows both while it is listened to.
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

  function push(fresh: readonly FreshEntry[]): void {
    if (fresh.length === 0) return;
    window.push(...fresh.map(({ event }) => event));
    // Not at every push: moving them costs more than keeping them.
    if (window.length > 2 * keptEntries) window = window.slice(-keptEntries);
    for (const listener of listeners) listener(fresh);
  }

  /** Numbers alone: nothing of a channel outlives this feed. */
  const next = (): Position => ({ seq: ++head, tag: 0 });

  const number = ({ facts, ...notice }: Notice): FreshEntry => ({
    event: {
      ...notice,
      isFor: notice.isFor,
      topic: channel.name,
      ...next(),
      occurredAt: Date.now(),
    },
    facts,
  });

  /** The permission topic went on elsewhere than where this node knew it: everybody begins anew, and is asked again. */
  function skip(): void {
    stretch = { reason: 'UNKNOWN_CURSOR' };
    for (const listener of listeners) listener([]);
  }

  function start(): () => void {
    const stopNotices = channel.listen((notices) => push(notices.map(number)));
    const stopPermissions = permissions?.listen((fresh) => {
      if (fresh.length === 0) return skip();
      const revoked = fresh.flatMap(({ event }) => revokedBy(event) ?? []);
      push(
        revoked.map((userId) => ({ event: { type: 'Withdrawal', data: { userId }, ...next() } })),
      );
    });
    return () => {
      stopNotices();
      stopPermissions?.();
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
      const start = after + 1 - (head - window.length + 1);
      return start < 0 ? undefined : window.slice(start, start + pageSize);
    },
    reachBack: async ({ seq }) => (seq >= head - window.length ? undefined : 'LOG_TRIMMED'),
    verify: async () => {},
    snapshot: (viewerId) => channel.snapshot(viewerId),
  };
}
