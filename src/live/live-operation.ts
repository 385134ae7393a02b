import { setImmediate as nextTurn } from 'node:timers/promises';
import { amendsFacts } from '../events/catalogue.ts';
import type { Event, Position } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import { isNotice, isWithdrawal, type Feed, type FreshEntry, type Stretch } from './feed.ts';
import { createEncoder, mergeFacts, type Encode, type RunOperation } from './encoding.ts';
import type { LiveBudget } from './live-budget.ts';
import type { FollowerNote, ResetReason } from './live-field.ts';
import { payloadsFor, toPage, type Page } from './page.ts';
import { createReplays, type Replays } from './replays.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export interface Hearer {
  /** Is handed what is new. False when it has to read on by itself. */
  hear(page: Page): boolean;
  /** Has to read on by itself. */
  fallBehind(): void;
  end(error: unknown): void;
}

/** Where a follower begins anew, and what it is told there. */
export interface Beginning {
  readonly at: Position;
  readonly stretch: Stretch;
  readonly payloads: readonly Buffer[];
}

interface LiveOperationOptions {
  readonly feed: Feed;
  readonly run: RunOperation;
  /** What one event costs at the most. */
  readonly eventCost: number;
  readonly budget: LiveBudget;
  readonly metrics: Metrics;
  /** At most so far behind may a follower be to be brought up by replay. */
  readonly replayMax: number;
  /** Told when nobody holds it any more, and nothing comes of it. */
  closed(): void;
}

/** So many followers are handed an event before everything else gets its turn: a few ms. */
const crowd = 1000;

/** One document with one set of variables for one audience, however many follow with it: each event is executed and encoded once. */
export class LiveOperation {
  readonly feed: Feed;
  readonly replayMax: number;
  readonly eventCost: number;
  readonly #budget: LiveBudget;
  readonly #run: RunOperation;
  readonly #metrics: Metrics;
  readonly #closed: () => void;
  #holders = 0;
  readonly #subscribers = new Set<Hearer>();
  readonly #stopListening: () => void;
  #pending: FreshEntry[] = [];
  /** Up to here everything has been executed and handed to who is live. */
  #position: Position;
  /** Another stretch has begun, and those who are live are yet to learn it. */
  #isBroken = false;
  #pumping = false;
  #isClosed = false;
  readonly #encode: Encode;
  readonly #replays: Replays;
  readonly #snapshots: Snapshots;
  readonly #notes = new Map<string, Promise<Buffer>>();

  constructor({ feed, run, eventCost, budget, metrics, replayMax, closed }: LiveOperationOptions) {
    this.feed = feed;
    this.replayMax = replayMax;
    this.eventCost = eventCost;
    this.#budget = budget;
    this.#run = run;
    this.#metrics = metrics;
    this.#closed = closed;
    this.#encode = createEncoder({ feed, run, metrics, isOpen: () => !this.#isClosed });
    this.#replays = createReplays(feed, (entries) => this.#encode(entries, {}));
    this.#snapshots = createSnapshots(feed, (notices) => this.#encode(notices, {}));
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

  /** Keeps it open for one who follows, or is about to; each lets go of it once. Throws a refusal when the holder's budget is spent. */
  hold(holder: string): void {
    this.#holders++;
    this.#metrics.subscribers.inc();
    try {
      this.#budget.take(holder, this);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  letGo(holder: string): void {
    this.#budget.giveBack(holder, this);
    this.#release();
  }

  #release(): void {
    this.#metrics.subscribers.dec();
    if (--this.#holders > 0) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#closed();
  }

  add(subscriber: Hearer): void {
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: Hearer): void {
    this.#subscribers.delete(subscriber);
  }

  /** What follows `after`, where something does, executed; at most a page. Undefined when nobody knows any more what it was. */
  replay(after: number): Promise<Page | undefined> {
    return this.#replays.read(after);
  }

  /** Events that need not be in the log, executed for one follower. */
  async present(events: readonly Event[]): Promise<Page> {
    return toPage(await this.#encode(events, {}));
  }

  noteReplayed(events: number): void {
    this.#metrics.eventsReplayed.inc(events);
  }

  noteLagging(): void {
    this.#metrics.slowReaders.inc({ outcome: 'replayed' });
  }

  /** A note to a follower at this position, executed once for all who get the same. */
  note(note: FollowerNote, { seq, tag }: Position): Promise<Buffer> {
    const key = JSON.stringify([note, seq, tag]);
    let payload = this.#notes.get(key);
    if (!payload) {
      if (this.#notes.size > 100) this.#notes.clear();
      payload = this.#run(
        [{ ...note, topic: this.feed.topic, seq, tag, occurredAt: Date.now() }],
        {},
      ).then((executed) => executed.encode()[0]!);
      payload.catch(() => this.#notes.delete(key));
      this.#notes.set(key, payload);
    }
    return payload;
  }

  /** For a follower who cannot be brought up to date: of events, that this is so; of notices, how it is now. */
  async beginAnew(reason: ResetReason, viewerId: string | undefined): Promise<Beginning> {
    const { stretch } = this.feed;
    if (!this.feed.snapshot) {
      const at = this.#position;
      const payload = await this.note({ type: 'StreamReset', data: { reason } }, at);
      return { at, stretch, payloads: [payload] };
    }
    const { at, page } = this.#snapshots.take(this.feed.snapshot(viewerId!));
    return { at, stretch, payloads: payloadsFor(await page, viewerId) };
  }

  /** The feed goes on elsewhere. Nothing of the former stretch is executed any more: what its events name may be gone. */
  #beginStretch(): void {
    this.#isBroken = true;
    this.#pending = [];
    this.#position = this.feed.head;
    this.#replays.forget();
  }

  /** What happens within one turn of the event loop is executed together and goes out in one write per socket. */
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
      const { stretch } = this.feed;
      const encoded = await this.#encode(
        fresh.map(({ event }) => event),
        mergeFacts(fresh),
      );
      if (stretch !== this.feed.stretch) continue;
      if (encoded.length === 0) break;
      this.#position = fresh.at(-1)!.event;
      if (fresh.some(({ event }) => !isWithdrawal(event) && !isNotice(event) && amendsFacts(event)))
        this.#replays.forget();
      await this.#handOut(toPage(encoded));
    }
  }

  async #handOut(page: Page): Promise<void> {
    const { stretch } = this.feed;
    let asked = 0;
    let deliveries = 0;
    for (const subscriber of this.#subscribers) {
      if (stretch !== this.feed.stretch) break;
      if (subscriber.hear(page)) deliveries += page.events.length;
      if (++asked % crowd === 0) await nextTurn();
    }
    this.#metrics.deliveries.inc(deliveries);
  }

  #takePending(): FreshEntry[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}
