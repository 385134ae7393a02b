import type { GraphQLError } from 'graphql';
import type { Cursors } from '../events/cursor.ts';
import type { Sink } from '../live/follower.ts';
import { nextEvents, type EventBytes } from './event-stream.ts';
import type { Outbox } from './outbox.ts';

interface ResponseSinkOptions {
  readonly outbox: Outbox;
  readonly cursors: Cursors;
  /**
   * Half of it may be unread before the subscriber switches to replay, so that a last event still
   * fits [P5].
   */
  readonly bufferBytes: number;
  /** The error as the client sees it. It is the last event, because HTTP has no close codes. */
  present(error: unknown): GraphQLError;
  /** Called when the response stops reading. */
  stop(): void;
}

/**
 * A sink whose payloads a streamed response reads as the bytes of events. All subscribers that
 * receive the same payloads share these bytes. Unread bytes count in the outbox of the connection.
 */
export function createResponseSink({
  outbox,
  cursors,
  bufferBytes,
  present,
  stop,
}: ResponseSinkOptions) {
  const unread: Buffer[] = [];
  let unreadBytes = 0;
  let isEnded = false;
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

  function push(bytes: Buffer): void {
    unread.push(bytes);
    hold(bytes.length);
    wakeReader?.();
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
    write(payloads, resumeAt) {
      if (isEnded) return;
      push(nextEvents(payloads, (index) => resumeAt && cursors.encode(resumeAt[index]!)));
    },
    end(error) {
      if (isEnded) return;
      if (error !== undefined)
        push(nextEvents([Buffer.from(JSON.stringify({ errors: [present(error)] }))]));
      isEnded = true;
      wakeReader?.();
      wakeAllWriters();
    },
  };

  const events: AsyncIterableIterator<EventBytes> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (unread.length === 0 && !isEnded)
        await new Promise<void>((resolve) => (wakeReader = resolve));
      const bytes = unread.shift();
      if (!bytes) return { done: true, value: undefined };
      giveBack(bytes.length);
      if (unread.length === 0) wakeAllWriters();
      return { done: false, value: { bytes } };
    },
    async return() {
      unread.length = 0;
      giveBack(unreadBytes);
      sink.end();
      stop();
      return { done: true, value: undefined };
    },
  };
  return { sink, events };
}
