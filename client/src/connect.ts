import type { ConnectionState } from './connection.ts';
import { createConnections } from './connections.ts';
import type { Document } from './document.ts';
import { follow, type FollowOptions } from './follow.ts';
import { RefreshSessionDocument, type Operations } from './generated/operations.ts';
import { createListeners } from './listeners.ts';
import { createOperations } from './operations.ts';
import type { Subscribe } from './link.ts';
import { ask, bearer, retry, type AskOptions, type RetryPolicy } from './request.ts';
import { createSends } from './sends.ts';
import { memorySession, type Session, type SessionStore } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { givenTokens, type Token, type Tokens } from './tokens.ts';
import { onWake } from './wake.ts';
import type { WebSocketClass } from './web-socket.ts';

export interface ConnectOptions {
  /**
   * The address of the API over HTTP: `https://chat.example/graphql`. The WebSocket has the same
   * address.
   */
  readonly url: string | URL;
  /**
   * An access token, or a function that returns a fresh one. It is called before each request, so
   * let it return the same token until that expires. Without `token`, sign in to get a session.
   */
  readonly token?: Token;
  /**
   * Where the session is stored if there is no `token`: in memory by default. `browserSession()`
   * survives a reload of the page.
   */
  readonly session?: SessionStore;
  /** In Node before 22, the class of the package `ws`. */
  readonly webSocket?: WebSocketClass;
  readonly fetch?: typeof fetch;
  /**
   * How often a query is attempted while the server cannot be reached, 5 times by default.
   * `Infinity` suits a page that has nothing to show before.
   */
  readonly queryAttempts?: number;
  /**
   * Ids of documents that the server knows, by their text: `documentIds` of
   * `@causerie/client/document-ids`, or your own. The client sends the id of such a document
   * instead of its text.
   */
  readonly documentIds?: ReadonlyMap<string, string>;
  readonly timing?: Partial<Timing>;
}

export interface Causerie extends Operations {
  /**
   * Executes a query or mutation of your own. A query is repeated a few times while the server
   * cannot be reached; a mutation is not.
   */
  ask<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: AskOptions,
  ): Promise<Result>;
  /**
   * Follows a subscription of your own. It resumes if it selects `cursor` and has the variable
   * `$after: Cursor`; otherwise it starts again after each interruption.
   */
  follow<Result extends object, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: FollowOptions,
  ): AsyncIterableIterator<Result[keyof Result], undefined>;
  /** Subscribes as a graphql-ws client does, for other libraries. Resumes as `follow` does. */
  readonly subscribe: Subscribe;
  /** `fetch` with the token, for other libraries. */
  readonly fetch: typeof fetch;
  /** The state of the connection, which is open while something is followed. */
  readonly connection: ConnectionState;
  /** Calls the listener after each change of `connection`. Returns a function that removes it. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
  /** The session of the user who is signed in; null if nobody is, or if `token` was given. */
  readonly session: Session | null;
  /**
   * Calls the listener after each change of `session`: sign-in, sign-out, refresh, expiry, or a
   * profile that `viewer` or `updateProfile` returned. Returns a function that removes it.
   */
  onSession(listener: (session: Session | null) => void): () => void;
  /** Ends all subscriptions, and closes the connection. */
  close(): void;
}

const mutationPattern = /\bmutation\b/;

/**
 * Creates a client of one server. It sends nothing by itself, and has a connection only while
 * something is followed.
 */
