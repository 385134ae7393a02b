import { forbidden, Refusal } from '../errors.ts';
import type { Position } from '../events/event.ts';
import type { Stretch } from './feed.ts';
import type { Follower, Sink, Start } from './follower.ts';
import type { FollowerNote, ResetReason } from './live-field.ts';
import type { LiveOperation, PageReceiver } from './live-operation.ts';
import { payloadsFor, toPage, type Page } from './page.ts';
import { needsSplit, nextPart, revokesFor } from './page-parts.ts';
import { retry } from './retry.ts';

/**
 * One subscription of a client: a position, and whether it is level with its live operation. It has
 * no queue. While it is level, it receives new pages; while it is behind, it reads from its
 * position [P5].
 */
export class Subscriber implements PageReceiver {
  readonly #operation: LiveOperation;
  readonly #sink: Sink;
  readonly #viewerId: string | undefined;
  readonly #holder: string;
  readonly #authorize: () => Promise<void>;
  #position: Position;
  /** The stretch to which the position belongs. */
  #stretch: Stretch;
  /** Whether it is level, and receives new pages. */
  #isLive = false;
  #isEnded = false;

  /**
   * `head` is the head before the viewer's permission was checked, so a withdrawal after the check
   * is still ahead.
   */
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

  /** Replays what the start demands, sends `CaughtUp`, and continues live. */
  async begin(start: Start): Promise<void> {
    const head = this.#position;
    await this.#guard(async () => {
      if (start.type === 'snapshot') await this.#reset('UNKNOWN_CURSOR');
      else {
        const replayed = await this.#prepare(start, head);
        if (this.#isEnded) return;
        await this.#writeNote({ type: 'CaughtUp', data: { replayed } });
      }
      await this.#catchUp();
    });
  }

  receive(page: Page): boolean {
    if (!this.#isLive) return false;
    const follows = !this.#isElsewhere && page.events[0]!.at.seq === this.#position.seq + 1;
    if (!follows || !this.#sink.isReady) {
      this.fallBehind();
      return false;
    }
    if (needsSplit(page, this.#viewerId)) {
      this.#isLive = false;
      void this.#guard(() => this.#receiveInParts(page));
      return false;
    }
    this.#write(payloadsFor(page, this.#viewerId));
    this.#position = page.events.at(-1)!.at;
    return true;
  }

  fallBehind(): void {
    if (!this.#isLive || this.#isEnded) return;
    this.#isLive = false;
    void this.#guard(() => this.#catchUp());
  }

  end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isLive = false;
    this.#operation.remove(this);
    this.#operation.replayTurns.cancel(this.#holder, this);
    this.#operation.release(this.#holder);
    this.#sink.end(error);
  }

  /** Brings it from the start to the head. Returns how many events it replayed. */
  async #prepare(start: Exclude<Start, { type: 'snapshot' }>, head: Position): Promise<number> {
    if (this.#isElsewhere) return this.#resetAfterBreak();
    if (start.type === 'reset') {
      await this.#writeNote({ type: 'StreamReset', data: { reason: start.reason } });
      return 0;
    }
    if (start.type === 'recent') {
      await this.#replay(start.page);
      this.#position = head;
      return start.page.events.length;
    }
    if (start.type === 'live') return 0;
    // All events are loaded before the first is sent, so a replay is never partial [P3].
    const { feed } = this.#operation;
    const reason = await this.#retry(() => this.#inTurn(() => feed.reachBack(start.after)));
    if (reason) return this.#prepare({ type: 'reset', reason }, head);
    this.#position = start.after;
    return this.#readUpTo(head.seq);
  }

  /** Returns how many events it replayed. */
  async #readUpTo(head: number): Promise<number> {
    const first = this.#position.seq + 1;
    while (!this.#isEnded && this.#position.seq < head) {
      const page = await this.#readPage();
      if (!page || this.#isElsewhere) return this.#resetAfterBreak();
      const isWithin = page.events.at(-1)!.at.seq <= head;
      await this.#replay(isWithin ? page : toPage(page.events.filter(({ at }) => at.seq <= head)));
    }
    return head + 1 - first;
  }

  /** Reads until it is level with its operation. From then on it receives new pages. */
  async #catchUp(): Promise<void> {
    while (!this.#isEnded) {
      const lag = this.#operation.position - this.#position.seq;
      if (!this.#sink.isReady) await this.#awaitReader();
      else if (this.#isElsewhere) await this.#resetAfterBreak();
      else if (lag <= 0) {
        this.#isLive = true;
        return;
      } else if (lag > this.#operation.replayMax) await this.#reset('TOO_FAR_BEHIND');
      else await this.#replayNextPage();
    }
  }

  async #replayNextPage(): Promise<void> {
    const page = await this.#readPage();
    if (page && !this.#isElsewhere) await this.#replay(page);
    else await this.#resetAfterBreak();
  }

  async #replay(page: Page): Promise<void> {
    for (let from = 0; from < page.events.length && !this.#isEnded;) {
      if (!this.#sink.isReady) await this.#awaitReader();
      if (this.#isEnded || this.#isElsewhere) return;
      const written = await this.#writePart(page, from);
      this.#operation.noteReplayed(written);
      from += written;
    }
  }

  /**
   * Writes a new page that does not go out at once. If the reader does not keep up, the rest is not
   * kept but read again later [P5].
   */
  async #receiveInParts(page: Page): Promise<void> {
    for (let from = 0; from < page.events.length && !this.#isEnded;) {
      if (!this.#sink.isReady || this.#isElsewhere) break;
      const written = await this.#writePart(page, from);
      this.#operation.noteDelivered(written);
      from += written;
    }
    await this.#catchUp();
  }

  /**
   * Writes a part of a page. If the part withdraws this viewer's permission, asks the rule again.
   * Returns the number of its entries.
   */
  async #writePart(page: Page, from: number): Promise<number> {
    const part = nextPart(page, from, this.#viewerId);
    const last = part.events.at(-1)!;
    this.#write(payloadsFor(part, this.#viewerId));
    this.#position = last.at;
    if (revokesFor(last, this.#viewerId)) await this.#recheck();
    return part.events.length;
  }

  async #awaitReader(): Promise<void> {
    this.#operation.noteLagging();
    await this.#sink.whenReady();
  }

  #readPage(): Promise<Page | undefined> {
    return this.#retry(() => this.#inTurn(() => this.#operation.replay(this.#position.seq)));
  }

  /** Undefined if the subscription ended before its turn. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const turn = { holder: this.#holder, task: this };
    return this.#operation.replayTurns.runUnlessCancelled(turn, work);
  }

  /** Waits while the database is down. Undefined if the subscription has ended meanwhile. */
  #retry<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    return retry(
      work,
      () => !this.#isEnded,
      () => this.#operation.noteRetry(),
    );
  }

  async #recheck(): Promise<void> {
    await this.#retry(() => this.#authorize().catch(throwWithdrawn));
  }

  /** Whether the feed has begun another stretch than that of the position. */
  get #isElsewhere(): boolean {
    return this.#stretch !== this.#operation.feed.stretch;
  }

  /**
   * For a position from which no events lead to the head. Returns the number of replayed events,
   * which is 0.
   */
  async #resetAfterBreak(): Promise<0> {
    await this.#reset(this.#isElsewhere ? this.#operation.feed.stretch.reason : 'LOG_TRIMMED');
    return 0;
  }

  /**
   * Starts again at the head. A skipped event may have withdrawn the viewer's permission, so the
   * rule is asked again.
   */
  async #reset(reason: ResetReason): Promise<void> {
    const restart = await this.#retry(() => this.#operation.restart(reason, this.#viewerId));
    if (!restart || this.#isEnded) return;
    const skipsEvents = restart.at.seq > this.#position.seq || restart.stretch !== this.#stretch;
    this.#position = restart.at;
    this.#stretch = restart.stretch;
    if (skipsEvents) await this.#recheck();
    this.#write(restart);
  }

  async #writeNote(note: FollowerNote): Promise<void> {
    const at = this.#position;
    const payload = await this.#retry(() => this.#operation.note(note, at));
    if (payload) this.#write({ payloads: [payload], resumeAt: [this.#operation.inTopic(at)] });
  }

  #write({ payloads, resumeAt }: Pick<Page, 'payloads' | 'resumeAt'>): void {
    if (payloads.length > 0 && !this.#isEnded) this.#sink.write(payloads, resumeAt);
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.end(error);
    }
  }
}

/**
 * A viewer who could follow knows that the conversation exists, so NOT_FOUND would only hide that
 * the permission was withdrawn [P11].
 */
function throwWithdrawn(refusal: unknown): never {
  throw refusal instanceof Refusal && refusal.code === 'NOT_FOUND'
    ? forbidden('You may no longer follow this. Ask to be let in again.')
    : refusal;
}
