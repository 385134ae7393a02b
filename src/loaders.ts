import DataLoader from 'dataloader';
import type { Facts } from './events/facts.ts';
import { isId } from './ids.ts';
import type { Scope } from './scope.ts';

export interface Loader<Key, Row> {
  load(scope: Scope, key: Key): Promise<Row>;
  /** Stores a row that was read in another way. */
  prime(scope: Scope, key: Key, row: Row): void;
  /** Removes a row after a change, so that it is read again. */
  clear(scope: Scope, key: Key): void;
}

/**
 * Creates a loader that reads rows by key: in one batch per turn of the event loop, and each key
 * once per scope. The rows belong to the scope, so a loader can be a constant of its module.
 */
export function createLoader<Key extends string, Row>(
  read: (scope: Scope, keys: readonly Key[]) => Promise<readonly Row[]>,
): Loader<Key, Row> {
  const loaders = new WeakMap<Scope, DataLoader<Key, Row>>();
  const loaderOf = (scope: Scope) => {
    const existing = loaders.get(scope);
    if (existing) return existing;
    const loader = new DataLoader<Key, Row>((keys) => read(scope, keys));
    loaders.set(scope, loader);
    return loader;
  };
  return {
    load: (scope, key) => loaderOf(scope).load(key),
    prime: (scope, key, row) => void loaderOf(scope).clear(key).prime(key, row),
    clear: (scope, key) => void loaderOf(scope).clear(key),
  };
}

/**
 * Creates a loader that reads rows by id. Rows that came with a live event are not read again:
 * `factsOf` finds them in the event's facts. Null for an unknown id.
 */
export function createRowLoader<Row extends { readonly id: string }>(
  factsOf: (facts: Facts) => { readonly [id: string]: Row | null | undefined } | undefined,
  read: (scope: Scope, ids: string[]) => Promise<Row[]>,
): Loader<string, Row | null> {
  return createLoader(async (scope, ids) => {
    const known = scope.facts && factsOf(scope.facts);
    const unread = ids.filter((id) => !known?.[id] && isId(id));
    const found = unread.length > 0 ? await read(scope, unread) : [];
    const rows = new Map(found.map((row) => [row.id, row]));
    return ids.map((id) => known?.[id] ?? rows.get(id.toLowerCase()) ?? null);
  });
}

/**
 * Reads one row by key, in one batch with all other requests of the same turn of the event loop.
 */
export type SharedRead<Key, Row> = (key: Key) => Promise<Row>;

/**
 * Creates a read that all requests of a node share: keys requested in one turn of the event loop
 * are read together, for example when thousands of clients reconnect. It caches nothing, so a row
 * is never older than the request. It belongs to the node's services.
 */
export function createSharedRead<Key extends string, Row>(
  read: (keys: readonly Key[]) => Promise<readonly Row[]>,
): SharedRead<Key, Row> {
  const reader = new DataLoader<Key, Row>(read, {
    cache: false,
    maxBatchSize: 1000,
    batchScheduleFn: setImmediate,
  });
  return (key) => reader.load(key);
}
