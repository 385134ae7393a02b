import type { Facts } from '../events/event.ts';
import type { Metrics } from '../metrics.ts';
import { isWithdrawal, type Entry, type Feed, type FreshEntry } from './feed.ts';
import type { LiveEvent, LiveNotice } from './live-field.ts';
import { encodedOf, type Encoded } from './page.ts';
import { persist } from './persist.ts';

export interface Executed {
  /** Whether something is wrong that is nobody's refusal: facts that an event names may be missing. */
  readonly hasFailed: boolean;
  /** The results as clients may see them, in the order of what was heard. */
  encode(): Buffer[];
}

/**
 * Executes what was heard, each on its own, with one fresh scope for all of them. Throws when the database is away: an event is executed
 * again then, never delivered as an error.
 */
export type RunOperation = (
  heard: readonly (LiveEvent | LiveNotice)[],
  facts: Facts,
) => Promise<Executed>;

/** Executes and encodes entries of a feed for one operation. */
export type Encode = (entries: readonly Entry[], facts: Facts) => Promise<Encoded[]>;

/**
 * While the database is away it waits, so that no event is delivered as an error. Nothing comes of it when the operation is closed meanwhile, or
 * the feed goes on elsewhere.
 */
export function createEncoder({
  feed,
  run,
  metrics,
  isOpen,
}: {
  feed: Feed;
  run: RunOperation;
  metrics: Metrics;
  isOpen: () => boolean;
}): Encode {
  /**
   * Before something that failed is shown, the feed is compared with the log: what the events name may be missing because the database has
   * lost it, and them.
   */
  async function execute(
    heard: readonly (LiveEvent | LiveNotice)[],
    facts: Facts,
  ): Promise<Buffer[] | undefined> {
    const { stretch } = feed;
    const isWanted = () => isOpen() && stretch === feed.stretch;
    const executed = await persist(async () => {
      const executed = await run(heard, facts);
      if (executed.hasFailed) await feed.verify();
      return executed;
    }, isWanted);
    return executed && isWanted() ? executed.encode() : undefined;
  }

  return async (entries, facts) => {
    const told = entries.filter((entry) => !isWithdrawal(entry));
    const payloads = told.length === 0 ? [] : await execute(told, facts);
    if (!payloads) return [];
    metrics.executions.inc(told.length);
    let place = 0;
    return entries.map((entry) =>
      encodedOf(entry, isWithdrawal(entry) ? undefined : payloads[place++]!),
    );
  };
}

/** The facts that came with several entries. */
export function mergeFacts(fresh: readonly FreshEntry[]): Facts {
  if (fresh.length === 1) return fresh[0]!.facts ?? {};
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { facts = {} } of fresh)
    for (const [kind, rows] of Object.entries(facts)) merged[kind] = { ...merged[kind], ...rows };
  return merged;
}
