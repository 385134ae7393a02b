import { forbidden, Refusal } from '../errors.ts';
import type { Position } from '../events/event.ts';
import type { Stretch } from './feed.ts';
import type { Follower, Sink, Start } from './follower.ts';
import type { FollowerNote, ResetReason } from './live-field.ts';
import type { Hearer, LiveOperation } from './live-operation.ts';
import { payloadsFor, toPage, type Encoded, type Page } from './page.ts';
import { persist } from './persist.ts';

/** So much at once is written before the reader is asked again whether it keeps up. */
const writeBytes = 64 * 1024;

/**
 * One who follows: a position, and whether it is level with its operation. It has no queue: while it is level it is handed what is new,
 * and when it is not it reads on from its position [P5].
 */
export class Subscriber implements Hearer {
  readonly #operation: LiveOperation;
  readonly #sink: Sink;
  readonly #viewerId: string | undefined;
  readonly #holder: string;
  readonly #authorize: () => Promise<void>;
  #position: Position;
  /** In which the position counts. */
  #stretch: Stretch;
  #isLive = false;
  #isEnded = false;

  /** `head` is where the topic stood before the viewer's permission was checked: a withdrawal after that check is still ahead. */
  constructor(
    operation: LiveOperation,
    { sink, viewerId, holder, authorize }: Follower,
    head: Position,
    stretch: Stretch,
  ) {
    this.#operation = operation;
    this.#sink = sink;
    this.#viewerId = viewerId;
    this.#holder = holder;
    this.#authorize = authorize;
    this.#position = head;
    this.#stretch = stretch;
  }

