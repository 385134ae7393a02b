import type { Statement } from '../db/statements.ts';
import type { Event, Position } from './event.ts';
import { newTag } from './transactions.ts';
import { applicationTopic, isSequencedTopic, type Topic } from './topics.ts';

/** The events that one statement copies at most, or a few of each topic if there are many. */
const copiesAtOnce = 1000;

/** An event in the topic of the application, and where it came from. */
export type SequencedEvent = Event & {
  readonly source: Topic;
  readonly sourceSeq: number;
  readonly sourceTag: number;
  /** Whether the source has more events that are to follow. */
  readonly hasMore: boolean;
};

/**
 * Topics with events that the topic of the application lacks: the next ones after $1, in the order
 * of their names.
 */
export const behindStatement: Statement = {
  name: 'sequence-behind',
  text: `select id from topics left join sequenced_topics on topic = id
         where id > $1 and ${isSequencedTopic('id')} and head > coalesce(seq, 0)
         order by id limit 1000`,
};

/** Begins the order with what is stored from now on. Does nothing if it has begun. */
export const beginStatement: Statement = {
  name: 'sequence-begin',
  text: `with begun as (
           insert into topics (id) values ('${applicationTopic}') on conflict do nothing returning id)
         insert into sequenced_topics (topic, seq)
         select topics.id, head from topics cross join begun where ${isSequencedTopic('topics.id')}
         on conflict (topic) do nothing`,
};

/** The event in place of events that are no longer stored. */
const lost = `select 'StreamReset' as type, '{"reason":"LOG_TRIMMED"}'::jsonb as data, clock_timestamp() as occurred_at`;

/**
 * Continues with what is stored from now on, after a StreamReset. The parameters are those of
 * `sequenceStatement` without the first.
 */
export const skipStatement: Statement = {
  name: 'sequence-skip',
  text: `with head as (
           update topics set head = head + 1, tag = tag # $3::int, oldest_at = coalesce(oldest_at, now())
           where id = '${applicationTopic}' and head = $1 and tag = $2 returning head, tag),
         moved as (
           insert into sequenced_topics (topic, seq)
           select id, topics.head from topics cross join head where ${isSequencedTopic('id')} order by id
           on conflict (topic) do update set seq = excluded.seq)
         insert into events (topic, seq, tag, follows, type, data, occurred_at)
         select '${applicationTopic}', head, tag, $2, lost.* from head cross join (${lost}) as lost`,
};

/**
 * Copies the next events of the topics $1 into the topic of the application. It stores nothing
 * unless the head of that topic is still at the number $2 with the tag $3. $4 changes the tag.
 *
 * - `behind`: the topics that have more events than were copied.
 * - `found`: the next events of each.
 * - `ends`: how far each has been copied afterwards, and whether events were trimmed before they
 *   were copied.
 * - `placed`: the events in their order. Times place topics among each other; within a topic the
 *   numbers decide, because a time may be a little before that of its predecessor.
 * - `head`: compares and raises the head. Of two statements at the same time, one waits here and
 *   then finds another head, so it does nothing, although its snapshot is outdated.
 */
export const sequenceStatement: Statement = {
  name: 'sequence-events',
  text: `
  with behind as materialized (
    select topics.id, topics.head, coalesce(sequenced.seq, 0) as seq
    from unnest($1::text[]) as given (id)
      cross join lateral (select id, head from topics where topics.id = given.id limit 1) as topics
      left join lateral (select seq from sequenced_topics where topic = given.id limit 1) as sequenced on true
    where topics.head > coalesce(sequenced.seq, 0)),
  found as materialized (
    select behind.id as source, event.* from behind cross join lateral (
      select seq, tag, type, data, occurred_at from events where topic = behind.id and events.seq > behind.seq
      order by events.seq limit (select greatest(10, ${copiesAtOnce} / count(*)) from behind)) as event),
  ends as materialized (
    select id as source, coalesce(max(found.seq), head) as seq, min(found.seq) is distinct from behind.seq + 1 as has_gap,
      coalesce(max(found.seq), head) < head as has_more
    from behind left join found on source = id group by id, head, behind.seq),
  placed as materialized (
    select *, row_number() over (order by placed_at, source, source_seq) as nth from (
      select lost.*, '' as source, 0::bigint as source_seq, 0 as source_tag, false as has_more, '-infinity'::timestamptz as placed_at
      from (${lost}) as lost where exists (select from ends where has_gap)
      union all
      select type, data, occurred_at, source, found.seq, tag, has_more, max(occurred_at) over (partition by source order by found.seq)
      from found join ends using (source)) as events),
  head as (
    update topics set head = head + (select count(*) from placed), tag = tag # $4::int, oldest_at = coalesce(oldest_at, now())
    where id = '${applicationTopic}' and head = $2::bigint and tag = $3::int and exists (select from placed)
    returning tag),
  moved as (
    insert into sequenced_topics (topic, seq) select source, seq from ends cross join head order by source
    on conflict (topic) do update set seq = excluded.seq),
  stored as (
    insert into events (topic, seq, tag, follows, type, data, occurred_at)
    select '${applicationTopic}', $2::bigint + nth, tag, case when nth = 1 then $3::int else tag end, type, data, occurred_at
    from placed cross join head)
  select '${applicationTopic}' as topic, ($2::bigint + nth)::float8 as seq, tag, case when nth = 1 then $3::int else tag end as follows,
    type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt",
    source, source_seq::float8 as "sourceSeq", source_tag as "sourceTag", has_more as "hasMore"
  from placed cross join head
  order by nth`,
};

export const sequenceParameters = (topics: readonly Topic[], head: Position) => [
  topics,
  ...skipParameters(head),
];

export const skipParameters = ({ seq, tag }: Position) => [seq, tag, newTag()];
