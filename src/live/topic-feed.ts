import type { EventLog } from '../events/event-log.ts';
import type { Event, FreshEvent } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import type { Feed } from './feed.ts';

/** How long a number may be missing before the log is asked: two nodes' hints may cross on their way. */
const holePatienceMs = 20;
/** Events that a feed keeps for those who lag or come back. While someone reads further back it keeps more. */
const keptEvents = 128;
const keptWhileReadMs = 5000;
const pageSize = 100;
const unknown = -1;

type Listener = (fresh: readonly FreshEvent[]) => void;

/**
 * The events of one topic on this node, in order and without a hole, whatever order, repeats or losses the hints of them come in [P4].
 * It keeps the newest ones and reaches back into the log on demand, once for all who ask.
 */
export class TopicFeed implements Feed {
  readonly topic: Topic;
  readonly #log: EventLog;
  readonly #metrics: Metrics;
  readonly #listeners = new Set<Listener>();
  /** What came before those in front of it. */
  readonly #early = new Map<number, FreshEvent>();
  #head = unknown;
  /** Without a hole, ending at the head. */
  #window: Event[] = [];
  #lastReachedBack = 0;
  #patience: NodeJS.Timeout | undefined;
  #reading: Promise<boolean> | undefined;
  #repairing: Promise<void> | undefined;

  constructor(topic: Topic, log: EventLog, metrics: Metrics) {
    this.topic = topic;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** The number of the newest event here; all before it have been heard. */
  get head(): number {
    return this.#head;
  }

  get isFollowed(): boolean {
    return this.#listeners.size > 0;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Begins at the log's head. What was offered before that counts from here on. */
  begin(head: number): void {
    if (this.#head !== unknown) return;
    this.#head = head;
    this.#advance('hint');
  }

  /** Takes a hint: an event known before is ignored, one that comes too early waits for those in front of it, for a moment. */
  offer(fresh: FreshEvent): void {
    if (fresh.event.seq <= this.#head) return;
    this.#early.set(fresh.event.seq, fresh);
    this.#advance('hint');
  }

  /** Brings the feed to a head that the log is known to have reached. Rejects while the log cannot be read. */
  async reachHead(head: number): Promise<void> {
    while (this.#head !== unknown && this.#head < head) {
      const before = this.#head;
      this.#repairing ??= this.#repair().finally(() => (this.#repairing = undefined));
      await this.#repairing;
      if (this.#head === before) return;
    }
  }

  /**
   * The events that follow `after`, at most to the end of a page; none when `after` is the head. Pages begin at the same numbers for
   * all, so that those who read from different places meet. Undefined when the log no longer reaches back to there.
   */
  async read(after: number): Promise<readonly Event[] | undefined> {
    if (!(await this.reachBack(after))) return undefined;
    const start = after + 1 - this.#first;
    return this.#window.slice(start, start + pageSize - (after % pageSize));
  }

  /** Makes sure that everything after `after` is at hand. False when the log no longer reaches back to there. */
  async reachBack(after: number): Promise<boolean> {
    while (after + 1 < this.#first) {
      this.#lastReachedBack = Date.now();
      this.#reading ??= this.#readBefore(this.#first, after).finally(
        () => (this.#reading = undefined),
      );
      if (!(await this.#reading)) return false;
    }
    return true;
  }

  /** Lets go of what nobody has asked for lately. */
  tidy(): void {
    if (this.#window.length > keptEvents && Date.now() - this.#lastReachedBack > keptWhileReadMs)
      this.#window = this.#window.slice(-keptEvents);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#listeners.clear();
  }

  get #first(): number {
    return this.#head - this.#window.length + 1;
  }

  #advance(source: 'hint' | 'log'): void {
    if (this.#head === unknown || this.#early.size === 0) return;
    const inOrder: FreshEvent[] = [];
    for (let next = this.#early.get(this.#head + 1); next; next = this.#early.get(this.#head + 1)) {
      this.#early.delete(next.event.seq);
      this.#window.push(next.event);
      this.#head = next.event.seq;
      inOrder.push(next);
    }
    for (const seq of this.#early.keys()) if (seq <= this.#head) this.#early.delete(seq);
    if (inOrder.length > 0) {
      this.#metrics.eventsHeard.inc({ source }, inOrder.length);
      for (const listener of this.#listeners) listener(inOrder);
    }
    if (this.#early.size === 0) clearTimeout(this.#patience);
    else this.#awaitMissing();
  }

  #awaitMissing(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      const newest = Math.max(...this.#early.keys());
      // While the database is away the hole stays; the next head check tries again.
      this.reachHead(newest).catch(() => {});
    }, holePatienceMs);
  }

  async #repair(): Promise<void> {
    const after = this.#head;
    this.#metrics.logReads.inc();
    const missing = await this.#log.read(this.topic, after, 10 * pageSize);
    if (missing) {
      this.#metrics.holesRepaired.inc();
      for (const event of missing)
        if (event.seq > this.#head && !this.#early.has(event.seq))
          this.#early.set(event.seq, { event });
      this.#advance('log');
      if (missing.length > 0) return;
    }
    // The log was trimmed past this node. Followers who are behind learn it when they read on.
    const heads = await this.#log.heads([this.topic]);
    this.#head = Math.max(this.#head, heads.get(this.topic) ?? 0);
    if (this.#head !== after) {
      this.#window = [];
      for (const listener of this.#listeners) listener([]);
    }
  }

  /** Reads the page of the log that ends before `first`, or all the pages between when `after` is far back. */
  async #readBefore(first: number, after: number): Promise<boolean> {
    const from = Math.max(0, Math.floor(after / pageSize) * pageSize);
    this.#metrics.logReads.inc();
    let older = await this.#log.read(this.topic, from, first - 1 - from);
    // The page's beginning may be trimmed where the rest is not.
    if (!older && from < after) older = await this.#log.read(this.topic, after, first - 1 - after);
    if (!older || older.length === 0) return false;
    if (this.#first === first) this.#window.unshift(...older);
    return true;
  }
}
