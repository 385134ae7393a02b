import type { Database, Transaction } from '../db/database.ts';
import { topicsOf, type NewEvent } from './catalogue.ts';
import type { Event, Facts, FreshEvent, Publish } from './event.ts';
import type { Topic } from './topics.ts';

/** Notes that something happened. The facts may be given, where they are at hand, to spare those who hear of it a read. */
export type RecordEvent = (event: NewEvent, facts?: Facts) => void;

/**
 * Takes the next numbers of each topic and stores the events under them. Updating the topics' rows locks them to the commit, in the
 * order of their names, so that two transactions never wait for each other in a circle.
 */
const appendText = `
  with input as (
    select * from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given(topic, type, data, place)),
  heads as (
    insert into topics (id, head) select topic, count(*) from input group by topic order by topic
    on conflict (id) do update set head = topics.head + excluded.head
    returning id, head)
  insert into events (topic, seq, type, data, occurred_at)
  select topic, head - count(*) over (partition by topic) + row_number() over (partition by topic order by place), type, data::jsonb, clock_timestamp()
  from input join heads on heads.id = input.topic
  order by place
  returning topic, seq::float8 as seq, type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt"`;

/**
 * Changes facts and records what happened in one transaction, and publishes after it is committed. There is no other way to publish.
 * The events get their numbers last, so that a hot topic is locked for one statement only; and for what `numbered` stores with them, if it is given.
 */
export async function transact<Result>(
  { database, publish }: { database: Database; publish: Publish },
  work: (transaction: Transaction, record: RecordEvent) => Promise<Result>,
  numbered?: (transaction: Transaction, events: readonly Event[]) => Promise<void>,
): Promise<Result> {
  const noted: Noted[] = [];
  const { result, fresh } = await database.prisma.$transaction(async (transaction) => {
    const result = await work(transaction, (event, facts) => {
      for (const topic of topicsOf(event)) noted.push({ topic, event, facts });
    });
    const fresh = await append(transaction, noted);
    await numbered?.(
      transaction,
      fresh.map(({ event }) => event),
    );
    return { result, fresh };
  });
  publish(fresh);
  return result;
}

interface Noted {
  readonly topic: Topic;
  readonly event: NewEvent;
  readonly facts: Facts | undefined;
}

async function append(transaction: Transaction, noted: Noted[]): Promise<FreshEvent[]> {
  if (noted.length === 0) return [];
  const events = await transaction.$queryRawUnsafe<Event[]>(
    appendText,
    noted.map(({ topic }) => topic),
    noted.map(({ event }) => event.type),
    noted.map(({ event }) => JSON.stringify(event.data)),
  );
  return events.map((event, place) => ({ event, facts: noted[place]!.facts }));
}
