import type { ExecutionResult } from 'graphql';
import type { Sink } from '../live/subscriber.ts';

/** So many results wait for a response's reader before it is switched to replay [P5]. */
const mostWaiting = 64;

/** Results as an async iterable, for a response that streams them. Its `return()` calls `stop`. */
export function createResponseSink(stop: () => void) {
  const waiting: Buffer[] = [];
  let isOver = false;
  let cause: unknown;
  let wakeReader: (() => void) | undefined;
  let wakeWriters: (() => void)[] = [];

  const wakeAllWriters = () => {
    const writers = wakeWriters;
    wakeWriters = [];
    for (const wake of writers) wake();
  };

  const sink: Sink = {
    get isReady() {
      return isOver || waiting.length < mostWaiting;
    },
    whenReady: () =>
      isOver || waiting.length < mostWaiting
        ? Promise.resolve()
        : new Promise((resolve) => wakeWriters.push(resolve)),
    write(payloads) {
      if (isOver) return;
      waiting.push(...payloads);
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
      sink.end();
      stop();
      return { done: true, value: undefined };
    },
  };
  return { sink, results };
}
