import type { EventLog, Passage } from '../events/event-log.ts';
import { isSame, origin, type Event, type FreshEvent, type Position } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Metrics } from '../metrics.ts';
import type { Feed, Stretch } from './feed.ts';
import type { ResetReason } from './live-field.ts';

/**
 * How long a number may be missing before the log is read. The hints of two nodes may overtake each
 * other.
 */
const gapTimeoutMs = 20;
/**
 * Events that a feed keeps for subscribers that lag or resume. It keeps more while a subscriber
 * reads further back.
 */
const keptEvents = 128;
/** How long it keeps more after the last such read. */
const extendedMs = 5000;
const pageSize = 100;
/** Older events than this are read for one subscriber, and are not kept. */
const sharedEvents = 1000;

type Listener = (fresh: readonly FreshEvent[]) => void;

/**
 * The events of one topic on this node, in order and without gaps, although hints may be lost,
 * repeated or reordered [P4]. Each event follows the tag of the one before it, so a stretch never
 * has events of two histories [P15]. The feed keeps the newest events, and reads older ones from
 * the log on demand, once for all subscribers that need them.
 */
export class TopicFeed implements Feed {
  readonly topic: Topic;
  readonly #log: EventLog;
  readonly #metrics: Metrics;
  readonly #onBreak: () => void;
  readonly #listeners = new Set<Listener>();
  /** Events that arrived before the event that they follow, by number. */
  readonly #pending = new Map<number, FreshEvent>();
  #hasBegun = false;
  #head: Position = origin;
  #stretch: Stretch = { reason: 'UNKNOWN_CURSOR' };
  /** The events after `#base`, up to the head, without a gap. */
  #window: Event[] = [];
  #base: Position = origin;
  #extendedAt = 0;
  #gapTimer: NodeJS.Timeout | undefined;
  #reading: Promise<boolean> | undefined;
  #repairing: Promise<void> | undefined;

  /** `onBreak` is called when another stretch begins. */
  constructor(topic: Topic, log: EventLog, metrics: Metrics, onBreak: () => void = () => {}) {
    this.topic = topic;
    this.#log = log;
    this.#metrics = metrics;
    this.#onBreak = onBreak;
  }

  /** The position of the newest event. All events before it have been received. */
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

