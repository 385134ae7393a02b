import { toError } from './errors.ts';
import type { Payload, Subscribe } from './link.ts';

export interface FollowOptions {
  /** Ends the subscription, as `return` does. */
  readonly signal?: AbortSignal;
  /**
   * How many events may wait to be consumed, 1,000 by default. At that number the subscription is
   * suspended until they are consumed.
   */
  readonly buffer?: number;
}

/** A call of `next` that has no event yet. */
interface PendingNext<Event> {
  resolve(result: IteratorResult<Event, undefined>): void;
  reject(error: unknown): void;
}

/**
 * The events of a subscription, from the call on. The iterator ends when it is returned or aborted,
 * or when the server completes it. It throws a CauserieError when the server refuses to continue. A
 * slow consumer costs no more than the buffer: when it is full, the subscription ends, and it
 * resumes from its cursor when the buffer is empty. One without a cursor then starts again.
 */
export function follow<Event>(
  subscribe: Subscribe,
  payload: Payload,
  { signal, buffer = 1000 }: FollowOptions = {},
): AsyncIterableIterator<Event, undefined> {
  const variables: Record<string, unknown> = { ...payload.variables };
  const pending: PendingNext<Event>[] = [];
  let events: Event[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let stop: (() => void) | undefined;

  function start(): void {
    let isCurrent = true;
    const unsubscribe = subscribe(
      { ...payload, variables },
      {
        next: ({ data, errors }) => {
          if (!isCurrent) return;
          if (errors?.[0]) return end({ error: toError(errors[0]) });
          receive(Object.values(data as Record<string, Event & { cursor?: string }>)[0]!);
        },
        error: (error) => isCurrent && end({ error }),
        complete: () => isCurrent && end({}),
      },
    );
    stop = () => {
      isCurrent = false;
      stop = undefined;
      unsubscribe();
    };
  }

  function receive(event: Event & { cursor?: string }): void {
    if (event.cursor) variables.after = event.cursor;
    const next = pending.shift();
    if (next) return next.resolve({ done: false, value: event });
    events.push(event);
    if (events.length >= buffer) stop?.();
  }

  function end(how: { readonly error?: unknown }): void {
    if (ending) return;
    ending = how;
    stop?.();
    signal?.removeEventListener('abort', cancel);
    for (const next of pending.splice(0)) settle(next);
  }

  /** An error is thrown once, after all events before it. */
  function settle({ resolve, reject }: PendingNext<Event>): void {
    if (!ending || !('error' in ending)) return resolve({ done: true, value: undefined });
    const { error } = ending;
    ending = {};
    reject(error);
  }

  /** Discards the events that wait, too. */
  function cancel(): void {
    events = [];
    end({});
    ending = {};
  }

  start();
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel);

  return {
    next: () =>
      new Promise((resolve, reject) => {
        const value = events.shift();
        if (value !== undefined) resolve({ done: false, value });
        else if (ending) settle({ resolve, reject });
        else pending.push({ resolve, reject });
        if (events.length === 0 && !stop && !ending) start();
      }),
    return: async () => {
      cancel();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
