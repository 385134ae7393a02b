import type { EventLog } from '../events/event-log.ts';
import { isSame, origin, type Event, type FreshEvent, type Position } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import type { Feed, Stretch } from './feed.ts';
import type { ResetReason } from './live-field.ts';

/** How long a number may be missing before the log is asked: two nodes' hints may cross on their way. */
const holePatienceMs = 20;
/** Events that a feed keeps for those who lag or come back. While someone reads further back it keeps more. */
const keptEvents = 128;
const keptWhileReadMs = 5000;
const pageSize = 100;

type Listener = (fresh: readonly FreshEvent[]) => void;

/**
 * The events of one topic on this node, in order and without a hole, whatever order, repeats or losses the hints of them come in [P4]. Each
 * follows the one before it by its tag, so events of two histories never stand in one stretch [P15].
 * It keeps the newest ones and reaches back into the log on demand, once for all who ask.
 */
export class TopicFeed implements Feed {
  readonly topic: Topic;
  readonly #log: EventLog;
  readonly #metrics: Metrics;
  readonly #onBreak: () => void;
  readonly #listeners = new Set<Listener>();
  /** What came before those in front of it. */
  readonly #early = new Map<number, FreshEvent>();
  #hasBegun = false;
  #head: Position = origin;
  #stretch: Stretch = { reason: 'UNKNOWN_CURSOR' };
  /** Without a hole: what follows `#base`, up to the head. */
  #window: Event[] = [];
  #base: Position = origin;
  #lastReachedBack = 0;
  #patience: NodeJS.Timeout | undefined;
  #reading: Promise<boolean> | undefined;
  #repairing: Promise<void> | undefined;

  /** `onBreak` hears when another stretch begins. */
  constructor(topic: Topic, log: EventLog, metrics: Metrics, onBreak: () => void = () => {}) {
    this.topic = topic;
    this.#log = log;
    this.#metrics = metrics;
    this.#onBreak = onBreak;
  }

  /** The position of the newest event here; all before it have been heard. */
  get head(): Position {
    return this.#head;
  }

  get stretch(): Stretch {
    return this.#stretch;
  }

  get isFollowed(): boolean {
    return this.#listeners.size > 0;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Begins at the log's head. What was offered before that counts from here on. */
  begin(head: Position): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#head = this.#base = head;
    this.#advance('hint');
  }