  /** Starts at the head of the log. Events that were offered before then count from here on. */
  begin(head: Position): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#head = this.#base = head;
    this.#advance('hint');
  }

  /**
   * Accepts a hint. A known event is ignored. An event that arrives too early waits for its
   * predecessors, for a short time.
   */
  offer(fresh: FreshEvent): void {
    if (this.#hasBegun && fresh.event.seq <= this.#head.seq) return;
    this.#pending.set(fresh.event.seq, fresh);
    this.#advance('hint');
  }

  /**
   * Call it before the log is asked for its head, and the returned function with the answer. A log
   * behind the known head has lost events.
   */
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
   * The events that follow `after`, at most to the end of a page. Empty if `after` is the head.
   * Pages begin at the same numbers for all subscribers, so that they share executions. Undefined
   * if the log was trimmed past `after`, or another stretch has begun.
   */
  async read(after: number): Promise<readonly Event[] | undefined> {
    if (this.#isFarBack(after))
      return (await this.#readFarBack(after, pageSize - (after % pageSize)))?.events;
    if (!(await this.#fetchBack(after))) return undefined;
    const start = after - this.#base.seq;
    return this.#window.slice(start, start + pageSize - (after % pageSize));
  }

  async reachBack(after: Position): Promise<ResetReason | undefined> {
    if (after.seq > this.#head.seq) return 'UNKNOWN_CURSOR';
    const stretch = this.#stretch;
    const tag = this.#isFarBack(after.seq)
      ? (await this.#readFarBack(after.seq, 1))?.after.tag
      : (await this.#fetchBack(after.seq)) && this.#tagAt(after.seq);
    if (stretch !== this.#stretch) return this.#stretch.reason;
    if (tag === undefined || tag === false) return 'LOG_TRIMMED';
    return tag === after.tag ? undefined : 'UNKNOWN_CURSOR';
  }

  /** Whether a position is known, without reading the log, not to belong to this stretch. */
  isForeign({ seq, tag }: Position): boolean {
    return seq > this.#head.seq || (seq >= this.#base.seq && this.#tagAt(seq) !== tag);
  }

  /** Drops old events that no subscriber has needed lately. */
  trim(): void {
    if (this.#window.length <= keptEvents || Date.now() - this.#extendedAt <= extendedMs) return;
    this.#base = this.#window.at(-keptEvents - 1)!;
    this.#window = this.#window.slice(-keptEvents);
  }

  close(): void {
    clearTimeout(this.#gapTimer);
    this.#listeners.clear();
  }

  #isFarBack(after: number): boolean {
    return after < this.#base.seq - sharedEvents;
  }

  /**
   * Reads a page of the log without keeping it. The head of that moment shows whether the page is
   * of this stretch. Undefined if the log was trimmed past it, or another stretch has begun.
   */
  async #readFarBack(after: number, limit: number): Promise<Passage | undefined> {
    const stretch = this.#stretch;
    const compare = this.expectHead();
    this.#metrics.logReads.inc();
    const passage = await this.#log.read(this.topic, after, limit);
    if (passage) await compare(passage.head);
    return stretch === this.#stretch ? passage : undefined;
  }

  /** Undefined outside of the window. */
  #tagAt(seq: number): number | undefined {
    if (seq === this.#base.seq) return this.#base.tag;
    return this.#window[seq - this.#base.seq - 1]?.tag;
  }

  #advance(source: 'hint' | 'log'): void {
    if (!this.#hasBegun || this.#pending.size === 0) return;
    const inOrder: FreshEvent[] = [];
    for (;;) {
      const next = this.#pending.get(this.#head.seq + 1);
      if (next?.event.follows !== this.#head.tag) break;
      this.#pending.delete(next.event.seq);
      this.#window.push(next.event);
      this.#head = next.event;
      inOrder.push(next);
    }
    for (const seq of this.#pending.keys()) if (seq <= this.#head.seq) this.#pending.delete(seq);
    if (inOrder.length > 0) {
      this.#metrics.eventsReceived.inc({ source }, inOrder.length);
      for (const listener of this.#listeners) listener(inOrder);
    }
    if (this.#pending.size === 0) clearTimeout(this.#gapTimer);
    else this.#startGapTimer();
  }

  #startGapTimer(): void {
    clearTimeout(this.#gapTimer);
    this.#gapTimer = setTimeout(() => {
      const newest = Math.max(...this.#pending.keys());
      // While the database is down the gap stays. The next head check tries again.
      this.#reachHead(newest).catch(() => {});
    }, gapTimeoutMs);
  }

  /**
   * Brings the feed up to a number that the log has probably reached. Rejects while the log cannot
   * be read.
   */
  async #reachHead(seq: number): Promise<void> {
    while (this.#hasBegun && this.#head.seq < seq) {
      const before = this.#head;
      this.#repairing ??= this.#repair().finally(() => (this.#repairing = undefined));
      await this.#repairing;
      if (this.#head === before) return;
    }
  }

  async #repair(): Promise<void> {
    const [known, stretch, pending] = [this.#head, this.#stretch, [...this.#pending.keys()]];
    this.#metrics.logReads.inc();
    const passage = await this.#log.read(this.topic, known.seq, 10 * pageSize);
    if (stretch !== this.#stretch) return;
    if (passage && passage.events.length > 0 && isSame(passage.after, known)) {
      this.#metrics.holesRepaired.inc();
      for (const event of passage.events)
        if (event.seq > this.#head.seq && this.#pending.get(event.seq)?.event.tag !== event.tag)
          this.#pending.set(event.seq, { event });
      return this.#advance('log');
    }
    // The log was trimmed past this node, or has another history. Subscribers that are behind learn
    // it when they read.
    const head = await this.#readHead();
    if (stretch !== this.#stretch || this.#head !== known) return;
    if (isSame(head, known)) {
      // Their hints arrived before the log was read, so they belong to another history.
      for (const seq of pending) this.#pending.delete(seq);
      return;
    }
    this.#break(head, !passage && head.seq > known.seq ? 'LOG_TRIMMED' : 'UNKNOWN_CURSOR');
  }

  /** Begins another stretch, and drops everything known of the former one. */
  #break(head: Position, reason: ResetReason): void {
    this.#head = this.#base = head;
    this.#window = [];
    this.#pending.clear();
    this.#stretch = { reason };
    this.#onBreak();
    for (const listener of this.#listeners) listener([]);
  }

  async #readHead(): Promise<Position> {
    return (await this.#log.heads([this.topic])).get(this.topic) ?? origin;
  }

  /**
   * Loads everything after a number into the window. Returns false if the log was trimmed past it,
   * or another stretch has begun.
   */
  async #fetchBack(after: number): Promise<boolean> {
    const stretch = this.#stretch;
    while (after < this.#base.seq) {
      this.#extendedAt = Date.now();
      this.#reading ??= this.#readBefore(this.#base, after).finally(
        () => (this.#reading = undefined),
      );
      if (!(await this.#reading) || stretch !== this.#stretch) return false;
    }
    return true;
  }

  /**
   * Reads the page of the log that ends with `base`, or all pages in between if `after` is far
   * back.
   */
  async #readBefore(base: Position, after: number): Promise<boolean> {
    const from = Math.floor(after / pageSize) * pageSize;
    this.#metrics.logReads.inc();
    let older = await this.#log.read(this.topic, from, base.seq - from);
    // The log may have been trimmed within the page.
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
