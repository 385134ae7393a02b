import type { Causerie, ConnectOptions } from './causerie.ts';
import type { ConnectionState } from './connection.ts';
import { createConnections } from './connections.ts';
import { createDocumentNames } from './document-names.ts';
import type { Document } from './document.ts';
import { follow, type FollowOptions } from './follow.ts';
import { RefreshSessionDocument } from './generated/operations.ts';
import type { Subscribe } from './link.ts';
import { createListeners } from './listeners.ts';
import { createOperations } from './operations.ts';
import { ask, bearer, retry, type AskOptions, type RetryPolicy } from './request.ts';
import { createSends } from './sends.ts';
import { memorySession, type Session } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { defaultTiming } from './timing.ts';
import { givenTokens, type Tokens } from './tokens.ts';
import { createUploadFile } from './upload-file.ts';
import { onWake } from './wake.ts';

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

  const documents = createDocumentNames(documentIds);
  const transport = {
    url: http,
    fetch: (...request: Parameters<typeof fetch>) => ownFetch(...request),
    documents,
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
    const documentId = documents.idOf(payload.query);
    if (documentId === undefined) return connection.subscribe(payload, sink);
    let unsubscribe: () => void;
    const byId = connection.subscribe(
      // The protocol requires a query.
      { ...payload, query: '', documentId },
      {
        next: (result) => sink.next(result),
        complete: () => sink.complete(),
        error(error) {
          if (documents.isUnknown(payload.query, error))
            unsubscribe = connection.subscribe(payload, sink);
          else sink.error(error);
        },
      },
    );
    unsubscribe = byId;
    return () => unsubscribe();
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
    uploadFile: createUploadFile({
      operations,
      url: http,
      fetch: transport.fetch,
      policy: retryPolicy,
    }),
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
    fetch: createFetch(transport.fetch, tokens, http),
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
  (ownFetch: typeof fetch, tokens: Tokens, api: string): typeof fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of Object.entries(bearer(await tokens.get())))
      headers.set(name, value);
    const address = typeof input === 'string' ? new URL(input, api) : input;
    return ownFetch(address, { ...init, headers });
  };
