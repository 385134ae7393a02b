import type { Snapshot } from '../events/channel.ts';
import type { Position } from '../events/event.ts';
import type { Feed } from './feed.ts';
import type { LiveNotice } from './live-field.ts';
import { toPage, type Encoded, type Page } from './page.ts';

/**
 * How long an executed snapshot is shared, and for how many changes, which are delivered after it.
 */
const sharedMs = 500;
const sharedChanges = 500;

/** The state at a position of a feed, executed. */
export interface ExecutedSnapshot {
  readonly at: Position;
  readonly page: Promise<Page>;
}

/** Snapshots for new subscribers, executed once for those that start at the same time. */
export interface Snapshots {
  take(snapshot: Snapshot): ExecutedSnapshot;
}

export function createSnapshots(
  feed: Feed,
  encode: (notices: readonly LiveNotice[]) => Promise<Encoded[]>,
): Snapshots {
  const executed = new Map<string, ExecutedSnapshot>();
  let since = 0;

  function execute(key: string, { notices }: Snapshot): ExecutedSnapshot {
    const at = feed.head;
    const entries = notices().map((notice): LiveNotice => ({
      ...notice,
      isFor: notice.isFor,
      topic: feed.topic,
      ...at,
      occurredAt: Date.now(),
    }));
    const page = encode(entries).then(toPage);
    page.catch(() => executed.delete(key));
    return { at, page };
  }

  return {
    take(snapshot) {
      if (Date.now() - since > sharedMs) {
        executed.clear();
        since = Date.now();
      }
      let taken = executed.get(snapshot.key);
      if (!taken || feed.head.seq - taken.at.seq > sharedChanges)
        executed.set(snapshot.key, (taken = execute(snapshot.key, snapshot)));
      return taken;
    },
  };
}
