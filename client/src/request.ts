import type { Document } from './document.ts';
import { isPassing, isTokenExpired, readError, refusal, unreachable } from './errors.ts';
import { retryPauseMs, type Timing } from './timing.ts';
import type { Tokens } from './tokens.ts';
import { pause, type OnReason } from './wake.ts';

export interface AskOptions {
  /** Ends the wait; what was asked for may have been done all the same. */
  readonly signal?: AbortSignal;
  /** How often a query is tried at most while the server is not reached, in place of the `queryAttempts` of `connect`. */
  readonly attempts?: number;
}

/** How what is repeated waits in between. */
export interface Patience {
  readonly timing: Timing;
  readonly onReason: OnReason;
}

export interface Asking {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly tokens: Tokens;
  readonly timing: Timing;
}

/** Asks over HTTP, once; a second time when the token had just ended. Throws a CauserieError. */
export async function ask<Result, Variables>(
  asking: Asking,
  document: Document<Result, Variables>,
  variables: Variables | undefined,
  signal?: AbortSignal,
): Promise<Result> {
  const token = await asking.tokens.get();
  try {
    return await post(asking, document, variables, token, signal);
  } catch (error) {
    if (!token || !isTokenExpired(error) || asking.tokens.isFixed) throw error;
    return post(asking, document, variables, await asking.tokens.get(token), signal);
  }
}

/** Repeats for as long as the server is not reached, or so many times. */
export async function persist<Result>(
  { timing, onReason }: Patience,
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
  attempts = Infinity,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || attempt + 1 >= attempts) throw error;
      await pause(retryPauseMs(timing, attempt), onReason, signal);
    }
  }
}

export const bearer = (token: string | undefined): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};

async function post<Result>(
  { url, fetch, timing }: Asking,
  query: string,
  variables: unknown,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(timing.requestMs);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    ...bearer(token),
  };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
      signal: ended,
    });
    const isJson = response.headers.get('content-type')?.includes('json');
    return resultOf<Result>(isJson ? await response.json() : undefined, response.status);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // What is no JSON, or half of it, was not said by the server.
    throw error instanceof TypeError || error instanceof SyntaxError || deadline.aborted
      ? unreachable(error)
      : error;
  }
}

function resultOf<Result>(
  answer: { data?: Result | null; errors?: { message: string }[] } | undefined,
  status: number,
): Result {
  const [error] = answer?.errors ?? [];
  if (error) throw readError(error);
  if (answer?.data) return answer.data;
  // Not the server spoke, but what stands before it.
  if (status === 429) throw refusal('RATE_LIMITED', 'Too many requests.', { retryAfterMs: 1000 });
  throw status >= 500
    ? unreachable(`status ${status}`)
    : refusal('INTERNAL', `There is no GraphQL at this address: it answers with status ${status}.`);
}
