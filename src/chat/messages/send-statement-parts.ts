import { directTopic } from '../../events/topics.ts';
import { nextOldestAt } from '../../events/transactions.ts';
import { byKind, type Kinds } from '../conversations/kinds.ts';
import {
  comparedFields,
  computedFields,
  insertedFields,
  sentFields,
  shownFields,
  toJson,
} from './message-fields.ts';

// The parts of the statement that stores sends, in their order. Each is one or more common table
// expressions; `ordinal` identifies a send in all of them. Every CTE that is read more than once,
// or whose row locks matter, is materialized, so that it runs exactly once. Parts pass on only what
// later parts need: the columns of a message stay in `sends`.

const columnsOf = (fields: readonly { column: string }[], alias: string) =>
  fields.map(({ column }) => `${alias}.${column}`).join(', ');

/**
 * `sends`: one row for each send. $1 is a JSON array of objects with the columns of a new message,
 * and its ordinal, topic and mentions. A mention is its possible usernames, separated by spaces,
 * with the longest first.
 */
export const sends = `
  sends as materialized (
    select * from json_to_recordset($1::json) as sends (
      ordinal int, topic text, mentions text[], ${sentFields.map(({ column, type }) => `${column} ${type}`).join(', ')}))`;

/** A first body that is no longer stored is compared by its fingerprint, later. */
const isSame = comparedFields
  .map((field) => {
    const equal = `earlier.${field.column} is not distinct from sends.${field.column}`;
    return field.erased === undefined ? equal : `(earlier.fingerprint is not null or ${equal})`;
  })
  .join(' and ');

/**
 * `repeated`: sends whose key already has a message, with that message and its event, if the log
 * still has it. `new_sends`: the others, in the order in which `permitted` locks memberships. Both
 * rely on the snapshot only; the unique index catches a twin that commits later [P6].
 */
export const repeats = `
  repeated as materialized (
    select sends.ordinal, earlier.*, ${isSame} as is_same, logged.tag, logged.follows
    from sends
      cross join lateral (
        select event_seq, fingerprint, ${columnsOf(shownFields, 'messages')} from messages
        where author_id = sends.author_id and conversation_id = sends.conversation_id and idempotency_key = sends.idempotency_key
        limit 1) as earlier
      left join lateral (
        select tag, follows from events where topic = sends.topic and seq = earlier.event_seq limit 1) as logged on true),
  new_sends as materialized (
    select ordinal, topic, id, conversation_id, author_id, reply_to_id, kind, sent_by, attachment_ids from sends
    where ordinal not in (select ordinal from repeated)
    order by conversation_id, author_id)`;

/**
 * Whether the files to attach exist, are complete, belong to the author and are in no other
 * message. Relies on the snapshot only; the key of `message_files` catches another message that
 * commits later. A file that two sends of this statement want is for the first of them.
 */
const hasFiles = `
  case when cardinality(new_sends.attachment_ids) > 0 then (
      select count(*) from unnest(new_sends.attachment_ids) as wanted (id)
        cross join lateral (
          select from files
          where files.id = wanted.id and owner_id = new_sends.author_id and completed_at is not null and expires_at > clock_timestamp()
          limit 1) as file
        left join lateral (
          select true as is_sent from message_files where file_id = wanted.id limit 1) as earlier on true
      where is_sent is null
    ) = cardinality(new_sends.attachment_ids)
    and not exists (
      select from sends where sends.ordinal < new_sends.ordinal and sends.attachment_ids && new_sends.attachment_ids)
  else true end`;

/**
 * `permitted`: new sends of members, with the membership locked until the commit, whether the
 * message to reply to exists, and whether the author may attach the files. Sends of others are
 * missing from here on. The lock is the one that the update in `read_markers` needs: two sends that
 * shared a weaker lock would both have to raise it, and deadlock.
 */
export const permission = `
  permitted as materialized (
    select new_sends.*, membership.*, reply_to_id is null or reply_target.is_found is true as has_reply_target, ${hasFiles} as has_files
    from new_sends
      cross join lateral (
        select role as member_role, muted_until, last_sent_at, notified_seq > last_read_seq as has_unread from members
        where conversation_id = new_sends.conversation_id and user_id = new_sends.author_id
        for no key update) as membership
      left join lateral (
        select true as is_found from messages
        where id = new_sends.reply_to_id and conversation_id = new_sends.conversation_id
        limit 1) as reply_target on true)`;

/**
 * `judged`: permitted sends with the objection to each, or null. Mutes and the time of the last
 * message come from the locked membership. The conversation's slow mode comes from the snapshot: a
 * change takes effect with the next statement. Of several sends in this statement, slow mode
 * accepts the first that has its reply target and files. Services are not slowed, and a mute does
 * not stop system messages.
 */