  /** Replays what is to be replayed, says that it has caught up, and goes on live. */
  async begin(start: Start): Promise<void> {
    const head = this.#position;
    await this.#guard(async () => {
      if (start.type === 'snapshot') await this.#reset('UNKNOWN_CURSOR');
      else {
        const replayed = await this.#prepare(start, head);
        if (this.#isEnded) return;
        await this.#tell({ type: 'CaughtUp', data: { replayed } });
      }
      await this.#readOn();
    });
  }

  /** Takes what is new, if it is level and the reader keeps up. False when it has to read on by itself. */
  hear(page: Page): boolean {
    if (!this.#isLive) return false;
    if (
      this.#isElsewhere ||
      page.events[0]!.at.seq !== this.#position.seq + 1 ||
      this.#needsCare(page) ||
      !this.#sink.isReady
    ) {
      this.fallBehind();
      return false;
    }
    this.#write(payloadsFor(page, this.#viewerId));
    this.#position = page.events.at(-1)!.at;
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
    this.#operation.letGo(this.#holder);
    this.#sink.end(error);
  }

  async #prepare(start: Exclude<Start, { type: 'snapshot' }>, head: Position): Promise<number> {
    if (this.#isElsewhere) return this.#resetAfterBreak();
    if (start.type === 'reset') {
      await this.#tell({ type: 'StreamReset', data: { reason: start.reason } });
      return 0;
    }
    if (start.type === 'recent') {
      await this.#deliver(start.page);
      this.#position = head;
      return start.page.events.length;
    }
    if (start.type === 'live') return 0;
    // All of it is at hand before any of it is sent: a partial replay never happens [P3].
    const reason = await this.#persist(() => this.#operation.feed.reachBack(start.after));
    if (reason) return this.#prepare({ type: 'reset', reason }, head);
    this.#position = start.after;
    return this.#readUpTo(head.seq);
  }

  /** Returns how many events it delivered. */
  async #readUpTo(head: number): Promise<number> {
    const first = this.#position.seq + 1;
    while (!this.#isEnded && this.#position.seq < head) {
      const page = await this.#read();
      if (!page || this.#isElsewhere) return this.#resetAfterBreak();
      await this.#deliver(
        page.events.at(-1)!.at.seq <= head
          ? page
          : toPage(page.events.filter(({ at }) => at.seq <= head)),
      );
    }
    return head + 1 - first;
  }

  /** Reads until it is level with its operation; from then on it is handed what is new. */
  async #readOn(): Promise<void> {
    while (!this.#isEnded) {
      if (!this.#sink.isReady) await this.#awaitReader();
      else if (this.#isElsewhere) await this.#resetAfterBreak();
      else if (this.#position.seq >= this.#operation.position) {
        this.#isLive = true;
        return;
      } else if (this.#operation.position - this.#position.seq > this.#operation.replayMax) {
        await this.#reset('TOO_FAR_BEHIND');
      } else {
        const page = await this.#read();
        if (page && !this.#isElsewhere) await this.#deliver(page);
        else await this.#resetAfterBreak();
      }
    }
  }

  async #deliver(page: Page): Promise<void> {
    for (let from = 0; from < page.events.length && !this.#isEnded;) {
      if (!this.#sink.isReady) await this.#awaitReader();
      if (this.#isEnded || this.#isElsewhere) return;
      const part = this.#nextPart(page, from);
      const last = part.events.at(-1)!;
      this.#write(payloadsFor(part, this.#viewerId));
      this.#operation.noteReplayed(part.events.length);
      this.#position = last.at;
      from += part.events.length;
      if (this.#revokes(last)) await this.#recheck();
    }
  }

  async #awaitReader(): Promise<void> {
    this.#operation.noteLagging();
    await this.#sink.whenReady();
  }

  /** As much as goes out in one write, but nothing after an event that withdraws this viewer's permission. */
  #nextPart(page: Page, from: number): Page {
    if (from === 0 && !this.#needsCare(page)) return page;
    const part: Encoded[] = [];
    let bytes = 0;
    for (let place = from; place < page.events.length && bytes < writeBytes; place++) {
      const one = page.events[place]!;
      part.push(one);
      bytes += one.payload.length;
      if (this.#revokes(one)) break;
    }
    return toPage(part);
  }

  /** Whether it goes out in more than one write. */
  #needsCare(page: Page): boolean {
    return (
      page.bytes > writeBytes || (page.revokes && page.events.some((event) => this.#revokes(event)))
    );
  }

  #read(): Promise<Page | undefined> {
    return this.#persist(() => this.#operation.replay(this.#position.seq));
  }

  /** Waits while the database is away. */
  #persist<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    return persist(work, () => !this.#isEnded);
  }

  #revokes({ revokes }: Encoded): boolean {
    return revokes !== undefined && revokes === this.#viewerId;
  }

  async #recheck(): Promise<void> {
    await this.#persist(() => this.#authorize().catch(withdrawn));
  }

  /** Whether the feed goes on elsewhere than where this position counts. */
  get #isElsewhere(): boolean {
    return this.#stretch !== this.#operation.feed.stretch;
  }

  /** For a follower whom nothing bridges to where the feed is now. Returns how many events that replayed: none. */
  async #resetAfterBreak(): Promise<0> {
    await this.#reset(this.#isElsewhere ? this.#operation.feed.stretch.reason : 'LOG_TRIMMED');
    return 0;
  }

  /** What was passed over may have withdrawn the viewer's permission, so they are asked again. */
  async #reset(reason: ResetReason): Promise<void> {
    const beginning = await this.#persist(() => this.#operation.beginAnew(reason, this.#viewerId));
    if (!beginning || this.#isEnded) return;
    const isPassedOver =
      beginning.at.seq > this.#position.seq || beginning.stretch !== this.#stretch;
    this.#position = beginning.at;
    this.#stretch = beginning.stretch;
    if (isPassedOver) await this.#recheck();
    this.#write(beginning.payloads);
  }

  async #tell(note: FollowerNote): Promise<void> {
    const payload = await this.#persist(() => this.#operation.note(note, this.#position));
    if (payload) this.#write([payload]);
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

/** Who could follow knows that it exists: that it is now hidden from them is a permission withdrawn, not an id that names nothing [P11]. */
function withdrawn(refusal: unknown): never {
  throw refusal instanceof Refusal && refusal.code === 'NOT_FOUND'
    ? forbidden('You may no longer follow this. Ask to be let in again.')
    : refusal;
}
