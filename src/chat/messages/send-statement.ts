import type { Place } from '../../events/catalogue.ts';
import type { Event } from '../../events/event.ts';
import { conversationTopic } from '../../events/topics.ts';
import { newTag } from '../../events/transactions.ts';
import { byKind, hasOtherTopics, type Kinds } from '../conversations/kinds.ts';
import type { UserRow } from '../people/users.ts';

/** One send, as the statement takes it. */
export interface StatementSend {
  /** Of the message, where it is not stored yet. */
  readonly id: string;
  readonly conversationId: string;
  readonly authorId: string;
  readonly body: string;
  readonly replyToId: string | null;
  readonly idempotencyKey: string;
  /** Usernames. */
  readonly mentions: readonly string[];
}

/** What the statement says of one send, in the order they were given. */
export interface SendOutcome {
  /**
   * `stored`: here it is, now or since an earlier try. `conflict`: the key belongs to another message. `closed`: the author has no open
   * conversation of this id. `no-reply-target`: there is no such message in the conversation to reply to. `muted`, `slowed`: not yet.
   */
  readonly outcome: 'stored' | 'conflict' | 'closed' | 'no-reply-target' | 'muted' | 'slowed';
  /** Until when the author is muted, in ms since 1970; null unless `muted`. */
  readonly mutedUntil: number | null;
  /** How many ms slow mode makes the author wait; null unless `slowed`. */
  readonly waitMs: number | null;
  /** The message, which is not the given one when that repeats an earlier send; null unless `stored`. */
  readonly stored: {
    readonly id: string;
    readonly seq: number;
    /** The number of its event; its tag and that of the event before, left out of a message that is there since an earlier send. */
    readonly eventSeq: number;
    readonly tag?: number;
    readonly follows?: number;
    /** Milliseconds since 1970. */
    readonly createdAt: number;
    readonly mentionedUserIds: string[];
    /** Of a message that is there since an earlier send, as it is now; left out of a new one. */
    readonly now?: {
      readonly body: string | null;
      /** Milliseconds since 1970. */
      readonly editedAt: number | null;
      readonly deletedAt: number | null;
      /** Of the body that was sent, where that is no longer there. Whether this send repeats it is then still to be seen. */
      readonly fingerprint: string | null;
    };
  } | null;
  readonly author: UserRow | null;
  /** Whether somebody may have to be notified of it, or has read what they were notified of by writing it: see notifications/follow-ups.ts. */
  readonly isFollowedUp: boolean;
  /** Where else it is heard than in the conversation's topic; not there for a message in a room. */
  readonly elsewhere?: {
    /** Of the place of the conversation what makes it one that is heard elsewhere. */
    readonly place: Omit<Place, 'conversationId'>;
    /** Events of the message, and of a support conversation that it opened again, which are also in the conversation's topic. */
    readonly events: readonly (Pick<Event, 'topic' | 'seq' | 'tag' | 'follows'> & {
      readonly type: 'MessageSent' | 'SupportUpdated';
    })[];
  } | null;
}

/**
 * Stores any number of sends to any number of conversations in one round trip, each with an outcome of its own.
 *
 * All of it sees the database as it was when it began; only what it locks is read anew. So what decides is what it locks: the authors'
 * memberships, so that a removal that commits first wins, then the conversations, whose numbers are dense because the lock is held to
 * the commit, then the topics. Within each they are taken in the order of their ids, and everything that changes conversations takes
 * them in this order, so that no two wait for each other in a circle. The membership is locked for the update that follows: a lock
 * shared with another send of the author would have to be raised, and each would wait for the other.
 *
 * A send whose twin of the same key commits after this began is not seen and breaks the unique index: try again.
 *
 * Rows that are there for certain are changed by "insert … on conflict", which takes them one by one in the order given, in their newest
 * version; what is inserted is never stored. For that, and by looking up each row by itself ("lateral … limit 1"), every table is read by
 * its index whatever statistics there are, and there are none embedded. The arrays come out of "columns" so that one plan serves all sizes.
 *
 * There are two of it. Sends to conversations that have no other topics, the rooms, are most: their statement does without what the other
 * kinds need, as each part of a plan has its price. Messages of the other kinds have an event in each topic of the place, and where a customer's message opens a support
 * conversation again, a SupportUpdated behind it in the same topics. That they were resolved is only known where the row is changed, which
 * therefore notes the number of the message that did it.
 */