export function connect({
  url,
  token,
  session,
  fetch: ownFetch = fetch,
  webSocket = globalThis.WebSocket,
  queryAttempts = 5,
  documentIds,
  timing: ownTiming,
}: ConnectOptions): Causerie {
  const timing = { ...defaultTiming, ...ownTiming };
  const { http, socket } = addressesOf(url);
  const connectionListeners = createListeners<ConnectionState>();
  const sessionListeners = createListeners<Session | null>();

  const transport = {
    url: http,
    fetch: (...request: Parameters<typeof fetch>) => ownFetch(...request),
    documentIds,
    timing,
  };
  const askAnonymously: Ask = (document, variables, signal) =>
    ask({ ...transport, tokens: noTokens }, document, variables, signal);

  async function refresh(refreshToken: string): Promise<Session> {
    const result = await askAnonymously(RefreshSessionDocument, { input: { refreshToken } });
    return result.refreshSession.session;
  }
  const sessions =
    token === undefined
      ? createSessions(session ?? memorySession(), refresh, sessionListeners.notify)
      : undefined;
  const tokens = sessions ?? givenTokens(token!, timing.requestMs);
  const askOnce: Ask = (document, variables, signal) =>
    ask({ ...transport, tokens }, document, variables, signal);

  const connection = createConnections({
    url: socket,
    webSocket,
    tokens,
    timing,
    changed(state) {
      // The session was ended elsewhere.
      if (state.status === 'refused' && state.error.code === 'UNAUTHENTICATED')
        void sessions?.store(null);
      connectionListeners.notify(state);
    },
  });

  const subscribe: Subscribe = (payload, sink) => {
    const documentId = documentIds?.get(payload.query);
    return connection.subscribe(
      // The protocol requires a query.
      documentId === undefined ? payload : { ...payload, query: '', documentId },
      sink,
    );
  };

  const retryPolicy: RetryPolicy = {
    timing,
    onRetryHint(hint) {
      const stopWatchingWake = onWake(hint);
      const removeListener = connectionListeners.add(
        ({ status }) => status === 'connected' && hint(),
      );
      return () => {
        stopWatchingWake();
        removeListener();
      };
    },
  };

  const query = <Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    { signal, attempts = queryAttempts }: AskOptions = {},
  ) => retry(retryPolicy, () => askOnce(document, variables, signal), signal, attempts);

  const mutation = <Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
    { signal }: AskOptions = {},
  ) => askOnce(document, variables, signal);

  const subscription = (
    document: string,
    variables: Record<string, unknown> | undefined,
    options?: FollowOptions,
  ) => follow(subscribe, { query: document, variables }, options);

  async function startSession<Result>(
    document: Document<Result, unknown>,
    variables: unknown,
    { signal }: AskOptions = {},
  ): Promise<Result> {
    const result = await askAnonymously(document, variables, signal);
    const [payload] = Object.values(result as Record<string, { session: Session }>);
    const previousUserId = sessions?.current?.user.id;
    await sessions?.store(payload!.session);
    if (previousUserId !== payload!.session.user.id) connection.restart();
    return result;
  }

  const operations = createOperations({
    query,
    mutation,
    send: createSends(askOnce, retryPolicy),
    session: startSession,
    subscription,
  });

  /** The same method; it ends the session afterwards. */
  const endingSession =
    <Given extends unknown[], Result>(method: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const result = await method(...given);
      await sessions?.store(null);
      return result;
    };

  /** The same method; it updates the user of the session with its result. */
  const updatingSession =
    <Given extends unknown[], User extends Session['user'] | null>(
      method: (...given: Given) => Promise<User>,
    ) =>
    async (...given: Given): Promise<User> => {
      const user = await method(...given);
      if (user) await sessions?.updateUser(user);
      return user;
    };

  return {
    ...operations,
    viewer: updatingSession(operations.viewer),
    updateProfile: updatingSession(operations.updateProfile),
    signOut: endingSession(operations.signOut),
    deleteMyAccount: endingSession(operations.deleteMyAccount),
    ask: (document, variables, options) => {
      const execute = mutationPattern.test(document) ? mutation : query;
      return execute(document, variables!, options);
    },
    follow: <Result extends object, Variables>(
      document: Document<Result, Variables>,
      variables?: Variables,
      options?: FollowOptions,
    ) =>
      follow<Result[keyof Result]>(
        subscribe,
        { query: document, variables: variables as Record<string, unknown> | undefined },
        options,
      ),
    subscribe,
    fetch: createFetch(transport.fetch, tokens),
    get connection() {
      return connection.state;
    },
    onConnection: connectionListeners.add,
    get session() {
      return sessions?.current ?? null;
    },
    onSession: sessionListeners.add,
    close: () => connection.end(),
  };
}

type Ask = <Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Result>;

const noTokens: Tokens = { isFixed: true, get: async () => undefined };

/** In a page, a path such as `/graphql` is relative to the page. */
function addressesOf(url: string | URL): { http: string; socket: string } {
  const http = new URL(url, (globalThis as { location?: Location }).location?.href);
  if (!/^https?:$/.test(http.protocol))
    throw new TypeError(
      `The address of the API must begin with http: or https:, not with ${http.protocol}`,
    );
  return { http: http.href, socket: http.href.replace(/^http/, 'ws') };
}

const createFetch =
  (ownFetch: typeof fetch, tokens: Tokens): typeof fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of Object.entries(bearer(await tokens.get())))
      headers.set(name, value);
    return ownFetch(input, { ...init, headers });
  };
