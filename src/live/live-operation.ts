import { setImmediate as nextTurn } from 'node:timers/promises';
import { amendsFacts } from '../events/catalogue.ts';
import type { Event, Facts } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import { isNotice, isWithdrawal, type Entry, type Feed, type FreshEntry } from './feed.ts';
import type { LiveBudget } from './live-budget.ts';
import type { FollowerNote, Heard, HeardNotice, ResetReason } from './live-field.ts';
import { encodedOf, payloadsFor, toPage, type Encoded, type Page } from './page.ts';
import { persist } from './persist.ts';
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
  readonly seq: number;
  readonly payloads: readonly Buffer[];
}

/**
 * Executes what was heard, each on its own, with one fresh scope for all of them; the payloads in the same order. Throws when the database is
 * away: an event is executed again then, never delivered as an error.
 */
export type RunOperation = (
  heard: readonly (Heard | HeardNotice)[],
  facts: Facts,
) => Promise<Buffer[]>;

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
  #position: number;
  #pumping = false;
  #isClosed = false;
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
    this.#replays = createReplays(feed, (entries) => this.#encode(entries, {}));
    this.#snapshots = createSnapshots(feed, (notices) => this.#encode(notices, {}));
    this.#position = feed.head;
    this.#stopListening = feed.listen((fresh) => {
      this.#pending.push(...fresh);
      this.#wake();
    });
  }

  get position(): number {
    return this.#position;
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

  /** A note to a follower at this place, executed once for all who get the same. */
  note(note: FollowerNote, seq: number): Promise<Buffer> {
    const key = JSON.stringify([note, seq]);
    let payload = this.#notes.get(key);
    if (!payload) {
      if (this.#notes.size > 100) this.#notes.clear();
      payload = this.#run(
        [{ ...note, topic: this.feed.topic, seq, occurredAt: Date.now() }],
        {},
      ).then(([only]) => only!);
      payload.catch(() => this.#notes.delete(key));
      this.#notes.set(key, payload);
    }
    return payload;
  }

  /** For a follower who cannot be brought up to date: of events, that this is so; of notices, how it is now. */
  async beginAnew(reason: ResetReason, viewerId: string | undefined): Promise<Beginning> {
    if (!this.feed.snapshot) {
      const seq = this.#position;
      return { seq, payloads: [await this.note({ type: 'StreamReset', data: { reason } }, seq)] };
    }
    const { seq, page } = this.#snapshots.take(this.feed.snapshot(viewerId!));
    return { seq, payloads: payloadsFor(await page, viewerId) };
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
    while (!this.#isClosed && (this.#pending.length > 0 || this.#position < this.feed.head)) {
      const fresh = this.#takePending();
      if (fresh.length === 0) {
        // The feed went on past what is known: those who are live learn it when they read on.
        this.#position = this.feed.head;
        for (const subscriber of this.#subscribers) subscriber.fallBehind();
        continue;
      }
      const encoded = await this.#encode(
        fresh.map(({ event }) => event),
        mergeFacts(fresh),
      );
      if (encoded.length === 0) break;
      this.#position = encoded.at(-1)!.seq;
      if (fresh.some(({ event }) => !isWithdrawal(event) && !isNotice(event) && amendsFacts(event)))
        this.#replays.forget();
      await this.#handOut(toPage(encoded));
    }
  }

  async #handOut(page: Page): Promise<void> {
    let asked = 0;
    let deliveries = 0;
    for (const subscriber of this.#subscribers) {
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

  /** While the database is away it waits, so that no event is delivered as an error. Nothing comes of it when the operation is closed meanwhile. */
  async #encode(entries: readonly Entry[], facts: Facts): Promise<Encoded[]> {
    const told = entries.filter((entry) => !isWithdrawal(entry));
    const payloads =
      told.length === 0
        ? []
        : await persist(
            () => this.#run(told, facts),
            () => !this.#isClosed,
          );
    if (!payloads) return [];
    this.#metrics.executions.inc(told.length);
    let place = 0;
    return entries.map((entry) =>
      encodedOf(entry, isWithdrawal(entry) ? undefined : payloads[place++]!),
    );
  }
}

function mergeFacts(fresh: readonly FreshEntry[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { facts = {} } of fresh)
    for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
  return merged;
}
