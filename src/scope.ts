import DataLoader from 'dataloader';
import type { Presence } from './cluster/presence.ts';
import type { Rates } from './cluster/rates.ts';
import type { Config } from './config.ts';
import type { Database, Transaction } from './db/database.ts';
import { forbidden, unauthenticated } from './errors.ts';
import type { Cursors } from './events/cursor.ts';
import type { Facts, Publish, Watch } from './events/event.ts';
import { transact as transactEvents, type RecordEvent } from './events/record.ts';
import type { Signals } from './events/signal.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Who is asking. */
export interface Viewer {
  readonly id: string;
  readonly username: string;
  readonly role: 'USER' | 'ADMIN';
  readonly isGuest: boolean;
  /** The sign-in behind the token; undefined for tokens of another issuer. */
  readonly sessionId: string | undefined;
}

/** A backend that may notify, and nothing else. */
export interface Service {
  /** What it is counted by. */
  readonly id: string;
}

/** What one node has and a rule may use. */
export interface Node {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly rates: Rates<string>;
  readonly cursors: Cursors;
  readonly publish: Publish;
  readonly watch: Watch;
  readonly signals: Signals;
  readonly presence: Presence;
  /** Signs and checks the tokens of this application (HS256). */
  readonly signingKey: Uint8Array;
}

/** What is known of the program that sent a request. */
export interface Client {
  /** What it calls itself. */
  readonly userAgent: string | undefined;
  /** Whether it runs on this machine and came here directly, not through a proxy. */
  readonly isOnThisMachine: boolean;
}

/** Who is asking, and what a rule may use: the first argument of every rule. It lives as long as one operation, or one page of events. */
export interface Scope {
  readonly node: Node;
  /** Null when nobody is signed in. In a run that many viewers share, reading it throws. */
  readonly viewer: Viewer | null;
  /** The backend that a service token stands for. There is no viewer then. */
  readonly service?: Service;
  readonly requestId: string;
  /** Where the request came from, as far as is known. */
  readonly address: string;
  readonly client?: Client;
  /** Rows that came along with a fresh event and need not be read. */
  readonly facts?: Facts;
}

/** The viewer, or a refusal. */
export function requireViewer(scope: Scope): Viewer {
  if (scope.service)
    throw forbidden('A service token stands for no user: it may notify, and nothing else.');
  if (!scope.viewer)
    throw unauthenticated(
      'Sign in first: send an access token with the request, or in connectionParams of the socket.',
    );
  return scope.viewer;
}

/** Changes facts and records what happened, in one transaction. */
export const transact = <Result>(
  scope: Scope,
  work: (transaction: Transaction, record: RecordEvent) => Promise<Result>,
): Promise<Result> => transactEvents(scope.node, work);

export interface Loader<Key, Row> {
  load(scope: Scope, key: Key): Promise<Row>;
  /** Gives the loader what was read otherwise. */
  prime(scope: Scope, key: Key, row: Row): void;
  /** Forgets what it has, after the fact was changed. */
  clear(scope: Scope, key: Key): void;
}

/** Reads by key, together what is asked for together and once in a scope. */
export function createLoader<Key extends string, Row>(
  read: (scope: Scope, keys: readonly Key[]) => Promise<readonly Row[]>,
): Loader<Key, Row> {
  const loaders = new WeakMap<Scope, DataLoader<Key, Row>>();
  const loaderOf = (scope: Scope) => {
    let loader = loaders.get(scope);
    if (!loader) loaders.set(scope, (loader = new DataLoader((keys) => read(scope, keys))));
    return loader;
  };
  return {
    load: (scope, key) => loaderOf(scope).load(key),
    prime: (scope, key, row) => void loaderOf(scope).clear(key).prime(key, row),
    clear: (scope, key) => void loaderOf(scope).clear(key),
  };
}

/**
 * Reads by key what everybody on a node asks for within one turn of the event loop, in one read, and keeps nothing: a crowd that comes back
 * asks as one. What is read is newer than the question.
 */
export function createSharedRead<Key extends string, Row>(
  read: (node: Node, keys: readonly Key[]) => Promise<readonly Row[]>,
): (node: Node, key: Key) => Promise<Row> {
  const readers = new WeakMap<Node, DataLoader<Key, Row>>();
  return (node, key) => {
    let reader = readers.get(node);
    if (!reader)
      readers.set(
        node,
        (reader = new DataLoader((keys) => read(node, keys), {
          cache: false,
          maxBatchSize: 1000,
          batchScheduleFn: setImmediate,
        })),
      );
    return reader.load(key);
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Whether it can be an id at all; PostgreSQL refuses to compare others. */
export const isId = (text: string): boolean => uuid.test(text);

/** Reads rows by id, taking those that came along with a fresh event from there. An id that names nothing gives null. */
export function createRowLoader<Row extends { id: string }>(
  kind: string,
  read: (scope: Scope, ids: string[]) => Promise<Row[]>,
): Loader<string, Row | null> {
  return createLoader(async (scope, ids) => {
    const known = scope.facts?.[kind] as { [id: string]: Row } | undefined;
    const unread = ids.filter((id) => !known?.[id] && isId(id));
    const rows = new Map(
      (unread.length > 0 ? await read(scope, unread) : []).map((row) => [row.id, row]),
    );
    return ids.map((id) => known?.[id] ?? rows.get(id.toLowerCase()) ?? null);
  });
}
