import { amendedBy, type RowIds } from '../events/catalogue.ts';
import type { Facts } from '../events/facts.ts';
import { isNotice, isWithdrawal, type Entry, type FreshEntry } from './feed.ts';

type Rows = Record<string, unknown>;
type MergedFacts = Record<string, Rows>;

/**
 * The facts of several entries, for one execution of all of them. If a later event changes a row
 * and has no fact of it, the earlier fact is dropped and the row is read. Otherwise the later event
 * would show the row as it was before.
 */
export function mergeFacts(fresh: readonly FreshEntry[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: MergedFacts = {};
  for (const { event, facts } of fresh) {
    const outdated = amendedRows(event);
    if (outdated) drop(merged, outdated);
    if (facts) add(merged, facts);
  }
  return merged;
}

function amendedRows(entry: Entry): RowIds | undefined {
  return isNotice(entry) || isWithdrawal(entry) ? undefined : amendedBy(entry);
}

function drop(merged: MergedFacts, outdated: RowIds): void {
  for (const [kind, ids] of Object.entries(outdated)) {
    if (ids === 'all') delete merged[kind];
    else for (const id of ids) delete merged[kind]?.[id];
  }
}

function add(merged: MergedFacts, facts: Facts): void {
  for (const [kind, rows] of Object.entries<Rows>(facts))
    merged[kind] = Object.assign(merged[kind] ?? {}, rows);
}