function statementOf(name: string, kinds: Kinds, reach: 'own topic' | 'other topics') {
  const all = (text: string) => (reach === 'other topics' ? text : '');
  const rooms = (text: string) => (reach === 'own topic' ? text : '');
  /** For a row that is never stored. */
  const [someKind] = Object.keys(kinds);
  const otherTopics = byKind(kinds, 'conversations.kind', ({ sql }) => sql.otherTopics);
  const isListed = byKind(kinds, 'conversations.kind', ({ otherTopics }) =>
    otherTopics ? 'true' : undefined,
  );
  const notifiesOfAll = byKind(kinds, 'conversations.kind', ({ notifies }) =>
    notifies.of === 'every message' ? 'true' : undefined,
  );
  const follows = 'case when is_first then heads.tag # $9::int else heads.tag end';
  return {
    name,
    text: `
  with columns as materialized (
    select $1::uuid[] as ids, $2::uuid[] as conversations, $3::uuid[] as authors, $4::text[] as topics,
      $5::text[] as bodies, $6::uuid[] as replies, $7::text[] as keys, $8::text[] as mentioned),
  given as materialized (
    select sends.* from columns, unnest(ids, conversations, authors, topics, bodies, replies, keys, mentioned)
      with ordinality as sends(id, conversation_id, author_id, topic, body, reply_to_id, idempotency_key, mentions, place)),
  earlier as materialized (
    select place, stored.*, (fingerprint is not null or stored.body is not distinct from given.body) and stored.reply_to_id is not distinct from given.reply_to_id as same
    from given cross join lateral (
      select messages.id, seq, event_seq, body, created_at, reply_to_id, mentioned_user_ids, edited_at, deleted_at, fingerprint from messages
      where author_id = given.author_id and conversation_id = given.conversation_id and idempotency_key = given.idempotency_key limit 1) as stored),
  fresh as materialized (
    select * from given where place not in (select place from earlier) order by conversation_id, author_id),
  permitted as materialized (
    select fresh.*, membership.*, reply_to_id is null or exists_target is true as has_target
    from fresh
      cross join lateral (
        select role, muted_until, last_sent_at, notified_seq > last_read_seq as has_unread from members where conversation_id = fresh.conversation_id and user_id = fresh.author_id
        for no key update) as membership
      left join lateral (select true as exists_target from messages where id = fresh.reply_to_id and conversation_id = fresh.conversation_id limit 1) as target on true),
  judged as materialized (
    select paced.*, case
        when not has_target then 'no-reply-target'
        when muted_until > clock_timestamp() then 'muted'
        when wait_ms > 0 then 'slowed'
      end as objection
    from (
      select permitted.*, ${all('customer_id, ')}ceil(1000 * case
          when slow_mode_seconds = 0 or role <> 'MEMBER' or (select role from users where id = author_id) = 'ADMIN' then 0
          when remaining > 0 then remaining
          when row_number() over (partition by conversation_id, author_id, has_target order by place) > 1 then slow_mode_seconds
        end) as wait_ms
      from permitted cross join lateral (
        select slow_mode_seconds, ${all('customer_id, ')}case when slow_mode_seconds > 0 then extract(epoch from last_sent_at - clock_timestamp()) + slow_mode_seconds end as remaining
        from conversations where id = conversation_id limit 1) as room) as paced),
  advanced as (
    insert into conversations (id, kind, last_seq${all(', reopened_seq')})
    select conversation_id, '${someKind}', count(*)${all(', max(case when author_id = customer_id then 1 end)')} from judged where objection is null group by conversation_id order by conversation_id
    on conflict (id) do update set last_seq = conversations.last_seq + excluded.last_seq${all(`,
      last_message_at = case when ${isListed} then clock_timestamp() end,
      reopened_seq = case when excluded.reopened_seq is not null and conversations.resolved_at is not null then conversations.last_seq + 1 else conversations.reopened_seq end,
      resolved_at = case when excluded.reopened_seq is null then conversations.resolved_at end`)}
    where conversations.archived_at is null
    returning id, last_seq${all(`, reopened_seq, ${otherTopics} as other_topics, ${notifiesOfAll} as notifies_of_all`)}),
  accepted as materialized (
    select judged.*, last_seq, ${all('reopened_seq, other_topics, notifies_of_all, ')}max(clock_timestamp()) over ()::timestamptz(3) as created_at,
      row_number() over newest_first - 1 as followed_by, lead(place) over newest_first is null as is_first
    from judged join advanced on advanced.id = conversation_id
    where objection is null window newest_first as (partition by conversation_id order by place desc)),
  ${all(`heard as materialized (
    select place, events.topic, type, row_number() over newest_first - 1 as followed_by, lead(place) over newest_first is null as is_first
    from accepted cross join lateral (
      select unnest(topic || other_topics), 'MessageSent'
      union all
      select unnest(topic || other_topics), 'SupportUpdated' where reopened_seq = last_seq - followed_by) as events(topic, type)
    where other_topics is not null window newest_first as (partition by events.topic order by place desc, type desc)),`)}
  heads as (
    insert into topics (id, head, tag)
    select topic, count(*), $9::int from ${rooms('accepted')}${all('(select topic from accepted where other_topics is null union all select topic from heard) as told')} group by topic order by topic
    on conflict (id) do update set head = topics.head + excluded.head, tag = topics.tag # excluded.tag
    returning id, head, tag),
  ${all(`told as materialized (
    select heard.place, heard.topic, type, head - followed_by as seq, tag, ${follows} as follows from heard join heads on heads.id = heard.topic),`)}
  numbered as materialized (
    select placed.*, ${all('notifies_of_all or ')}has_unread or cardinality(mentioned_user_ids) > 0 as is_followed_up from (
    select accepted.*, last_seq - followed_by as seq,
      heads.tag, ${rooms(`head - followed_by as event_seq, ${follows} as follows,`)}${all(`
      coalesce(told.seq, head - followed_by) as event_seq, coalesce(told.follows, ${follows}) as follows,
      case when other_topics is not null then jsonb_build_object('otherTopics', other_topics) end as around,`)}
      array(
        select mentioned.id from unnest(string_to_array(mentions, ' ')) with ordinality as mention(username, nth)
          cross join lateral (select id from users where username = mention.username limit 1) as mentioned
        order by nth) as mentioned_user_ids
    from accepted join heads on heads.id = accepted.topic ${all("left join told on told.place = accepted.place and told.topic = accepted.topic and told.type = 'MessageSent'")}) as placed),
  written as (
    insert into messages (id, conversation_id, seq, event_seq, author_id, body, created_at, reply_to_id, mentioned_user_ids, idempotency_key)
    select id, conversation_id, seq, event_seq, author_id, body, created_at, reply_to_id, mentioned_user_ids, idempotency_key from numbered),
  logged as (
    insert into events (topic, seq, tag, follows, type, data, occurred_at)
    select topic, event_seq, tag, follows, 'MessageSent', jsonb_build_object('conversationId', conversation_id, 'messageId', id), created_at from numbered
    ${all(`where other_topics is null
    union all
    select told.topic, told.seq, told.tag, told.follows, type, around || jsonb_build_object('conversationId', conversation_id)
      || case type when 'MessageSent' then jsonb_build_object('messageId', id) else '{}' end, created_at from told join numbered using (place)`)}),
  followed_up as (
    insert into follow_ups (message_id) select id from numbered where is_followed_up),
  read as (
    insert into members (conversation_id, user_id, last_read_seq, last_sent_at)
    select conversation_id, author_id, max(seq), max(created_at) from numbered group by conversation_id, author_id
    on conflict (conversation_id, user_id) do update set last_read_seq = excluded.last_read_seq, last_sent_at = excluded.last_sent_at)
  select
    case
      when numbered.place is not null or earlier.same then 'stored'
      when earlier.place is not null then 'conflict'
      else coalesce(judged.objection, 'closed')
    end as outcome,
    case when judged.objection = 'muted' then (extract(epoch from judged.muted_until) * 1000)::float8 end as "mutedUntil",
    case when judged.objection = 'slowed' then judged.wait_ms::float8 end as "waitMs",
    case when numbered.place is not null
      then json_build_object('id', numbered.id, 'seq', numbered.seq, 'eventSeq', numbered.event_seq, 'tag', numbered.tag, 'follows', numbered.follows,
        'createdAt', extract(epoch from numbered.created_at) * 1000, 'mentionedUserIds', numbered.mentioned_user_ids)
      when earlier.same
      then json_build_object('id', earlier.id, 'seq', earlier.seq, 'eventSeq', earlier.event_seq,
        'createdAt', extract(epoch from earlier.created_at) * 1000, 'mentionedUserIds', earlier.mentioned_user_ids,
        'now', json_build_object('body', earlier.body, 'editedAt', extract(epoch from earlier.edited_at) * 1000,
          'deletedAt', extract(epoch from earlier.deleted_at) * 1000, 'fingerprint', earlier.fingerprint))
    end as stored,
    (select json_build_object('id', id, 'username', username, 'displayName', display_name, 'avatarUrl', avatar_url, 'role', role,
        'isGuest', is_guest, 'createdAt', created_at)
      from users where users.id = given.author_id) as author,
    numbered.is_followed_up is true as "isFollowedUp"
    ${all(`, case when numbered.other_topics is not null then json_build_object('place', numbered.around, 'events', (
        select json_agg(json_build_object('type', type, 'topic', topic, 'seq', seq, 'tag', tag, 'follows', follows)) from told
        where told.place = given.place and (told.topic <> given.topic or type <> 'MessageSent'))) end as elsewhere`)}
  from given
    left join earlier using (place)
    left join judged using (place)
    left join numbered using (place)
  order by place`,
  };
}

/** The statements for sends to these kinds of conversation, and which of them stores given sends. */
export function createSendStatements(kinds: Kinds) {
  const toOwnTopic = statementOf('send-to-rooms', kinds, 'own topic');
  const toOtherTopics = statementOf('send-messages', kinds, 'other topics');
  return {
    toOwnTopic,
    toOtherTopics,
    statementFor: (sends: readonly StatementSend[]) =>
      sends.some(({ conversationId }) => hasOtherTopics(conversationId))
        ? toOtherTopics
        : toOwnTopic,
  };
}

/** Its values: not two sends of one author to one conversation with the same key. */
export const sendValues = (sends: readonly StatementSend[]): unknown[] => [
  sends.map(({ id }) => id),
  sends.map(({ conversationId }) => conversationId),
  sends.map(({ authorId }) => authorId),
  sends.map(({ conversationId }) => conversationTopic(conversationId)),
  sends.map(({ body }) => body),
  sends.map(({ replyToId }) => replyToId),
  sends.map(({ idempotencyKey }) => idempotencyKey),
  sends.map(({ mentions }) => mentions.join(' ')),
  newTag(),
];
