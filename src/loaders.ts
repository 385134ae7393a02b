import DataLoader from 'dataloader';
import type { Facts } from './events/facts.ts';
import { isId } from './ids.ts';
import type { Scope } from './scope.ts';

export interface Loader<Key, Row> {
  load(scope: Scope, key: Key): Promise<Row>;
  /** Gives the loader what was read otherwise. */
  prime(scope: Scope, key: Key, row: Row): void;
  /** Forgets what it has, after the fact was changed. */
  clear(scope: Scope, key: Key): void;
}

/**
 * Reads by key: together what is asked for together, and once in a scope. What it has read belongs to the scope and goes with it, so
 * the loader itself can be a constant of its module.
 */
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
 * Reads rows by id, and takes those that came with a live event from its facts: `factsOf` says which they are. An unknown id gives null.
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

/** Reads one row by its key, together with what others ask for in the same turn of the event loop. */
export type SharedRead<Key, Row> = (key: Key) => Promise<Row>;

/**
 * Reads by key what everybody on a node asks for within one turn of the event loop, in one read, and keeps nothing: a crowd that
 * reconnects asks as one. A row is newer than the question. It is one of the node's services.
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
