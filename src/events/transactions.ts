import { randomInt } from 'node:crypto';
import type { Database, Transaction } from '../db/database.ts';
import { topicsOf, type NewEvent } from './catalogue.ts';
import type { Event, FreshEvent, Publish } from './event.ts';
import type { Facts } from './facts.ts';
import type { Topic } from './topics.ts';

/**
 * A random number by which a transaction changes the tags of its topics. The database's own
 * generator might repeat in a copy of its files.
 */
export const newTag = (): number => randomInt(2 ** 32) | 0;

/**
 * Records that something happened. Facts save subscribers a read: pass the rows that are at hand.
 */
export type RecordEvent = (event: NewEvent, facts?: Facts) => void;

/**
 * The new `oldest_at` of a topic that exists, in a statement that adds `excluded.head` events to
 * it.
 */
export const nextOldestAt = `
  case when topics.head / 10000 < (topics.head + excluded.head) / 10000 then '-infinity'
    else coalesce(topics.oldest_at, now()) end`;

/**
 * Takes the next numbers of each topic and stores the events under them. The update of the topics'
 * rows locks them until the commit, in the order of their names, so that two transactions never
 * wait for each other in a circle.
 *
 * All events of a transaction in a topic have one tag: the topic's former tag changed by a random
 * number (by exclusive or, so that the former tag is known from the new one). They are copied
 * together or not at all, so one tag is as good as one for each.
 */
const appendText = `
  with input as (
    select * from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given(topic, type, data, ordinal)),
  heads as (
    insert into topics (id, head, tag, oldest_at) select topic, count(*), $4::int, now() from input group by topic order by topic
    on conflict (id) do update set head = topics.head + excluded.head, tag = topics.tag # excluded.tag, oldest_at = ${nextOldestAt}
    returning id, head, tag),
  placed as (
    select *, row_number() over (partition by topic order by ordinal) as nth from input join heads on heads.id = input.topic)
  insert into events (topic, seq, tag, follows, type, data, occurred_at)
  select topic, head - count(*) over (partition by topic) + nth, tag, case when nth = 1 then tag # $4::int else tag end, type, data::jsonb, clock_timestamp()
  from placed
  order by ordinal
  returning topic, seq::float8 as seq, tag, follows, type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt"`;

/**
 * Changes rows and records events in one transaction, and publishes the events after the commit.
 * There is no other way to publish. The events get their numbers last, so that a busy topic is
 * locked for one statement only. `numbered` may store rows that need the numbers.
 */
export async function transact<Result>(
  { database, publish }: { database: Database; publish: Publish },
  work: (transaction: Transaction, record: RecordEvent) => Promise<Result>,
  numbered?: (transaction: Transaction, events: readonly Event[]) => Promise<void>,
): Promise<Result> {
  const recorded: Recorded[] = [];
  const { result, fresh } = await database.prisma.$transaction(async (transaction) => {
    const result = await work(transaction, (event, facts) => {
      for (const topic of topicsOf(event)) recorded.push({ topic, event, facts });
    });
    const fresh = await append(transaction, recorded);
    await numbered?.(
      transaction,
      fresh.map(({ event }) => event),
    );
    return { result, fresh };
  });
  publish(fresh);
  return result;
}

interface Recorded {
  readonly topic: Topic;
  readonly event: NewEvent;
  readonly facts: Facts | undefined;
}

async function append(transaction: Transaction, recorded: Recorded[]): Promise<FreshEvent[]> {
  if (recorded.length === 0) return [];
  const events = await transaction.$queryRawUnsafe<Event[]>(
    appendText,
    recorded.map(({ topic }) => topic),
    recorded.map(({ event }) => event.type),
    recorded.map(({ event }) => JSON.stringify(event.data)),
    newTag(),
  );
  return events.map((event, index) => ({ event, facts: recorded[index]!.facts }));
}
