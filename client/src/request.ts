import type { DocumentNames } from './document-names.ts';
import type { Document } from './document.ts';
import { isPassing, isTokenExpired, refusal, toError, unreachable } from './errors.ts';
import { retryPauseMs, type Timing } from './timing.ts';
import type { Tokens } from './tokens.ts';
import { pause, type OnRetryHint } from './wake.ts';

export interface AskOptions {
  /** Stops waiting for the answer. The server may have executed the operation all the same. */
  readonly signal?: AbortSignal;
  /**
   * How often a query is attempted while the server cannot be reached. Overrides `queryAttempts` of
   * `connect`.
   */
  readonly attempts?: number;
}

/** How long to wait between attempts. */
export interface RetryPolicy {
  readonly timing: Timing;
  readonly onRetryHint: OnRetryHint;
}

export interface Transport {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly tokens: Tokens;
  readonly documents: DocumentNames;
  readonly timing: Timing;
}

/**
 * Sends an operation over HTTP, once; a second time if the token has just expired, or if the server
 * does not know the id of the document. Throws a CauserieError.
 */
export async function ask<Result, Variables>(
  transport: Transport,
  document: Document<Result, Variables>,
  variables: Variables | undefined,
  signal?: AbortSignal,
): Promise<Result> {
  const { tokens } = transport;
  const token = await tokens.get();
  try {
    return await post(transport, document, variables, token, signal);
  } catch (error) {
    if (!token || !isTokenExpired(error) || tokens.isFixed) throw error;
    return post(transport, document, variables, await tokens.get(token), signal);
  }
}

/** Repeats the work while the server cannot be reached, up to `attempts` times in all. */
export async function retry<Result>(
  { timing, onRetryHint }: RetryPolicy,
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
  attempts = Infinity,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || attempt + 1 >= attempts) throw error;
      await pause(retryPauseMs(timing, attempt), onRetryHint, signal);
    }
  }
}

export const bearer = (token: string | undefined): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};

async function post<Result>(
  transport: Transport,
  query: string,
  variables: unknown,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const documentId = transport.documents.idOf(query);
  const byText = () => postDocument<Result>(transport, { query }, variables, token, signal);
  if (documentId === undefined) return byText();
  try {
    return await postDocument(transport, { documentId }, variables, token, signal);
  } catch (error) {
    if (!transport.documents.isUnknown(query, error)) throw error;
    return byText();
  }
}

async function postDocument<Result>(
  { url, fetch, timing }: Transport,
  document: { readonly query: string } | { readonly documentId: string },
  variables: unknown,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted();
  const deadline = createDeadline(timing.requestMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...bearer(token),
      },
      body: JSON.stringify({ ...document, variables }),
      signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
    });
    const isJson = response.headers.get('content-type')?.includes('json');
    return resultOf<Result>(
      isJson ? JSON.parse(await readText(response, deadline.restart)) : undefined,
      response.status,
    );
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Incomplete JSON is a lost connection; `fetch` reports other failures of the network as a
    // TypeError.
    const isLost =
      error instanceof TypeError || error instanceof SyntaxError || deadline.signal.aborted;
    throw isLost ? unreachable(error) : error;
  } finally {
    deadline.cancel();
  }
}

function createDeadline(ms: number) {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  const cancel = () => clearTimeout(timer);
  const restart = () => {
    cancel();
    timer = setTimeout(() => controller.abort(), ms);
  };
  restart();
  return { signal: controller.signal, restart, cancel };
}

/** Calls `onPart` for each part that arrives. Platforms without streams receive it as a whole. */
async function readText(response: Response, onPart: () => void): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    onPart();
  }
}

function resultOf<Result>(
  answer: { data?: Result | null; errors?: { message: string }[] } | undefined,
  status: number,
): Result {
  const [error] = answer?.errors ?? [];
  if (error) throw toError(error);
  if (answer?.data) return answer.data;
  // Not Causerie answered, but a proxy in front of it.
  if (status === 429) throw refusal('RATE_LIMITED', 'Too many requests.', { retryAfterMs: 1000 });
  if (status >= 500) throw unreachable(`status ${status}`);
  throw refusal(
    'INTERNAL',
    `There is no GraphQL API at this address. It answered with status ${status}.`,
  );
}
