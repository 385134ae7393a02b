import type { Entry, Feed } from './feed.ts';
import { toPage, type Encoded, type Page } from './page.ts';

/** How long they are shared. Facts may change meanwhile without an event of this topic: a new display name, say. */
const sharedMs = 2000;

/** Executions for those who catch up, shared by a crowd that does so together. */
export interface Replays {
  /** What follows `after`, where something does; at most a page. Undefined when the log no longer reaches back to there, or another stretch has begun. */
  read(after: number): Promise<Page | undefined>;
  /** What was executed shows facts that have changed. */
  forget(): void;
}

export function createReplays(
  feed: Feed,
  encode: (entries: readonly Entry[]) => Promise<Encoded[]>,
): Replays {
  /** For those who come from different places within a page. */
  const executed = new Map<Entry, Promise<Encoded | undefined>>();
  /** By the number before the first. */
  const pages = new Map<number, Promise<Page | undefined>>();
  let since = 0;

  async function readPage(after: number): Promise<Page | undefined> {
    const events = await feed.read(after);
    if (!events) return undefined;
    const missing = events.filter((event) => !executed.has(event));
    if (missing.length > 0) {
      const encoded = encode(missing);
      for (const [place, event] of missing.entries()) {
        const one = encoded.then((all) => all[place]);
        one.catch(() => executed.delete(event));
        executed.set(event, one);
      }
    }
    const page = await Promise.all(events.map((event) => executed.get(event)));
    // Nothing comes of an execution that is not wanted any more.
    return page.every((one) => one !== undefined) ? toPage(page) : undefined;
  }

  function forget(): void {
    executed.clear();
    pages.clear();
    since = Date.now();
  }

  return {
    read(after) {
      if (Date.now() - since > sharedMs) forget();
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
