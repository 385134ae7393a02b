import type { Socket } from 'node:net';
import type { Taking } from '../budget.ts';
import type { Limits } from '../limits.ts';
import { rateLimited, unavailable, type Refusal } from '../errors.ts';
import type { AnswerMemory } from '../graphql/answer-size.ts';
import type { Sink } from '../live/follower.ts';
import { nextFrames, operationIdText } from './frames.ts';

/**
 * An operation whose results bypass the protocol library. The library is only notified of its end.
 */
interface Endable {
  end(error?: unknown): void;
}

/** The state that all outboxes of a node share. */
export interface OutboxOwner {
  readonly limits: Limits;
  /**
   * Takes bytes for an outbox. If the node has none left, disconnects the outboxes that hold the
   * most.
   */
  take(outbox: Outbox, bytes: number): Taking;
  /** Counts the bytes that an outbox holds now. */
  record(outbox: Outbox): void;
  /** Counts a connection that has missed its deadline. */
  countLate(): void;
  /** The time in which this many bytes must be sent. */
  drainMs(bytes: number): number;
}

/** All bytes before this position in the socket's stream must be sent by this time. */
interface Deadline {
  readonly position: number;
  readonly at: number;
}

/** Shared by all connections, to save memory. */
const noDeadlines: readonly Deadline[] = [];

/**
 * The unsent bytes of one TCP connection, whatever it carries: frames, pongs, HTTP responses,
 * server-sent events, files. The bytes count in the node's budget, and each has a deadline by which
 * it must be sent [P5] [P13].
 *
 * The outbox and its sinks are classes because they are used for every event and subscriber.
 * Objects with accessors from a closure would each have their own shape, which makes every access
 * slow.
 */
export class Outbox implements AnswerMemory {
  /**
   * The client's address. The connections of one address count together when the node runs out of
   * memory.
   */
  address: string;
  /**
   * Called when bytes have missed their deadline, a few seconds before the connection is destroyed.
   */
  onLate: (() => void) | undefined;
  readonly #socket: Socket;
  readonly #owner: OutboxOwner;
  /**
   * Bytes that are not in the socket yet: of answers in progress, and of events that a response has
   * not read.
   */
  #held = 0;
  #deadlines: readonly Deadline[] = noDeadlines;
  #lateSince: number | undefined;
  #emptied: Promise<void> | undefined;

  constructor(socket: Socket, owner: OutboxOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.address = socket.remoteAddress ?? '';
  }

  /** The bytes that wait in the socket, and those that will be sent. */
  get unsent(): number {
    return this.#held + (this.#socket.destroyed ? 0 : this.#socket.writableLength);
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  /**
   * Whether the server stops reading from the client until the client has read its unsent bytes.
   */
  get isOverfull(): boolean {
    return this.#socket.writableLength > this.#owner.limits.connectionBufferBytes;
  }

  /** Resolves when the socket is empty or closed. */
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

  /** Counts the bytes that wait now. Callers call it after each write that returned false. */
  settle(): void {
    this.#owner.record(this);
    if (this.#socket.writableNeedDrain) void this.whenReady();
  }

  /** Counts bytes that will be sent but are not in the socket yet. Never refuses. */
  hold(bytes: number): void {
    this.#held += bytes;
    this.#owner.record(this);
  }

  take(bytes: number): Refusal | undefined {
    if (this.isGone) return unavailable('The connection is closed. Try again on another one.');
    const limit = this.#owner.take(this, bytes);
    if (limit === 'holder')
      return rateLimited(
        'The unread answers on this connection are too large together. Read them, then try again.',
        1000,
      );
    if (limit === 'total')
      return unavailable('This node holds too many unread answers. Try again in a moment.');
    this.#held += bytes;
    return undefined;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
    this.settle();
  }

  /**
   * Closes the connection if bytes have missed their deadline. Called about once a second. A client
   * that reads a little now and then gains no time: the deadline of each byte depends only on the
   * bytes before it.
   */
  sweep(now: number): void {
    const { writableLength, destroyed } = this.#socket;
    if (this.#held > 0 || writableLength > 0) this.settle();
    if (destroyed || (writableLength === 0 && this.#deadlines.length === 0)) return;
    const position = this.#socket.bytesWritten;
    const sent = position - writableLength;
    const due = this.#deadlines.findIndex((deadline) => deadline.position > sent);
    const open = due < 0 ? noDeadlines : this.#deadlines.slice(due);
    const last = open.at(-1)?.position ?? sent;
    this.#deadlines =
      position > last
        ? [...open, { position, at: now + this.#owner.drainMs(writableLength) }]
        : open;
    const isLate = this.#deadlines.length > 0 && this.#deadlines[0]!.at < now;
    if (isLate) this.#closeLate(now);
    else this.#lateSince = undefined;
  }

  /** Destroys the connection and its unsent bytes. */
  destroy(): void {
    this.#socket.destroy();
    this.#owner.record(this);
  }

  #closeLate(now: number): void {
    if (this.#lateSince === undefined) {
      this.#lateSince = now;
      this.#owner.countLate();
      if (this.onLate) return this.onLate();
    }
    if (!this.onLate || now - this.#lateSince > this.#owner.limits.closeReasonMs) this.destroy();
  }

  /**
   * The sink for the results of one operation. It bypasses the WebSocket library, which would frame
   * and copy them for each subscriber.
   */
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

  /**
   * Whether less than half of the buffer is used, so that a last write still fits. A closed socket
   * is always ready.
   */
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
