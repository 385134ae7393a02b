import type { ExecutionResult } from 'graphql';
import type { Sink } from '../live/follower.ts';
import type { Outbox } from './outbox.ts';

/**
 * Results as an async iterable, for a response that streams them. Its `return()` calls `stop`. What waits counts in the outbox of the
 * connection; half of `bufferBytes` may wait for the reader before it is switched to replay, so that a last event still fits [P5].
 */
export function createResponseSink(outbox: Outbox, bufferBytes: number, stop: () => void) {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isOver = false;
  let cause: unknown;
  let wakeReader: (() => void) | undefined;
  let wakeWriters: (() => void)[] = [];

  const count = (bytes: number) => {
    waitingBytes += bytes;
    if (bytes > 0) outbox.hold(bytes);
    else outbox.giveBack(-bytes);
  };
  const wakeAllWriters = () => {
    const writers = wakeWriters;
    wakeWriters = [];
    for (const wake of writers) wake();
  };

  const sink: Sink = {
    get isReady() {
      return isOver || waitingBytes < bufferBytes / 2;
    },
    whenReady: () =>
      sink.isReady ? Promise.resolve() : new Promise((resolve) => wakeWriters.push(resolve)),
    write(payloads) {
      if (isOver) return;
      waiting.push(...payloads);
      count(payloads.reduce((sum, { length }) => sum + length, 0));
      wakeReader?.();
    },
    end(error) {
      isOver = true;
      cause = error;
      wakeReader?.();
      wakeAllWriters();
    },
  };

  const results: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (waiting.length === 0 && !isOver)
        await new Promise<void>((resolve) => (wakeReader = resolve));
      const payload = waiting.shift();
      if (payload) {
        count(-payload.length);
        if (waiting.length === 0) wakeAllWriters();
        return { done: false, value: JSON.parse(payload.toString()) as ExecutionResult };
      }
      const error = cause;
      cause = undefined;
      if (error !== undefined) throw error;
      return { done: true, value: undefined };
    },
    async return() {
      waiting.length = 0;
      count(-waitingBytes);
      sink.end();
      stop();
      return { done: true, value: undefined };
    },
  };
  return { sink, results };
}
