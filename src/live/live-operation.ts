import { amendsFacts, revokedBy } from '../events/catalogue.ts';
import type { Event, Facts } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import { isNotice, isWithdrawal, type Entry, type Feed, type FreshEntry } from './feed.ts';
import type { FollowerNote, Heard, HeardNotice, ResetReason } from './live-field.ts';
import { persist } from './persist.ts';

/** What stands at a place of the feed, executed and encoded, once for all who follow with the same operation. */
export interface Encoded {
  readonly seq: number;
  /** The execution result as JSON. */
  readonly payload: Buffer;
  /** Whose permission this withdraws. */
  readonly revokes: string | undefined;
  /** Whether a viewer is told; undefined where all are. */
  readonly isFor: ((viewerId: string) => boolean) | undefined;
}

/** What was executed together, as it is handed to who is live. */
export interface Page {
  readonly events: readonly Encoded[];
  readonly payloads: readonly Buffer[];
  readonly bytes: number;
  /** Whether any of it withdraws somebody's permission. */
  readonly revokes: boolean;
  /** Whether all of it is told to everybody. */
  readonly isForAll: boolean;
}

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
export type RunOperation = (heard: readonly (Heard | HeardNotice)[], facts: Facts) => Promise<Buffer[]>;

/** How long executions of the log are shared. Facts may change meanwhile without an event of this topic: a new display name, say. */
const sharedMs = 2000;
/** How long an executed snapshot is shared, and for how many changes, which are told after it. */
const snapshotMs = 500;
const snapshotChanges = 500;
const nothing = Buffer.alloc(0);

/** One document with one set of variables for one audience, however many follow with it: each event is executed and encoded once. */
export class LiveOperation {
  readonly feed: Feed;
  readonly #run: RunOperation;
  readonly #metrics: Metrics;
  readonly #subscribers = new Set<Hearer>();
  readonly #stopListening: () => void;
  #pending: FreshEntry[] = [];
  /** Up to here everything has been executed and handed to who is live. */
  #position: number;
  #pumping = false;
  #closed = false;
  /** Executions for those who catch up, shared by a crowd that does so together. */
  readonly #replays = new Map<number, Promise<Encoded>>();
  #replaysSince = 0;
  readonly #notes = new Map<string, Promise<Buffer>>();
  readonly #snapshots = new Map<string, { readonly seq: number; readonly encoded: Promise<Encoded[]> }>();
  #snapshotsSince = 0;

