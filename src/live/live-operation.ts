import { setImmediate as nextTurn } from 'node:timers/promises';
import { amendsFacts, revokedBy } from '../events/catalogue.ts';
import type { Event, Facts, Position } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import {
  isNotice,
  isWithdrawal,
  type Entry,
  type Feed,
  type FreshEntry,
  type Stretch,
} from './feed.ts';
import type { FollowerNote, Heard, HeardNotice, ResetReason } from './live-field.ts';
import { payloadsFor, toPage, type Encoded, type Page } from './page.ts';
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
  readonly at: Position;
  readonly stretch: Stretch;
  readonly payloads: readonly Buffer[];
}

export interface Executed {
  /** Whether something is wrong that is nobody's refusal: facts that an event names may be missing. */
  readonly hasFailed: boolean;
  /** The results as clients may see them, in the order of what was heard. */
  encode(): Buffer[];
}

/**
 * Executes what was heard, each on its own, with one fresh scope for all of them. Throws when the database is away: an event is executed
 * again then, never delivered as an error.
 */
export type RunOperation = (
  heard: readonly (Heard | HeardNotice)[],
  facts: Facts,
) => Promise<Executed>;

interface LiveOperationOptions {
  readonly feed: Feed;
  readonly run: RunOperation;
  readonly metrics: Metrics;
  /** At most so far behind may a follower be to be brought up by replay. */
  readonly replayMax: number;
  /** Told when nobody holds it any more, and nothing comes of it. */
  closed(): void;
}

/** So many followers are handed an event before everything else gets its turn: a few ms. */
const crowd = 1000;
const nothing = Buffer.alloc(0);

/** One document with one set of variables for one audience, however many follow with it: each event is executed and encoded once. */
export class LiveOperation {
  readonly feed: Feed;
  readonly replayMax: number;
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
  readonly #replays: Replays;
  readonly #snapshots: Snapshots;
  readonly #notes = new Map<string, Promise<Buffer>>();

  constructor({ feed, run, metrics, replayMax, closed }: LiveOperationOptions) {
    this.feed = feed;
    this.replayMax = replayMax;
    this.#run = run;
    this.#metrics = metrics;
    this.#closed = closed;
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

  /** Keeps it open for one who follows, or is about to; each lets go of it once. */
  hold(): void {
    this.#holders++;
    this.#metrics.subscribers.inc();
  }

  letGo(): void {
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

  /** While the database is away it waits, so that no event is delivered as an error. Nothing comes of it when the operation is closed meanwhile. */
  async #encode(entries: readonly Entry[], facts: Facts): Promise<Encoded[]> {
    const told = entries.filter((entry) => !isWithdrawal(entry));
    const payloads = told.length === 0 ? [] : await this.#execute(told, facts);
    if (!payloads) return [];
    this.#metrics.executions.inc(told.length);
    let place = 0;
    return entries.map((entry) =>
      encodedOf(entry, isWithdrawal(entry) ? nothing : payloads[place++]!),
    );
  }

  /**
   * Undefined when nothing of it is wanted any more. Before something that failed is shown, the feed is compared with the log: what the events
   * name may be missing because the database has lost it, and them.
   */
  async #execute(
    heard: readonly (Heard | HeardNotice)[],
    facts: Facts,
  ): Promise<Buffer[] | undefined> {
    const { stretch } = this.feed;
    const isWanted = () => !this.#isClosed && stretch === this.feed.stretch;
    const executed = await persist(async () => {
      const executed = await this.#run(heard, facts);
      if (executed.hasFailed) await this.feed.verify();
      return executed;
    }, isWanted);
    return executed && isWanted() ? executed.encode() : undefined;
  }
}

function encodedOf(entry: Entry, payload: Buffer): Encoded {
  const at = { seq: entry.seq, tag: entry.tag };
  if (isWithdrawal(entry)) return { at, payload, revokes: entry.data.userId, isFor: () => false };
  if (isNotice(entry)) return { at, payload, revokes: undefined, isFor: entry.isFor };
  return { at, payload, revokes: revokedBy(entry), isFor: undefined };
}

function mergeFacts(fresh: readonly FreshEntry[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { facts = {} } of fresh)
    for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
  return merged;
}
