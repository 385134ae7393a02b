import type { ConnectionState } from './connection.ts';
import { createConnections } from './connections.ts';
import type { Document } from './document.ts';
import { follow, type FollowOptions } from './follow.ts';
import { RefreshSessionDocument, type Operations } from './generated/operations.ts';
import { createOperations } from './operations.ts';
import type { Subscribe } from './link.ts';
import { ask, bearer, persist, type AskOptions, type Patience } from './request.ts';
import { createSends } from './sends.ts';
import { memorySession, type Session, type SessionStore } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { givenTokens, type Token, type Tokens } from './tokens.ts';
import { onWake } from './wake.ts';

export interface ConnectOptions {
  /** Where the API is, over HTTP: `https://chat.example/graphql`. The socket is at the same place. */
  readonly url: string | URL;
  /** A token, or what returns one that is fresh; asked for whenever one is needed, so keep it for as long as it lasts. Without it, signing in gives one. */
  readonly token?: Token;
  /** Where the session of `signIn` and the like is kept when there is no `token`: in memory by default; `browserSession()` outlives the page. */
  readonly session?: SessionStore;
  /** For Node before 22: that of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
  /** How often a query is tried at most while the server is not reached: 5 times when left out. `Infinity` suits a page that has nothing to show before. */
  readonly queryAttempts?: number;
  readonly timing?: Partial<Timing>;
}

export interface Causerie extends Operations {
  /** Asks with a document of your own. Queries are repeated a few times while the server is not reached; mutations are not. */
  ask<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: AskOptions,
  ): Promise<Result>;
  /** Follows a subscription of your own. It resumes if it selects `cursor` and has the variable `$after: Cursor`; else it begins again after each interruption. */
  follow<Result extends object, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: FollowOptions,
  ): AsyncIterableIterator<Result[keyof Result], undefined>;
  /** As graphql-ws has it, for other libraries; resumes as `follow` does. */
  readonly subscribe: Subscribe;
  /** `fetch` with the token, for other libraries. */
  readonly fetch: typeof fetch;
  /** How things stand with the connection that is held while something is followed. */
  readonly connection: ConnectionState;
  /** Calls with each change of it. Returns what ends that. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** Who is signed in by `signIn` and the like; null when nobody is, or `token` was given. */
  readonly session: Session | null;
  /** Calls when somebody signed in or out, the session was refreshed or is over, or `viewer` or `updateProfile` told something new of who is signed in. Returns what ends that. */
  onSession(listener: (session: Session | null) => void): () => void;
  /** Ends everything that is followed, and the connection. */
  close(): void;
}

const hasMutation = /\bmutation\b/;

