import type { Socket } from 'node:net';
import type { Sink } from '../live/subscriber.ts';
import { nextFrames, operationIdText } from './frames.ts';

/** An operation whose results go past the library, which is told of its end. */
interface Endable {
  end(error?: unknown): void;
}

/**
 * What waits to be read at the other end of one socket. This and its sinks are classes because they are asked for every event and
 * follower: accessors of a closure's object would give each object a shape of its own, and every question would be a search.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #mostBytes: number;
  #taken = 0;
  #takenSince = Date.now();
  #emptied: Promise<void> | undefined;

  constructor(socket: Socket, mostBytes: number) {
    this.#socket = socket;
    this.#mostBytes = mostBytes;
  }

  /** Whether more waits than a connection may hold. */
  get isOverfull(): boolean {
    return this.#socket.writableLength > this.#mostBytes;
  }

  /** Resolves when all that waited is gone, or the socket is. */
  whenReady(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writableNeedDrain) return Promise.resolve();
    this.#emptied ??= new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done);
        this.#emptied = undefined;
        resolve();
      };
      socket.once('drain', done).once('close', done);
    });
    return this.#emptied;
  }

  /** Whether something has waited for so many ms without a byte being taken. To be asked now and then. */
  isStuck(now: number, afterMs: number): boolean {
    const takenNow = this.#socket.bytesWritten - this.#socket.writableLength;
    if (this.#socket.writableLength === 0 || takenNow !== this.#taken) {
      this.#taken = takenNow;
      this.#takenSince = now;
    }
    return now - this.#takenSince > afterMs;
  }

  /** Where the results of one operation go, past the WebSocket library: it would frame and copy them for each subscriber. */
  sink(operationId: string, operation: Endable): Sink {
    return new OperationSink(
      this,
      this.#socket,
      this.#mostBytes / 2,
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

  /** Less waits than half of what a connection may hold, so that a last write still fits. One who is gone holds nobody up. */
  get isReady(): boolean {
    return this.#socket.writableLength < this.#readyBelow || this.#socket.destroyed;
  }

  whenReady(): Promise<void> {
    return this.#outbox.whenReady();
  }

  write(payloads: readonly Buffer[]): void {
    if (this.#socket.writable) this.#socket.write(nextFrames(this.#id, payloads), 'latin1');
  }

  end(error?: unknown): void {
    this.#operation.end(error);
  }
}
