import { amendsFacts, revokedBy } from '../events/catalogue.ts';
import type { Event, Facts, FreshEvent } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import type { FollowerNote, Heard } from './live-field.ts';
import { persist } from './persist.ts';
import type { TopicFeed } from './topic-feed.ts';

/** An event executed and encoded, once for all who follow with the same operation. */
export interface Encoded {
  readonly seq: number;
  /** The execution result as JSON. */
  readonly payload: Buffer;
  /** Whose permission this event withdraws. */
  readonly revokes: string | undefined;
}

/** What was executed together, as it is handed to who is live. */
export interface Page {
  readonly events: readonly Encoded[];
  readonly payloads: readonly Buffer[];
  readonly bytes: number;
  /** Whether any of it withdraws somebody's permission. */
  readonly revokes: boolean;
}

export interface Hearer {
  /** Is handed what is new. False when it has to read on by itself. */
  hear(page: Page): boolean;
  /** Has to read on by itself. */
  fallBehind(): void;
  end(error: unknown): void;
}

/**
 * Executes what was heard, each on its own, with one fresh scope for all of them; the payloads in the same order. Throws when the database is
 * away: an event is executed again then, never delivered as an error.
 */
export type RunOperation = (heard: readonly Heard[], facts: Facts) => Promise<Buffer[]>;

/** How long executions of the log are shared. Facts may change meanwhile without an event of this topic: a new display name, say. */
const sharedMs = 2000;

/** One document with one set of variables for one audience, however many follow with it: each event is executed and encoded once. */
export class LiveOperation {
  readonly feed: TopicFeed;
  readonly #run: RunOperation;
  readonly #metrics: Metrics;
  readonly #subscribers = new Set<Hearer>();
  readonly #stopListening: () => void;
  #pending: FreshEvent[] = [];
  /** Up to here everything has been executed and handed to who is live. */
  #position: number;
  #pumping = false;
  #closed = false;
  /** Executions for those who catch up, shared by a crowd that does so together. */
  readonly #replays = new Map<number, Promise<Encoded>>();
  #replaysSince = 0;
  readonly #notes = new Map<string, Promise<Buffer>>();

  constructor(feed: TopicFeed, run: RunOperation, metrics: Metrics) {
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
      if (fresh.some(({ event }) => amendsFacts(event))) this.#forgetReplays();
      const page = toPage(encoded);
      let deliveries = 0;
      for (const subscriber of this.#subscribers) if (subscriber.hear(page)) deliveries += encoded.length;
      this.#metrics.deliveries.inc(deliveries);
    }
  }

  #takePending(): FreshEvent[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  /** While the database is away it waits, so that no event is delivered as an error. Nothing comes of it when the operation is closed meanwhile. */
  async #encode(events: readonly Event[], facts: Facts): Promise<Encoded[]> {
    const payloads = await persist(() => this.#run(events, facts), () => !this.#closed);
    if (!payloads) return [];
    this.#metrics.executions.inc(events.length);
    return events.map((event, place) => ({ seq: event.seq, payload: payloads[place]!, revokes: revokedBy(event) }));
  }

  #forgetReplays(): void {
    this.#replays.clear();
    this.#replaysSince = Date.now();
  }
}

function toPage(events: readonly Encoded[]): Page {
  const payloads = events.map(({ payload }) => payload);
  return {
    events,
    payloads,
    bytes: payloads.reduce((sum, { length }) => sum + length, 0),
    revokes: events.some(({ revokes }) => revokes !== undefined),
  };
}

function mergeFacts(fresh: readonly FreshEvent[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { facts = {} } of fresh) for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
  return merged;
}
