import type { Facts } from '../events/facts.ts';
import type { Metrics } from '../metrics.ts';
import type { Event } from '../events/event.ts';
import { isNotice, isWithdrawal, type Entry, type Feed, type Withdrawal } from './feed.ts';
import type { LiveEvent, LiveNotice } from './live-field.ts';
import { encodedOf, type Encoded } from './page.ts';
import { retry } from './retry.ts';

export interface Executed {
  /**
   * Whether an error other than a refusal occurred: rows that an event refers to may be missing.
   */
  readonly hasFailed: boolean;
  /** The results as clients may see them, in the order of the events. */
  encode(): Buffer[];
}

/**
 * Executes events or notices, each on its own, with one fresh scope for all of them. Throws while
 * the database is down: then the events are executed again, and the failure is never delivered.
 */
export type RunOperation = (
  events: readonly (LiveEvent | LiveNotice)[],
  facts: Facts,
) => Promise<Executed>;

/** Executes and encodes entries of a feed for one operation. */
export type Encode = (entries: readonly Entry[], facts: Facts) => Promise<Encoded[]>;

/**
 * Retries while the database is down. Returns nothing if the operation is closed meanwhile, or the
 * feed begins another stretch.
 */
export function createEncoder({
  feed,
  run,
  metrics,
  isOpen,
  selects = () => true,
}: {
  feed: Feed;
  run: RunOperation;
  metrics: Metrics;
  isOpen: () => boolean;
  /** The events that are executed. Subscribers pass over the others. */
  selects?: ((event: Event) => boolean) | undefined;
}): Encode {
  const isExecuted = (entry: Entry): entry is Exclude<Entry, Withdrawal> =>
    !isWithdrawal(entry) && (isNotice(entry) || selects(entry));
  /**
   * After a failure, compares the feed with the log before the result is shown: if the database has
   * lost its newest events, the rows that they refer to are missing too.
   */
  async function execute(
    events: readonly (LiveEvent | LiveNotice)[],
    facts: Facts,
  ): Promise<Buffer[] | undefined> {
    const { stretch } = feed;
    const isWanted = () => isOpen() && stretch === feed.stretch;
    const executed = await retry(
      async () => {
        const executed = await run(events, facts);
        if (executed.hasFailed) await feed.verify();
        return executed;
      },
      isWanted,
      () => metrics.retries.inc({ of: 'live' }),
    );
    return executed && isWanted() ? executed.encode() : undefined;
  }

  return async (entries, facts) => {
    const events = entries.filter(isExecuted);
    const payloads = events.length === 0 ? [] : await execute(events, facts);
    if (!payloads) return [];
    metrics.executions.inc(events.length);
    let index = 0;
    return entries.map((entry) =>
      encodedOf(entry, isExecuted(entry) ? payloads[index++]! : undefined),
    );
  };
}
