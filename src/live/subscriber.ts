import type { FollowerNote, ResetReason } from './live-field.ts';
import type { Encoded, Hearer, LiveOperation, Page } from './live-operation.ts';
import { persist } from './persist.ts';

/** Where a subscriber's payloads go: a socket, or a response. */
export interface Sink {
  /** Whether the reader keeps up. Nothing is written while it does not. */
  readonly isReady: boolean;
  /** Resolves when the reader has caught up with what was written, or is gone. */
  whenReady(): Promise<void>;
  write(payloads: readonly Buffer[]): void;
  /** No more comes; with the refusal that is the cause, if there is one. */
  end(error?: unknown): void;
}

export interface Follower {
  readonly viewerId: string | undefined;
  readonly sink: Sink;
  /** Throws a refusal when the viewer may no longer follow. */
  recheck(): Promise<void>;
  /** At most so far behind the log may a follower be to be brought up by replay. */
  readonly replayMax: number;
  /** Told of every delivery that came from the log. */
  replayed(events: number): void;
  /** Told when the reader does not keep up. */
  lagged(): void;
  /** Told once, however it ends. */
  ended(): void;
}

/** Where a follower begins. */
export type Start =
  | { readonly type: 'live' }
  | { readonly type: 'snapshot' }
  | { readonly type: 'replay'; readonly after: number }
  | { readonly type: 'reset'; readonly reason: ResetReason }
  | { readonly type: 'recent'; readonly events: readonly Encoded[] };

/** So much at once is written before the reader is asked again whether it keeps up. */
const writeBytes = 64 * 1024;

/**
 * One who follows: a position, and whether it is level with its operation. It has no queue: while it is level it is handed what is new,
 * and when it is not it reads on from its position [P5].
 */
export class Subscriber implements Hearer {
  readonly #operation: LiveOperation;
  readonly #follower: Follower;
  /** Held here as well, because it is needed for every event. */
  readonly #sink: Sink;
  #position: number;
  #isLive = false;
  #isEnded = false;

  /** `head` is where the topic stood before the viewer's permission was checked: a withdrawal after that check is still ahead. */
  constructor(operation: LiveOperation, follower: Follower, head: number) {
    this.#operation = operation;
    this.#follower = follower;
    this.#sink = follower.sink;
    this.#position = head;
  }