/** A client of one server. Nothing is asked before you ask for something; the connection is held while something is followed. */
export function connect({
  url,
  token,
  session,
  fetch: ownFetch = fetch,
  webSocket = globalThis.WebSocket,
  queryAttempts = 5,
  timing: ownTiming,
}: ConnectOptions): Causerie {
  const timing = { ...defaultTiming, ...ownTiming };
  const { http, socket } = addressesOf(url);
  const connectionTold = createListeners<ConnectionState>();
  const sessionTold = createListeners<Session | null>();

  const carrier = {
    url: http,
    fetch: (...request: Parameters<typeof fetch>) => ownFetch(...request),
    timing,
  };
  const askAnonymously: Ask = (document, variables, signal) =>
    ask({ ...carrier, tokens: noTokens }, document, variables, signal);
  const refresh = async (refreshToken: string) =>
    (await askAnonymously(RefreshSessionDocument, { input: { refreshToken } })).refreshSession
      .session;
  const sessions =
    token === undefined
      ? createSessions(session ?? memorySession(), refresh, sessionTold.tell)
      : undefined;
  const tokens = sessions ?? givenTokens(token!, timing.requestMs);
  const askOnce: Ask = (document, variables, signal) =>
    ask({ ...carrier, tokens }, document, variables, signal);
  const tellConnection = (state: ConnectionState) => {
    // Signed out elsewhere.
    if (state.status === 'refused' && state.error.code === 'UNAUTHENTICATED')
      void sessions?.keep(null);
    connectionTold.tell(state);
  };
  const connection = createConnections({
    url: socket,
    webSocket: webSocket as typeof WebSocket | undefined,
    tokens,
    timing,
    changed: tellConnection,
  });

  const patience: Patience = {
    timing,
    onReason(look) {
      const forgetWake = onWake(look);
      const forgetConnection = connectionTold.add(({ status }) => status === 'connected' && look());
      return () => (forgetWake(), forgetConnection());
    },
  };
  const query = <Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    { signal, attempts = queryAttempts }: AskOptions = {},
  ) => persist(patience, () => askOnce(document, variables, signal), signal, attempts);
  const mutation = <Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    { signal }: AskOptions = {},
  ) => askOnce(document, variables, signal);
  const subscription = (
    document: string,
    variables: Record<string, unknown> | undefined,
    options?: FollowOptions,
  ) => follow(connection.subscribe, { query: document, variables }, options);

  async function begin<Result>(
    document: Document<Result, unknown>,
    variables: unknown,
    { signal }: AskOptions = {},
  ): Promise<Result> {
    const result = await askAnonymously(document, variables, signal);
    const [payload] = Object.values(result as Record<string, { session: Session }>);
    const before = sessions?.current?.user.id;
    await sessions?.keep(payload!.session);
    if (before !== payload!.session.user.id) connection.restart();
    return result;
  }

  const operations = createOperations({
    query,
    mutation,
    send: createSends(askOnce, patience),
    session: begin,
    subscription,
  });
  const ending =
    <Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const result = await work(...given);
      await sessions?.keep(null);
      return result;
    };

  const meeting =
    <Given extends unknown[], Found extends Session['user'] | null>(
      work: (...given: Given) => Promise<Found>,
    ) =>
    async (...given: Given): Promise<Found> => {
      const found = await work(...given);
      if (found) await sessions?.meet(found);
      return found;
    };

  return {
    ...operations,
    viewer: meeting(operations.viewer),
    updateProfile: meeting(operations.updateProfile),
    signOut: ending(operations.signOut),
    deleteMyAccount: ending(operations.deleteMyAccount),
    ask: (document, variables, options) =>
      (hasMutation.test(document) ? mutation : query)(document, variables!, options),
    follow: (document, variables, options) =>
      subscription(document, variables as Record<string, unknown>, options) as never,
    subscribe: connection.subscribe,
    fetch: createFetch(carrier.fetch, tokens),
    get connection() {
      return connection.state;
    },
    onConnection: connectionTold.add,
    get session() {
      return sessions?.current ?? null;
    },
    onSession: sessionTold.add,
    close: () => connection.end(),
  };
}

type Ask = <Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Result>;

const noTokens: Tokens = { isFixed: true, get: async () => undefined };

/** In a page, `/graphql` is the API of the page's own server. */
function addressesOf(url: string | URL): { http: string; socket: string } {
  const http = new URL(url, (globalThis as { location?: Location }).location?.href);
  if (!/^https?:$/.test(http.protocol))
    throw new TypeError(
      `The address of the API begins with http: or https:, and not with ${http.protocol}`,
    );
  return { http: http.href, socket: http.href.replace(/^http/, 'ws') };
}

function createListeners<Told>() {
  const listeners = new Set<(told: Told) => void>();
  return {
    tell: (told: Told) => listeners.forEach((listener) => tellOne(listener, told)),
    add(listener: (told: Told) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What a listener throws is an uncaught error, as with an event, and stops nothing here. */
function tellOne<Told>(listener: (told: Told) => void, told: Told): void {
  try {
    listener(told);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

const createFetch =
  (ownFetch: typeof fetch, tokens: Tokens): typeof fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of Object.entries(bearer(await tokens.get())))
      headers.set(name, value);
    return ownFetch(input, { ...init, headers });
  };
