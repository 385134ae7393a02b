import type { ExecutionResult } from 'graphql';
import type { Sink } from '../live/follower.ts';
import type { Outbox } from './outbox.ts';

/**
 * A result that is already JSON. The library calls `stringify` instead of encoding the result again
 * for each subscriber.
 */
interface EncodedResult extends ExecutionResult {
  stringify(): string;
}

/**
 * A sink whose payloads a streamed response reads as an async iterable. `stop` is called when the
 * response stops reading. Unread payloads count in the outbox of the connection. Half of
 * `bufferBytes` may be unread before the subscriber switches to replay, so that a last event still
 * fits [P5].
 */
export function createResponseSink(outbox: Outbox, bufferBytes: number, stop: () => void) {
  const unread: Buffer[] = [];
  let unreadBytes = 0;
  let isEnded = false;
  let failure: unknown;
  let wakeReader: (() => void) | undefined;
  let wakeWriters: (() => void)[] = [];

  function hold(bytes: number): void {
    unreadBytes += bytes;
    outbox.hold(bytes);
  }

  function giveBack(bytes: number): void {
    unreadBytes -= bytes;
    outbox.giveBack(bytes);
  }

  function wakeAllWriters(): void {
    const writers = wakeWriters;
    wakeWriters = [];
    for (const wake of writers) wake();
  }

  const sink: Sink = {
    get isReady() {
      return isEnded || unreadBytes < bufferBytes / 2;
    },
    whenReady: () =>
      sink.isReady ? Promise.resolve() : new Promise((resolve) => wakeWriters.push(resolve)),
    write(payloads) {
      if (isEnded) return;
      unread.push(...payloads);
      hold(payloads.reduce((sum, { length }) => sum + length, 0));
      wakeReader?.();
    },
    end(error) {
      isEnded = true;
      failure = error;
      wakeReader?.();
      wakeAllWriters();
    },
  };

  const results: AsyncIterableIterator<EncodedResult> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (unread.length === 0 && !isEnded)
        await new Promise<void>((resolve) => (wakeReader = resolve));
      const payload = unread.shift();
      if (payload) {
        giveBack(payload.length);
        if (unread.length === 0) wakeAllWriters();
        return { done: false, value: { stringify: () => payload.toString() } };
      }
      const error = failure;
      failure = undefined;
      if (error !== undefined) throw error;
      return { done: true, value: undefined };
    },
    async return() {
      unread.length = 0;
      giveBack(unreadBytes);
      sink.end();
      stop();
      return { done: true, value: undefined };
    },
  };
  return { sink, results };
}