  /** Replays what is to be replayed, says that it has caught up, and goes on live. */
  async begin(start: Start): Promise<void> {
    const head = this.#position;
    await this.#guard(async () => {
      if (start.type === 'snapshot') await this.#reset('UNKNOWN_CURSOR');
      else {
        const replayed = await this.#prepare(start, head);
        if (this.#isEnded) return;
        await this.#tell({ type: 'CaughtUp', data: { replayed } }, head);
      }
      await this.#readOn();
    });
  }

  /** Takes what is new, if it is level and the reader keeps up. False when it has to read on by itself. */
  hear(page: Page): boolean {
    if (!this.#isLive) return false;
    const needsCare = page.events[0]!.seq !== this.#position + 1 || page.bytes > writeBytes || (page.revokes && page.events.some((event) => this.#revokes(event)));
    if (needsCare || !this.#sink.isReady) {
      this.fallBehind();
      return false;
    }
    this.#write(page.isForAll ? page.payloads : this.#payloadsOf(page.events));
    this.#position += page.events.length;
    return true;
  }

  /** Stops being handed what is new and reads on from its position. */
  fallBehind(): void {
    if (!this.#isLive || this.#isEnded) return;
    this.#isLive = false;
    void this.#guard(() => this.#readOn());
  }

  end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isLive = false;
    this.#operation.remove(this);
    this.#follower.ended();
    this.#sink.end(error);
  }

  async #prepare(start: Exclude<Start, { type: 'snapshot' }>, head: number): Promise<number> {
    if (start.type === 'reset') {
      await this.#tell({ type: 'StreamReset', data: { reason: start.reason } }, head);
      return 0;
    }
    if (start.type === 'recent') {
      await this.#deliver(start.events);
      this.#position = head;
      return start.events.length;
    }
    if (start.type === 'live') return 0;
    // All of it is at hand before any of it is sent: a partial replay never happens [P3].
    if (!(await this.#persist(() => this.#operation.feed.reachBack(start.after)))) return this.#prepare({ type: 'reset', reason: 'LOG_TRIMMED' }, head);
    this.#position = start.after;
    await this.#readUpTo(head);
    return head - start.after;
  }

  async #readUpTo(head: number): Promise<void> {
    while (!this.#isEnded && this.#position < head) {
      const page = await this.#read();
      if (!page) return this.#reset('LOG_TRIMMED');
      await this.#deliver(page.filter(({ seq }) => seq <= head));
    }
  }

  /** Reads until it is level with its operation; from then on it is handed what is new. */
  async #readOn(): Promise<void> {
    while (!this.#isEnded) {
      if (!this.#sink.isReady) await this.#awaitReader();
      else if (this.#position >= this.#operation.position) {
        this.#isLive = true;
        return;
      } else if (this.#operation.position - this.#position > this.#follower.replayMax) {
        await this.#reset('TOO_FAR_BEHIND');
      } else {
        const page = await this.#read();
        if (page) await this.#deliver(page);
        else await this.#reset('LOG_TRIMMED');
      }
    }
  }

  async #deliver(encoded: readonly Encoded[]): Promise<void> {
    for (let from = 0; from < encoded.length && !this.#isEnded; ) {
      if (!this.#sink.isReady) await this.#awaitReader();
      if (this.#isEnded) return;
      const part = this.#nextPart(encoded, from);
      this.#write(this.#payloadsOf(part));
      this.#follower.replayed(part.length);
      this.#position = part.at(-1)!.seq;
      from += part.length;
      if (this.#revokes(part.at(-1)!)) await this.#persist(() => this.#follower.recheck());
    }
  }

  async #awaitReader(): Promise<void> {
    this.#follower.lagged();
    await this.#sink.whenReady();
  }

  /** As much as goes out in one write, but nothing after an event that withdraws this viewer's permission. */
  #nextPart(encoded: readonly Encoded[], from: number): Encoded[] {
    const part: Encoded[] = [];
    let bytes = 0;
    for (let place = from; place < encoded.length && bytes < writeBytes; place++) {
      const one = encoded[place]!;
      part.push(one);
      bytes += one.payload.length;
      if (this.#revokes(one)) break;
    }
    return part;
  }

  #read(): Promise<Encoded[] | undefined> {
    return this.#persist(() => this.#operation.replay(this.#position));
  }

  /** Waits while the database is away. */
  #persist<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    return persist(work, () => !this.#isEnded);
  }

  #revokes({ revokes }: Encoded): boolean {
    return revokes !== undefined && revokes === this.#follower.viewerId;
  }

  /** What was passed over may have withdrawn the viewer's permission, so they are asked again. */
  async #reset(reason: ResetReason): Promise<void> {
    const beginning = await this.#persist(() => this.#operation.beginAnew(reason, this.#follower.viewerId));
    if (!beginning || this.#isEnded) return;
    const isPassedOver = beginning.seq > this.#position;
    this.#position = beginning.seq;
    if (isPassedOver) await this.#persist(() => this.#follower.recheck());
    this.#write(beginning.payloads);
  }

  async #tell(note: FollowerNote, seq: number): Promise<void> {
    const payload = await this.#persist(() => this.#operation.note(note, seq));
    if (payload) this.#write([payload]);
  }

  #payloadsOf(encoded: readonly Encoded[]): Buffer[] {
    return encoded.filter(({ isFor }) => !isFor || isFor(this.#follower.viewerId!)).map(({ payload }) => payload);
  }

  #write(payloads: readonly Buffer[]): void {
    if (payloads.length > 0 && !this.#isEnded) this.#sink.write(payloads);
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.end(error);
    }
  }
}