export const pacing = `
  paced as materialized (
    select permitted.*, customer_id, ceil(1000 * case
        when slow_mode_seconds = 0 or sent_by is not null or member_role <> 'MEMBER' or (select role from users where id = author_id) = 'ADMIN' then 0
        when remaining_seconds > 0 then remaining_seconds
        when row_number() over (partition by conversation_id, author_id, has_reply_target and has_files order by ordinal) > 1 then slow_mode_seconds
      end) as wait_ms
    from permitted cross join lateral (
      select slow_mode_seconds, customer_id,
        case when slow_mode_seconds > 0 then extract(epoch from last_sent_at - clock_timestamp()) + slow_mode_seconds end as remaining_seconds
      from conversations where id = conversation_id limit 1) as conversation),
  judged as materialized (
    select paced.*, case
        when not has_reply_target then 'no-reply-target'
        when not has_files then 'no-attachment'
        when muted_until > clock_timestamp() and kind = 'TEXT' then 'muted'
        when wait_ms > 0 then 'slowed'
      end as objection
    from paced)`;

/**
 * - `counters`: raises the number of each open conversation by its accepted sends, which locks it
 *   until the commit. A customer's message reopens a resolved support conversation; only this row
 *   knows that it was resolved, so `reopened_seq` notes the message that did it.
 * - `accepted`: the sends to those conversations. They share one time, taken after the locks, so
 *   that times have the order of numbers [P1].
 * - `announcements`: the events of each, one row for each topic: the message, and after it the
 *   reopening.
 * - `heads`: raises the number of each topic and changes its tag by $2, which locks it until the
 *   commit. The first event of this statement follows the tag before, the others follow the new tag
 *   [P15].
 * - `numbered_events`: the events with their numbers; `numbered`: the messages with theirs, and
 *   with all other computed columns.
 *
 * Numbers count back from the new end of a row that this statement has locked, so they have no
 * gaps.
 */
export function numbering(kinds: Kinds): string {
  /** The column requires a kind; the row is never stored. */
  const [anyKind] = Object.keys(kinds);
  const otherTopics = byKind(kinds, 'conversations.kind', ({ sql }) => sql.otherTopics);
  const notifiesOfAll = byKind(kinds, 'conversations.kind', ({ notifies }) =>
    notifies.of === 'every message' ? 'true' : 'conversations.has_listeners',
  );
  return `
  counters as (
    insert into conversations (id, kind, last_seq, reopened_seq)
    select conversation_id, '${anyKind}', count(*), max(case when author_id = customer_id and kind = 'TEXT' then 1 end)
    from judged where objection is null
    group by conversation_id order by conversation_id
    on conflict (id) do update set
      last_seq = conversations.last_seq + excluded.last_seq,
      reopened_seq = case when excluded.reopened_seq is not null and conversations.resolved_at is not null
        then conversations.last_seq + 1 else conversations.reopened_seq end,
      resolved_at = case when excluded.reopened_seq is null then conversations.resolved_at end
    where conversations.archived_at is null
    returning id, last_seq, reopened_seq, ${otherTopics} as other_topics, ${notifiesOfAll} as notifies_of_all),
  accepted as materialized (
    select ordinal, topic, judged.id, conversation_id, has_unread, reopened_seq, other_topics, notifies_of_all,
      last_seq - (row_number() over (partition by conversation_id order by ordinal desc) - 1) as seq,
      max(clock_timestamp()) over ()::timestamptz(3) as created_at
    from judged join counters on counters.id = conversation_id
    where objection is null),
  announcements as materialized (
    select accepted.*, hidden_from_id, events.topic as event_topic, type,
      row_number() over newest_first - 1 as events_after,
      lead(ordinal) over newest_first is null as is_first
    from accepted join (select ordinal, hidden_from_id from sends) as hidden using (ordinal) cross join lateral (
      select unnest(array_remove(topic || other_topics, '${directTopic('')}' || hidden_from_id)), 'MessageSent'
      union all
      select unnest(topic || other_topics), 'SupportUpdated' where reopened_seq = seq) as events (topic, type)
    window newest_first as (partition by events.topic order by ordinal desc, type desc)),
  heads as (
    insert into topics (id, head, tag, oldest_at)
    select event_topic, count(*), $2::int, now() from announcements group by event_topic order by event_topic
    on conflict (id) do update set head = topics.head + excluded.head, tag = topics.tag # excluded.tag, oldest_at = ${nextOldestAt}
    returning id as event_topic, head, tag),
  numbered_events as materialized (
    select announcements.*, head - events_after as event_seq, tag, case when is_first then tag # $2::int else tag end as follows
    from announcements join heads using (event_topic)),
  numbered as materialized (
    select sends.*, seq, created_at, has_unread, other_topics, notifies_of_all, event_seq, tag, follows,
      array(
        select id from (
          select distinct on (nth) nth, mentioned.id
          from unnest(mentions) with ordinality as mention (names, nth)
            cross join lateral unnest(string_to_array(names, ' ')) with ordinality as reading (username, rank)
            cross join lateral (select id from users where username = reading.username limit 1) as mentioned
          order by nth, rank) as found
        group by id order by min(nth)) as mentioned_user_ids
    from numbered_events join sends using (ordinal)
    where event_topic = sends.topic and numbered_events.type = 'MessageSent')`;
}

