import { setImmediate as nextTurn } from 'node:timers/promises';
import { amendedBy } from '../events/catalogue.ts';
import type { TopicPosition } from '../events/cursor.ts';
import type { FairTurns } from '../fair-turns.ts';
import type { Event, Position } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import {
  isNotice,
  isWithdrawal,
  type Entry,
  type Feed,
  type FreshEntry,
  type Stretch,
} from './feed.ts';
import { createEncoder, type Encode, type RunOperation } from './encoding.ts';
import type { LiveBudget, OperationMemory } from './live-budget.ts';
import type { FollowerNote, ResetReason } from './live-field.ts';
import { mergeFacts } from './merged-facts.ts';
import { createNotes, type Notes } from './notes.ts';
import { payloadsFor, toPage, type Page } from './page.ts';
import { createReplays, type Replays } from './replays.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export interface PageReceiver {
  /**
   * Receives new entries. Returns whether it has written all of them; otherwise it catches up by
   * itself.
   */
  receive(page: Page): boolean;
  /** Stops receiving, and catches up by itself. */
  fallBehind(): void;
  end(error: unknown): void;
}

/** Where a subscriber starts again, and what it receives there. */
export interface Restart {
  readonly at: Position;
  readonly stretch: Stretch;
  readonly payloads: readonly Buffer[];
  readonly resumeAt: readonly TopicPosition[] | undefined;
}

interface LiveOperationOptions {
  readonly feed: Feed;
  readonly run: RunOperation;
  /** The most that one event costs. */
  readonly eventCost: number;
  readonly memory: OperationMemory;
  readonly budget: LiveBudget;
  readonly replayTurns: FairTurns;
  readonly metrics: Metrics;
  /** The most events that are replayed to a subscriber. */
  readonly replayMax: number;
  /** The events that are executed and delivered. Undefined for all. */
  readonly selects?: ((event: Event) => boolean) | undefined;
  /** Called when it has no subscribers left. It executes nothing from then on. */
  onClose(): void;
}

/**
 * The subscribers that receive a page before the event loop serves anything else: a few ms of work.
 */
const deliveriesPerTurn = 1000;

/**
 * One document with one set of variables for one audience. Each event is executed and encoded once
 * for all of its subscribers.
 */
export class LiveOperation {
  readonly feed: Feed;
  readonly replayMax: number;
  readonly replayTurns: FairTurns;
  readonly eventCost: number;
  readonly memory: OperationMemory;
  readonly #budget: LiveBudget;
  readonly #metrics: Metrics;
  readonly #onClose: () => void;
  /** Subscribers, also those that are starting. */
  #references = 0;
  readonly #subscribers = new Set<PageReceiver>();
  readonly #stopListening: () => void;
  #pending: FreshEntry[] = [];
  /** The last entry that was executed and delivered to the live subscribers. */
  #position: Position;
  /** Whether another stretch has begun and the live subscribers do not know it yet. */
  #isBroken = false;
  #pumping = false;
  #isClosed = false;
  readonly #encode: Encode;
  readonly #replays: Replays;
  readonly #snapshots: Snapshots;
  readonly #notes: Notes;

