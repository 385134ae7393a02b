import type { Transaction } from '../db/database.ts';
import type { Topic } from './topics.ts';

/** How much of a topic is kept: of its newest events so many, and those not so old. */
export interface Retention {
  readonly days: number;
  readonly events: number;
}

const topicsAtOnce = 100;
const eventsAtOnce = 2000;

/**
 * Always the oldest of a topic, without a gap: what is left is still what followed some number. The time at which an event happened may
 * be a little before that of its predecessor, so an event goes only with all before it. Found row by row, whatever statistics there are.
 */
const trimText = `
  with page as materialized (
    select id, head from topics where id > $1 order by id limit ${topicsAtOnce}),
  due as materialized (
    select id, head from page cross join lateral (
      select occurred_at < now() - $2::int * interval '1 day' or seq <= head - $3::bigint as is_due from events where topic = page.id order by seq limit 1) as oldest
    where is_due),
  doomed as materialized (
    select found from due cross join lateral (
      select found, bool_and(occurred_at < now() - $2::int * interval '1 day' or seq <= head - $3::bigint) over (order by seq) as is_due
      from (
        select ctid as found, seq, occurred_at from events where topic = due.id
        order by seq limit (select greatest(${eventsAtOnce / topicsAtOnce}, ${eventsAtOnce} / count(*)) from due)) as oldest) as oldest
    where is_due),
  gone as (
    delete from events where ctid = any(array(select found from doomed)) returning 1)
  select (select max(id) from page) as last, (select count(*) from gone)::int as trimmed`;

/**
 * Takes a bite: looks at the topics that follow `after` and deletes at most about 2,000 events that need not be kept. Returns from where to
 * go on; undefined at the end of the topics. Who resumes from before what is left is told by a StreamReset [P3].
 */
export async function trimLog(
  transaction: Transaction,
  after: Topic,
  { days, events }: Retention,
): Promise<{ after: Topic | undefined; trimmed: number }> {
  const [bite] = await transaction.$queryRawUnsafe<{ last: Topic | null; trimmed: number }[]>(
    trimText,
    after,
    days,
    events,
  );
  const { last, trimmed } = bite!;
  return { after: trimmed > 0 ? after : (last ?? undefined), trimmed };
}
