import { readError } from './errors.ts';
import type { Payload, Subscribe } from './link.ts';

export interface FollowOptions {
  /** Ends it, as `return` does. */
  readonly signal?: AbortSignal;
  /** How many events may wait to be taken, 1,000 by default. When they are as many, nothing more is asked for until they are taken. */
  readonly buffer?: number;
}

interface Waiting<Event> {
  resolve(result: IteratorResult<Event, undefined>): void;
  reject(error: unknown): void;
}

/**
 * What a subscription tells, one after the other, from the call on. It ends when it is returned, aborted, or completed by the server, and
 * throws a CauserieError when the server refuses to go on. Who takes slowly costs no more than the buffer: beyond it the subscription is
 * left, and made again from its cursor when the buffer is empty; one without a cursor then begins again.
 */
export function follow<Event>(
  subscribe: Subscribe,
  payload: Payload,
  { signal, buffer = 1000 }: FollowOptions = {},
): AsyncIterableIterator<Event, undefined> {
  const variables: Record<string, unknown> = { ...payload.variables };
  const taken: Waiting<Event>[] = [];
  let events: Event[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let stop: (() => void) | undefined;

  function begin(): void {
    let isMine = true;
    const leave = subscribe(
      { ...payload, variables },
      {
        next: ({ data, errors }) => {
          if (!isMine) return;
          if (errors?.[0]) return end({ error: readError(errors[0]) });
          hear(Object.values(data as Record<string, Event & { cursor?: string }>)[0]!);
        },
        error: (error) => isMine && end({ error }),
        complete: () => isMine && end({}),
      },
    );
    stop = () => {
      isMine = false;
      stop = undefined;
      leave();
    };
  }

  function hear(event: Event & { cursor?: string }): void {
    if (event.cursor) variables.after = event.cursor;
    const next = taken.shift();
    if (next) return next.resolve({ done: false, value: event });
    events.push(event);
    if (events.length >= buffer) stop?.();
  }

  function end(how: { readonly error?: unknown }): void {
    if (ending) return;
    ending = how;
    stop?.();
    signal?.removeEventListener('abort', leave);
    for (const waiting of taken.splice(0)) settle(waiting);
  }

  /** An error is thrown once, after everything that came before it. */
  function settle({ resolve, reject }: Waiting<Event>): void {
    if (!ending || !('error' in ending)) return resolve({ done: true, value: undefined });
    const { error } = ending;
    ending = {};
    reject(error);
  }

  /** What waits is let go of, too. */
  function leave(): void {
    events = [];
    end({});
    ending = {};
  }

  begin();
  if (signal?.aborted) leave();
  else signal?.addEventListener('abort', leave);

  return {
    next: () =>
      new Promise((resolve, reject) => {
        const value = events.shift();
        if (value !== undefined) resolve({ done: false, value });
        else if (ending) settle({ resolve, reject });
        else taken.push({ resolve, reject });
        if (events.length === 0 && !stop && !ending) begin();
      }),
    return: async () => {
      leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