  constructor(options: LiveOperationOptions) {
    const { feed, run, metrics, selects } = options;
    this.feed = feed;
    this.replayMax = options.replayMax;
    this.replayTurns = options.replayTurns;
    this.eventCost = options.eventCost;
    this.memory = options.memory;
    this.#budget = options.budget;
    this.#metrics = metrics;
    this.#onClose = options.onClose;
    this.#encode = createEncoder({ feed, run, metrics, isOpen: () => !this.#isClosed, selects });
    this.#replays = createReplays(feed, (entries) => this.#encode(entries, {}));
    this.#snapshots = createSnapshots(feed, (notices) => this.#encode(notices, {}));
    this.#notes = createNotes(feed.topic, run);
    this.#position = feed.head;
    this.#stopListening = feed.listen((fresh) => {
      if (fresh.length === 0) this.#beginStretch();
      this.#pending.push(...fresh);
      this.#wake();
    });
  }

  get position(): number {
    return this.#position.seq;
  }

  get topic(): string {
    return this.feed.topic;
  }

  inTopic({ seq, tag }: Position): TopicPosition {
    return { seq, tag, topic: this.feed.topic };
  }

  /**
   * Keeps it open for one subscriber, until `release`. Throws a refusal if the holder's budget is
   * spent.
   */
  acquire(holder: string): void {
    this.#references++;
    this.#metrics.subscribers.inc();
    try {
      this.#budget.take(holder, this);
    } catch (error) {
      this.#dereference();
      throw error;
    }
  }

  release(holder: string): void {
    this.#budget.giveBack(holder, this);
    this.#dereference();
  }

  #dereference(): void {
    this.#metrics.subscribers.dec();
    if (--this.#references > 0) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#onClose();
  }

  add(subscriber: PageReceiver): void {
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: PageReceiver): void {
    this.#subscribers.delete(subscriber);
  }

  /**
   * The entries that follow `after`, executed, at most a page. Undefined if they are no longer
   * known.
   */
  replay(after: number): Promise<Page | undefined> {
    return this.#replays.read(after);
  }

  /** Executes events for one subscriber. The log need not have them. */
  async present(events: readonly Event[]): Promise<Page> {
    return toPage(await this.#encode(events, {}));
  }

  noteReplayed(events: number): void {
    this.#metrics.eventsReplayed.inc(events);
  }

  noteDelivered(events: number): void {
    this.#metrics.deliveries.inc(events);
  }

  noteLagging(): void {
    this.#metrics.slowReaders.inc({ outcome: 'replayed' });
  }

  noteRetry(): void {
    this.#metrics.retries.inc({ of: 'live' });
  }

  /** A note to a subscriber at this position. */
  note(note: FollowerNote, at: Position): Promise<Buffer> {
    return this.#notes.take(note, at);
  }

  /**
   * For a subscriber that cannot be brought up to date: a `StreamReset` for events, a new snapshot
   * for notices.
   */
  async restart(reason: ResetReason, viewerId: string | undefined): Promise<Restart> {
    const { stretch } = this.feed;
    if (!this.feed.snapshot) {
      const at = this.#position;
      const payload = await this.note({ type: 'StreamReset', data: { reason } }, at);
      return { at, stretch, payloads: [payload], resumeAt: [this.inTopic(at)] };
    }
    const { at, page } = this.#snapshots.take(this.feed.snapshot(viewerId!));
    const { payloads } = payloadsFor(await page, viewerId);
    return { at, stretch, payloads, resumeAt: undefined };
  }

  /**
   * Executes nothing of the former stretch any more, because the rows that its events refer to may
   * be gone.
   */
  #beginStretch(): void {
    this.#isBroken = true;
    this.#pending = [];
    this.#position = this.feed.head;
    this.#replays.forget();
  }

  /**
   * Entries that arrive within one turn of the event loop are executed together and leave in one
   * write per socket.
   */
  #wake(): void {
    if (this.#pumping || this.#isClosed) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pump()
        .catch((error) => {
          for (const subscriber of this.#subscribers) subscriber.end(error);
        })
        .finally(() => (this.#pumping = false));
    });
  }

  async #pump(): Promise<void> {
    while (!this.#isClosed && (this.#pending.length > 0 || this.#isBroken)) {
      if (this.#isBroken) {
        this.#isBroken = false;
        for (const subscriber of this.#subscribers) subscriber.fallBehind();
        continue;
      }
      const fresh = this.#takePending();
      const entries = fresh.map(({ event }) => event);
      const { stretch } = this.feed;
      const encoded = await this.#encode(entries, mergeFacts(fresh));
      if (stretch !== this.feed.stretch) continue;
      if (encoded.length === 0) break;
      this.#position = entries.at(-1)!;
      if (entries.some(amendsRows)) this.#replays.forget();
      await this.#deliver(toPage(encoded));
    }
  }

  async #deliver(page: Page): Promise<void> {
    const { stretch } = this.feed;
    let visited = 0;
    let deliveries = 0;
    for (const subscriber of this.#subscribers) {
      if (stretch !== this.feed.stretch) break;
      if (subscriber.receive(page)) deliveries += page.events.length;
      if (++visited % deliveriesPerTurn === 0) await nextTurn();
    }
    this.noteDelivered(deliveries);
  }

  #takePending(): FreshEntry[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}

/** Whether executions of earlier entries may show a row as it was before this one. */
const amendsRows = (entry: Entry): boolean =>
  !isWithdrawal(entry) && !isNotice(entry) && amendedBy(entry) !== undefined;
