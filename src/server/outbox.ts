import type { Socket } from 'node:net';
import type { Taking } from '../budget.ts';
import type { Limits } from '../limits.ts';
import { rateLimited, unavailable, type Refusal } from '../errors.ts';
import type { AnswerMemory } from '../graphql/answer-size.ts';
import type { Sink } from '../live/follower.ts';
import { nextFrames, operationIdText } from './frames.ts';

/** An operation whose results bypass the WebSocket library, which learns of its end. */
interface Endable {
  end(error?: unknown): void;
}

/** What all outboxes of a node share. */
export interface OutboxOwner {
  readonly limits: Limits;
  /** Takes bytes for an outbox; if there is no other way, from the outboxes that hold the most. */
  take(outbox: Outbox, bytes: number): Taking;
  /** Counts what an outbox holds by now. */
  record(outbox: Outbox): void;
  /** Counts a connection that has missed its deadline. */
  noteLate(): void;
  /** How long so many bytes may take to leave. */
  drainMs(bytes: number): number;
}

/** Up to this place of a socket's bytes, everything has to leave by then. */
interface Deadline {
  readonly position: number;
  readonly at: number;
}

/** Ten thousand connections share it. */
const none: readonly Deadline[] = [];

/**
 * What waits to be sent on one TCP connection, whatever it carries: frames, pongs, answers over HTTP, server-sent events, files. Its bytes
 * count in the node's budget, and each has a deadline by which it must have left [P5] [P13].
 *
 * This and its sinks are classes because they are asked for every event and follower: accessors of a closure's object would give each
 * object a shape of its own, and every question would be a search.
 */
export class Outbox implements AnswerMemory {
  /** Where the client is, as far as is known: clients of one address count together when the node's memory runs short. */
  address: string;
  /** Called when bytes have missed their deadline, some seconds before the connection is destroyed. */
  onLate: (() => void) | undefined;
  readonly #socket: Socket;
  readonly #owner: OutboxOwner;
  /** Bytes that are not in the socket yet: of answers that are being made, and of events that a response has not taken. */
  #held = 0;
  #deadlines: readonly Deadline[] = none;
  #lateSince: number | undefined;
  #emptied: Promise<void> | undefined;

  constructor(socket: Socket, owner: OutboxOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.address = socket.remoteAddress ?? '';
  }

  /** What waits, and what is being made to be sent. */
  get unsent(): number {
    return this.#held + (this.#socket.destroyed ? 0 : this.#socket.writableLength);
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  /** Whether nothing more is read from the client until it has read what waits. */
  get isOverfull(): boolean {
    return this.#socket.writableLength > this.#owner.limits.connectionBufferBytes;
  }

  /** Resolves when everything that waited has left, or the socket is gone. */
  whenReady(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writableNeedDrain) return Promise.resolve();
    this.#emptied ??= new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done);
        this.#emptied = undefined;
        this.settle();
        resolve();
      };
      socket.once('drain', done).once('close', done);
    });
    return this.#emptied;
  }

  /** Counts what waits now. To be called after each write that the kernel did not take at once, by whoever wrote. */
  settle(): void {
    this.#owner.record(this);
    if (this.#socket.writableNeedDrain) void this.whenReady();
  }

  /** Counts bytes that will be sent, but are not in the socket yet. */
  hold(bytes: number): void {
    this.#held += bytes;
    this.#owner.record(this);
  }

  take(bytes: number): Refusal | undefined {
    if (this.isGone) return unavailable('The connection is closed. Ask again on another one.');
    const limit = this.#owner.take(this, bytes);
    if (limit === 'holder')
      return rateLimited(
        'The answers that wait on this connection are too large together. Read them, then ask again.',
        1000,
      );
    if (limit === 'total')
      return unavailable(
        'This node has too many unread answers at the moment. Try again in a moment.',
      );
    this.#held += bytes;
    return undefined;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
    this.settle();
  }

  /**
   * Ends the connection when bytes have missed their deadline. To be called every second or so. A reader that takes a little now and
   * then does not gain time: each byte has a deadline of its own, by what waited before it.
   */
  sweep(now: number): void {
    const { writableLength, destroyed } = this.#socket;
    if (this.#held > 0 || writableLength > 0) this.settle();
    if (destroyed || (writableLength === 0 && this.#deadlines.length === 0)) return;
    const position = this.#socket.bytesWritten;
    const left = position - writableLength;
    const due = this.#deadlines.findIndex((deadline) => deadline.position > left);
    const open = due < 0 ? none : this.#deadlines.slice(due);
    const last = open.at(-1)?.position ?? left;
    this.#deadlines =
      position > last
        ? [...open, { position, at: now + this.#owner.drainMs(writableLength) }]
        : open;
    const isLate = this.#deadlines.length > 0 && this.#deadlines[0]!.at < now;
    if (isLate) this.#endLate(now);
    else this.#lateSince = undefined;
  }

  /** Destroys the connection, with everything that waits. */
  destroy(): void {
    this.#socket.destroy();
    this.#owner.record(this);
  }

  #endLate(now: number): void {
    if (this.#lateSince === undefined) {
      this.#lateSince = now;
      this.#owner.noteLate();
      if (this.onLate) return this.onLate();
    }
    if (!this.onLate || now - this.#lateSince > this.#owner.limits.farewellMs) this.destroy();
  }

  /** Where the results of one operation go, past the WebSocket library: it would frame and copy them for each subscriber. */
  sink(operationId: string, operation: Endable): Sink {
    return new OperationSink(
      this,
      this.#socket,
      this.#owner.limits.connectionBufferBytes / 2,
      operationIdText(operationId),
      operation,
    );
  }
}

class OperationSink implements Sink {
  readonly #outbox: Outbox;
  readonly #socket: Socket;
  readonly #readyBelow: number;
  readonly #id: string;
  readonly #operation: Endable;

  constructor(outbox: Outbox, socket: Socket, readyBelow: number, id: string, operation: Endable) {
    this.#outbox = outbox;
    this.#socket = socket;
    this.#readyBelow = readyBelow;
    this.#id = id;
    this.#operation = operation;
  }

  /** Whether less waits than half of what a connection may hold, so that a last write still fits. A socket that is gone holds nobody up. */
  get isReady(): boolean {
    return this.#socket.writableLength < this.#readyBelow || this.#socket.destroyed;
  }

  whenReady(): Promise<void> {
    return this.#outbox.whenReady();
  }

  write(payloads: readonly Buffer[]): void {
    if (!this.#socket.writable) return;
    if (!this.#socket.write(nextFrames(this.#id, payloads), 'latin1')) this.#outbox.settle();
  }

  end(error?: unknown): void {
    this.#operation.end(error);
  }
}