/**
 * Of a row of `numbered`. A system message notifies nobody, and its author has not read anything.
 */
const isFollowedUp = `numbered.kind = 'TEXT' and (numbered.notifies_of_all is true or numbered.has_unread or numbered.reply_to_id is not null
  or cardinality(numbered.mentioned_user_ids) > 0)`;

const insertedColumns = insertedFields.map(({ column }) => column).join(', ');

/**
 * Stores messages with their files, events and follow-ups, and moves each author's read marker.
 * Relies on `numbered`, and on the locked memberships, which `read_markers` updates.
 */
export const writing = `
  written as (
    insert into messages (${insertedColumns}) select ${insertedColumns} from numbered),
  attached as (
    insert into message_files (file_id, message_id) select unnest(attachment_ids), id from numbered),
  logged as (
    insert into events (topic, seq, tag, follows, type, data, occurred_at)
    select event_topic, event_seq, tag, follows, type,
      case
        when other_topics is null then jsonb_build_object('conversationId', conversation_id, 'messageId', id)
        when type = 'MessageSent' then jsonb_strip_nulls(jsonb_build_object('conversationId', conversation_id, 'otherTopics', other_topics, 'messageId', id, 'hiddenFrom', hidden_from_id))
        else jsonb_build_object('conversationId', conversation_id, 'otherTopics', other_topics)
      end,
      created_at
    from numbered_events),
  listed as (
    insert into listed_conversations (topic, conversation_id, event_seq)
    select event_topic, conversation_id, max(event_seq) from numbered_events
    where type = 'MessageSent' and event_topic <> topic
    group by event_topic, conversation_id order by event_topic, conversation_id
    on conflict (topic, conversation_id) do update set event_seq = excluded.event_seq),
  follow_ups_written as (
    insert into follow_ups (message_id) select id from numbered where ${isFollowedUp}),
  read_markers as (
    insert into members (conversation_id, user_id, last_read_seq, last_sent_at)
    select conversation_id, author_id, max(seq), max(created_at) from numbered where kind = 'TEXT' group by conversation_id, author_id
    on conflict (conversation_id, user_id) do update set last_read_seq = excluded.last_read_seq, last_sent_at = excluded.last_sent_at)`;

const ownEvent = (alias: string) =>
  `json_build_object('topic', sends.topic, 'type', 'MessageSent', 'seq', ${alias}.event_seq, 'tag', ${alias}.tag, 'follows', ${alias}.follows)`;

/**
 * One row for each send, in their order, as SendOutcome describes it. A send in none of the parts
 * has no open conversation.
 */
export const answer = `
  select
    case
      when numbered.ordinal is not null or repeated.is_same then 'stored'
      when repeated.ordinal is not null then 'conflict'
      else coalesce(judged.objection, 'closed')
    end as outcome,
    case judged.objection when 'muted' then (extract(epoch from judged.muted_until) * 1000)::float8 end as "mutedUntil",
    case judged.objection when 'slowed' then judged.wait_ms::float8 end as "waitMs",
    case
      when numbered.ordinal is not null then ${toJson('numbered', computedFields)}
      when repeated.is_same then ${toJson('repeated', shownFields)}
    end as message,
    repeated.fingerprint,
    (select json_build_object('id', id, 'username', username, 'displayName', display_name, 'avatarUrl', avatar_url, 'role', role,
        'isGuest', is_guest, 'isBot', is_bot, 'createdAt', extract(epoch from created_at) * 1000)
      from users where users.id = sends.author_id) as author,
    (${isFollowedUp}) is true as "isFollowedUp",
    to_json(numbered.other_topics) as "otherTopics",
    case
      when repeated.tag is not null then json_build_array(${ownEvent('repeated')})
      when numbered.other_topics is not null then (
        select json_agg(json_build_object('topic', event_topic, 'type', type, 'seq', event_seq, 'tag', tag, 'follows', follows))
        from numbered_events where numbered_events.ordinal = sends.ordinal)
      when numbered.ordinal is not null then json_build_array(${ownEvent('numbered')})
    end as events
  from sends
    left join repeated using (ordinal)
    left join judged using (ordinal)
    left join numbered using (ordinal)
  order by ordinal`;