  /** Takes a hint: an event known before is ignored, one that comes too early waits for those in front of it, for a moment. */
  offer(fresh: FreshEvent): void {
    if (this.#hasBegun && fresh.event.seq <= this.#head.seq) return;
    this.#early.set(fresh.event.seq, fresh);
    this.#advance('hint');
  }

  /** To be called before the log is asked for its head, and what it returns with the answer: a log that is behind what was known before has lost it. */
  expectHead(): (head: Position) => Promise<void> {
    const [known, stretch] = [this.#head, this.#stretch];
    return async (head) => {
      if (!this.#hasBegun || stretch !== this.#stretch) return;
      const isOther = (this.#tagAt(head.seq) ?? head.tag) !== head.tag;
      if (head.seq < known.seq || isOther) this.#break(head, 'UNKNOWN_CURSOR');
      else await this.#reachHead(head.seq);
    };
  }

  async verify(): Promise<void> {
    await this.expectHead()(await this.#readHead());
  }

  /**
   * The events that follow `after`, at most to the end of a page; none when `after` is the head. Pages begin at the same numbers for
   * all, so that those who read from different places meet. Undefined when the log no longer reaches back to there, or another stretch has begun.
   */
  async read(after: number): Promise<readonly Event[] | undefined> {
    if (!(await this.#fetchBack(after))) return undefined;
    const start = after - this.#base.seq;
    return this.#window.slice(start, start + pageSize - (after % pageSize));
  }

  async reachBack(after: Position): Promise<ResetReason | undefined> {
    if (after.seq > this.#head.seq) return 'UNKNOWN_CURSOR';
    const stretch = this.#stretch;
    const isReached = await this.#fetchBack(after.seq);
    if (stretch !== this.#stretch) return this.#stretch.reason;
    if (!isReached) return 'LOG_TRIMMED';
    return this.#tagAt(after.seq) === after.tag ? undefined : 'UNKNOWN_CURSOR';
  }

  /** Whether it is known, without asking the log, that a position is not of this stretch. */
  isForeign({ seq, tag }: Position): boolean {
    return seq > this.#head.seq || (seq >= this.#base.seq && this.#tagAt(seq) !== tag);
  }

  /** Lets go of what nobody has asked for lately. */
  tidy(): void {
    if (this.#window.length <= keptEvents || Date.now() - this.#lastReachedBack <= keptWhileReadMs)
      return;
    this.#base = this.#window.at(-keptEvents - 1)!;
    this.#window = this.#window.slice(-keptEvents);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#listeners.clear();
  }

  /** Undefined where the window does not reach. */
  #tagAt(seq: number): number | undefined {
    if (seq === this.#base.seq) return this.#base.tag;
    return this.#window[seq - this.#base.seq - 1]?.tag;
  }

  #advance(source: 'hint' | 'log'): void {
    if (!this.#hasBegun || this.#early.size === 0) return;
    const inOrder: FreshEvent[] = [];
    for (
      let next = this.#early.get(this.#head.seq + 1);
      next?.event.follows === this.#head.tag;
      next = this.#early.get(this.#head.seq + 1)
    ) {
      this.#early.delete(next.event.seq);
      this.#window.push(next.event);
      this.#head = next.event;
      inOrder.push(next);
    }
    for (const seq of this.#early.keys()) if (seq <= this.#head.seq) this.#early.delete(seq);
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
      this.#reachHead(newest).catch(() => {});
    }, holePatienceMs);
  }

  /** Brings the feed to a number that the log has probably reached. Rejects while the log cannot be read. */
  async #reachHead(seq: number): Promise<void> {
    while (this.#hasBegun && this.#head.seq < seq) {
      const before = this.#head;
      this.#repairing ??= this.#repair().finally(() => (this.#repairing = undefined));
      await this.#repairing;
      if (this.#head === before) return;
    }
  }

  async #repair(): Promise<void> {
    const [known, stretch, early] = [this.#head, this.#stretch, [...this.#early.keys()]];
    this.#metrics.logReads.inc();
    const passage = await this.#log.read(this.topic, known.seq, 10 * pageSize);
    if (stretch !== this.#stretch) return;
    if (passage && passage.events.length > 0 && isSame(passage.after, known)) {
      this.#metrics.holesRepaired.inc();
      for (const event of passage.events)
        if (event.seq > this.#head.seq && this.#early.get(event.seq)?.event.tag !== event.tag)
          this.#early.set(event.seq, { event });
      return this.#advance('log');
    }
    // The log was trimmed past this node, or has another history. Followers who are behind learn it when they read on.
    const head = await this.#readHead();
    if (stretch !== this.#stretch || this.#head !== known) return;
    if (isSame(head, known)) {
      // They were told of before the log was read, so they are of another history.
      for (const seq of early) this.#early.delete(seq);
      return;
    }
    this.#break(head, !passage && head.seq > known.seq ? 'LOG_TRIMMED' : 'UNKNOWN_CURSOR');
  }

  /** Begins another stretch: what is known of the one before says nothing in it. */
  #break(head: Position, reason: ResetReason): void {
    this.#head = this.#base = head;
    this.#window = [];
    this.#early.clear();
    this.#stretch = { reason };
    this.#onBreak();
    for (const listener of this.#listeners) listener([]);
  }

  async #readHead(): Promise<Position> {
    return (await this.#log.heads([this.topic])).get(this.topic) ?? origin;
  }

  /** Makes sure that everything after a number is in the window. False when the log no longer reaches back to there, or another stretch has begun. */
  async #fetchBack(after: number): Promise<boolean> {
    const stretch = this.#stretch;
    while (after < this.#base.seq) {
      this.#lastReachedBack = Date.now();
      this.#reading ??= this.#readBefore(this.#base, after).finally(
        () => (this.#reading = undefined),
      );
      if (!(await this.#reading) || stretch !== this.#stretch) return false;
    }
    return true;
  }

  /** Reads the page of the log that ends with `base`, or all the pages between when `after` is far back. */
  async #readBefore(base: Position, after: number): Promise<boolean> {
    const from = Math.floor(after / pageSize) * pageSize;
    this.#metrics.logReads.inc();
    let older = await this.#log.read(this.topic, from, base.seq - from);
    // The page's beginning may be trimmed where the rest is not.
    if (!older && from < after) older = await this.#log.read(this.topic, after, base.seq - after);
    if (!older) return false;
    const last = older.events.at(-1);
    if (!last || !isSame(last, base)) {
      await this.verify();
      return false;
    }
    if (this.#base === base) {
      this.#window.unshift(...older.events);
      this.#base = older.after;
    }
    return true;
  }
}
