import type { Transaction } from '../db/database.ts';
import { applicationTopic, type Topic } from './topics.ts';

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
 * Deletes the oldest events of a topic, without a gap, so that the rest still follows some number.
 * The time of an event may be a little before that of its predecessor, so an event is deleted only
 * with all events before it. Rows are found one by one, because the planner's statistics may be
 * missing.
 */
const trimText = `
  with page as materialized (
    select id, case when id = '${applicationTopic}' then 0 else head - $3::bigint end as surplus
    from topics where id > $1 order by id limit ${topicsAtOnce}),
  due as materialized (
    select id, surplus from page cross join lateral (
      select occurred_at < now() - $2::int * interval '1 day' or seq <= surplus as is_due from events where topic = page.id order by seq limit 1) as oldest
    where is_due),
  expired as materialized (
    select found from due cross join lateral (
      select found, bool_and(occurred_at < now() - $2::int * interval '1 day' or seq <= surplus) over (order by seq) as is_due
      from (
        select ctid as found, seq, occurred_at from events where topic = due.id
        order by seq limit (select greatest(${eventsAtOnce / topicsAtOnce}, ${eventsAtOnce} / count(*)) from due)) as oldest) as oldest
    where is_due),
  deleted as (
    delete from events where ctid = any(array(select found from expired)) returning 1)
  select (select max(id) from page) as last, (select count(*) from deleted)::int as trimmed`;

/**
 * Trims one batch: looks at the topics that follow `after`, and deletes at most about 2,000 expired
 * events. Returns where to continue, undefined at the end of the topics. A client that resumes
 * before the first kept event receives a StreamReset [P3].
 */
export async function trimLog(
  transaction: Transaction,
  after: Topic,
  { days, events }: Retention,
): Promise<{ after: Topic | undefined; trimmed: number }> {
  const [batch] = await transaction.$queryRawUnsafe<{ last: Topic | null; trimmed: number }[]>(
    trimText,
    after,
    days,
    events,
  );
  const { last, trimmed } = batch!;
  return { after: trimmed > 0 ? after : (last ?? undefined), trimmed };
}
