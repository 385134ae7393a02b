import type { Socket } from 'node:net';
import type { Sink } from '../live/subscriber.ts';
import { nextFrames, nextHead } from './frames.ts';

/** What waits to be read at the other end of one socket. */
export interface Outbox {
  /** Whether the reader keeps up: less waits than half of what a connection may hold, so that a last write still fits. One who is gone holds nobody up. */
  readonly isReady: boolean;
  /** Whether more waits than a connection may hold. */
  readonly isOverfull: boolean;
  /** Resolves when all that waited is gone, or the socket is. */
  whenReady(): Promise<void>;
  /** Whether something has waited for so many ms without a byte being taken. To be asked now and then. */
  isStuck(now: number, afterMs: number): boolean;
  /** Where the results of one operation go, past the WebSocket library: it would frame and copy them for each subscriber. */
  sink(operationId: string, ended: (error?: unknown) => void): Sink;
}

export function createOutbox(socket: Socket, mostBytes: number): Outbox {
  let taken = 0;
  let takenSince = Date.now();
  let emptied: Promise<void> | undefined;

  function whenReady(): Promise<void> {
    if (socket.destroyed || !socket.writableNeedDrain) return Promise.resolve();
    emptied ??= new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done);
        emptied = undefined;
        resolve();
      };
      socket.once('drain', done).once('close', done);
    });
    return emptied;
  }

  const outbox: Outbox = {
    get isReady() {
      return socket.destroyed || socket.writableLength <= mostBytes / 2;
    },
    get isOverfull() {
      return socket.writableLength > mostBytes;
    },
    whenReady,
    isStuck(now, afterMs) {
      const takenNow = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || takenNow !== taken) {
        taken = takenNow;
        takenSince = now;
      }
      return now - takenSince > afterMs;
    },
    sink(operationId, ended) {
      const head = nextHead(operationId);
      return {
        get isReady() {
          return outbox.isReady;
        },
        whenReady,
        write: (payloads) => {
          if (socket.writable) socket.write(nextFrames(head, payloads));
        },
        end: ended,
      };
    },
  };
  return outbox;
}