  constructor(feed: Feed, run: RunOperation, metrics: Metrics) {
    this.feed = feed;
    this.#run = run;
    this.#metrics = metrics;
    this.#position = feed.head;
    this.#stopListening = feed.listen((fresh) => {
      this.#pending.push(...fresh);
      this.#wake();
    });
  }

  get position(): number {
    return this.#position;
  }

  get subscribers(): ReadonlySet<Hearer> {
    return this.#subscribers;
  }

  add(subscriber: Hearer): void {
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: Hearer): void {
    this.#subscribers.delete(subscriber);
  }

  /** What follows `after`, executed; at most a page. Undefined when the log no longer reaches back to there. */
  async replay(after: number): Promise<Encoded[] | undefined> {
    const events = await this.feed.read(after);
    if (!events) return undefined;
    if (Date.now() - this.#replaysSince > sharedMs) this.#forgetReplays();
    const missing = events.filter(({ seq }) => !this.#replays.has(seq));
    if (missing.length > 0) {
      const encoded = this.#encode(missing, {});
      for (const [place, { seq }] of missing.entries()) {
        const one = encoded.then((all) => all[place]!);
        one.catch(() => this.#replays.delete(seq));
        this.#replays.set(seq, one);
      }
    }
    return Promise.all(events.map(({ seq }) => this.#replays.get(seq)!));
  }

  /** Events that need not be in the log, executed for one follower. */
  present(events: readonly Event[]): Promise<Encoded[]> {
    return this.#encode(events, {});
  }

  /** A note to a follower at this place, executed once for all who get the same. */
  note(note: FollowerNote, seq: number): Promise<Buffer> {
    const key = JSON.stringify([note, seq]);
    let payload = this.#notes.get(key);
    if (!payload) {
      if (this.#notes.size > 100) this.#notes.clear();
      payload = this.#run([{ ...note, topic: this.feed.topic, seq, occurredAt: Date.now() }], {}).then(([only]) => only!);
      payload.catch(() => this.#notes.delete(key));
      this.#notes.set(key, payload);
    }
    return payload;
  }

  /** For a follower who cannot be brought up to date: of events, that this is so; of notices, how it is now. */
  async beginAnew(reason: ResetReason, viewerId: string | undefined): Promise<Beginning> {
    if (this.feed.snapshot) return this.#snapshot(viewerId!);
    const seq = this.#position;
    return { seq, payloads: [await this.note({ type: 'StreamReset', data: { reason } }, seq)] };
  }

  async #snapshot(viewerId: string): Promise<Beginning> {
    if (Date.now() - this.#snapshotsSince > snapshotMs) {
      this.#snapshots.clear();
      this.#snapshotsSince = Date.now();
    }
    const { key, notices } = this.feed.snapshot!(viewerId);
    let snapshot = this.#snapshots.get(key);
    if (!snapshot || this.feed.head - snapshot.seq > snapshotChanges) {
      const seq = this.feed.head;
      const entries = notices().map((notice): HeardNotice => ({ ...notice, isFor: notice.isFor, topic: this.feed.topic, seq, occurredAt: Date.now() }));
      snapshot = { seq, encoded: this.#encode(entries, {}) };
      snapshot.encoded.catch(() => this.#snapshots.delete(key));
      this.#snapshots.set(key, snapshot);
    }
    const encoded = await snapshot.encoded;
    return { seq: snapshot.seq, payloads: encoded.filter(({ isFor }) => !isFor || isFor(viewerId)).map(({ payload }) => payload) };
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
  }

  /** What happens within one turn of the event loop is executed together and goes out in one write per socket. */
  #wake(): void {
    if (this.#pumping || this.#closed) return;
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
    while (!this.#closed && (this.#pending.length > 0 || this.#position < this.feed.head)) {
      const fresh = this.#takePending();
      if (fresh.length === 0) {
        // The log was trimmed past the feed: those who are live learn it when they read on.
        this.#position = this.feed.head;
        for (const subscriber of this.#subscribers) subscriber.fallBehind();
        continue;
      }
      const encoded = await this.#encode(fresh.map(({ event }) => event), mergeFacts(fresh));
      if (encoded.length === 0) break;
      this.#position = encoded.at(-1)!.seq;
      if (fresh.some(({ event }) => 'topic' in event && !isNotice(event) && amendsFacts(event))) this.#forgetReplays();
      const page = toPage(encoded);
      let deliveries = 0;
      for (const subscriber of this.#subscribers) if (subscriber.hear(page)) deliveries += encoded.length;
      this.#metrics.deliveries.inc(deliveries);
    }
  }

  #takePending(): FreshEntry[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  /** While the database is away it waits, so that no event is delivered as an error. Nothing comes of it when the operation is closed meanwhile. */
  async #encode(entries: readonly Entry[], facts: Facts): Promise<Encoded[]> {
    const told = entries.filter((entry) => !isWithdrawal(entry));
    const payloads = told.length === 0 ? [] : await persist(() => this.#run(told, facts), () => !this.#closed);
    if (!payloads) return [];
    this.#metrics.executions.inc(told.length);
    let place = 0;
    return entries.map((entry) => encodedOf(entry, isWithdrawal(entry) ? nothing : payloads[place++]!));
  }

  #forgetReplays(): void {
    this.#replays.clear();
    this.#replaysSince = Date.now();
  }
}

function encodedOf(entry: Entry, payload: Buffer): Encoded {
  const { seq } = entry;
  if (isWithdrawal(entry)) return { seq, payload, revokes: entry.data.userId, isFor: () => false };
  if (isNotice(entry)) return { seq, payload, revokes: undefined, isFor: entry.isFor };
  return { seq, payload, revokes: revokedBy(entry), isFor: undefined };
}

function toPage(events: readonly Encoded[]): Page {
  const payloads = events.map(({ payload }) => payload);
  return {
    events,
    payloads,
    bytes: payloads.reduce((sum, { length }) => sum + length, 0),
    revokes: events.some(({ revokes }) => revokes !== undefined),
    isForAll: events.every(({ isFor }) => isFor === undefined),
  };
}

function mergeFacts(fresh: readonly FreshEntry[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { facts = {} } of fresh) for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
  return merged;
}
