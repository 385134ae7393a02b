import type { Entry, Feed } from './feed.ts';
import { toPage, type Encoded, type Page } from './page.ts';

/**
 * How long executions are shared. Meanwhile a row may change without an event of this topic, such
 * as a display name.
 */
const sharedMs = 2000;

/** Executions for subscribers that catch up, shared by those that do so at the same time. */
export interface Replays {
  /**
   * The events that follow `after`, executed, at most a page. Undefined if the log was trimmed past
   * it, or another stretch has begun.
   */
  read(after: number): Promise<Page | undefined>;
  /** Forgets all executions, because rows that they show have changed. */
  forget(): void;
}

export function createReplays(
  feed: Feed,
  encode: (entries: readonly Entry[]) => Promise<Encoded[]>,
): Replays {
  /** For subscribers that start at different numbers within a page. */
  const executed = new Map<Entry, Promise<Encoded | undefined>>();
  /** By the number before their first event. */
  const pages = new Map<number, Promise<Page | undefined>>();
  let forgetting: NodeJS.Timeout | undefined;

  async function readPage(after: number): Promise<Page | undefined> {
    const events = await feed.read(after);
    if (!events) return undefined;
    const missing = events.filter((event) => !executed.has(event));
    if (missing.length > 0) {
      const encoded = encode(missing);
      for (const [index, event] of missing.entries()) {
        const one = encoded.then((all) => all[index]);
        one.catch(() => executed.delete(event));
        executed.set(event, one);
      }
    }
    const page = await Promise.all(events.map((event) => executed.get(event)));
    // An execution that is no longer wanted has no result.
    return page.every((one) => one !== undefined) ? toPage(page) : undefined;
  }

  function forget(): void {
    executed.clear();
    pages.clear();
    clearTimeout(forgetting);
    forgetting = undefined;
  }

  return {
    read(after) {
      // By a timer, because a live operation may never replay again.
      forgetting ??= setTimeout(forget, sharedMs).unref();
      let page = pages.get(after);
      if (!page) {
        page = readPage(after);
        page.catch(() => pages.delete(after));
        pages.set(after, page);
      }
      return page;
    },
    forget,
  };
}
