import type { ConnectionState } from './connection.ts';
import type { Document } from './document.ts';
import type { FollowOptions } from './follow.ts';
import type { Operations } from './generated/operations.ts';
import type { Subscribe } from './link.ts';
import type { AskOptions } from './request.ts';
import type { Session, SessionStore } from './session-store.ts';
import type { Timing } from './timing.ts';
import type { Token } from './tokens.ts';
import type { UploadFile } from './upload-file.ts';
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
  /**
   * Uploads a file in parts, and returns its attachment. Pass the id as one of `attachmentIds` of a
   * message. Can be resumed after a reload.
   */
  readonly uploadFile: UploadFile;
  /**
   * `fetch` with the token, for files and for other libraries. A path is one of the server, such as
   * the `url` of an attachment.
   */
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
