import type { Transaction } from '../db/database.ts';
import { applicationTopic } from './topics.ts';

/**
 * How much of a topic is kept: at most its newest `events`, and none older than `days`. The number
 * does not apply to the topic of the application, which has the events of all conversations.
 */
export interface Retention {
  readonly days: number;
  readonly events: number;
}

const topicsAtOnce = 100;
const eventsAtOnce = 2000;

/**
 * Deletes the oldest events of topics that are due, without a gap, so that the rest still follows
 * some number. The time of an event may be a little before that of its predecessor, so an event is
 * deleted only with all events before it. Rows are found one by one, because the planner's
 * statistics may be missing. A topic that is locked is left for the next batch: waiting for it
 * could be part of a deadlock, because topics are locked here in another order.
 */
const trimText = `
  with page as materialized (
    select id, case when id = '${applicationTopic}' then 0 else head - $2::bigint end as surplus
    from topics where oldest_at < now() - $1::int * interval '1 day'
    order by oldest_at limit ${topicsAtOnce} for no key update skip locked),
  due as materialized (
    select id, surplus from page cross join lateral (
      select occurred_at < now() - $1::int * interval '1 day' or seq <= surplus as is_due from events where topic = page.id order by seq limit 1) as oldest
    where is_due),
  expired as materialized (
    select id, found, seq from due cross join lateral (
      select found, seq, bool_and(occurred_at < now() - $1::int * interval '1 day' or seq <= surplus) over (order by seq) as is_due
      from (
        select ctid as found, seq, occurred_at from events where topic = due.id
        order by seq limit (select greatest(${eventsAtOnce / topicsAtOnce}, ${eventsAtOnce} / count(*)) from due)) as oldest) as oldest
    where is_due),
  deleted as (
    delete from events where ctid = any(array(select found from expired)) returning 1),
  looked_at as (
    update topics set oldest_at = (
      select case when seq <= page.surplus then '-infinity' else occurred_at end from events
      where topic = page.id and seq > coalesce((select max(seq) from expired where expired.id = page.id), 0)
      order by seq limit 1)
    from page where topics.id = page.id returning 1)
  select (select count(*) from looked_at)::int as topics, (select count(*) from deleted)::int as trimmed`;

/**
 * Trims one batch: looks at the topics that are due, and deletes at most about 2,000 events. Its
 * cost depends on what is due, not on the number of topics. Returns the number of topics that it
 * looked at; 0 when none is due. A client that resumes before the first kept event receives a
 * StreamReset [P3].
 */
export async function trimLog(
  transaction: Transaction,
  { days, events }: Retention,
): Promise<{ topics: number; trimmed: number }> {
  const [batch] = await transaction.$queryRawUnsafe<{ topics: number; trimmed: number }[]>(
    trimText,
    days,
    events,
  );
  return batch!;
}
