import type pg from 'pg';

/** How many rows of each kind a large database has. */
export interface Size {
  readonly users: number;
  readonly rooms: number;
  readonly conversations: number;
  readonly messages: number;
}

/**
 * An expression for the id of a row: an md5 sum, so that any row can name any other. Conversations
 * whose id is made of the ids of their users have version 5.
 */
const idOf = (kind: string, number: string) =>
  `overlay(md5('${kind} ' || ${number}) placing '${/direct|support/.test(kind) ? 5 : 4}' from 13 for 1)::uuid`;

/**
 * Fills an empty, migrated database by SQL. Indexes are dropped and built again, which takes half
 * of the time, and triggers do not run. Statistics are left as they are: nothing was analyzed.
 *
 * Users share rooms, direct and support conversations. Half of all messages are in the first room,
 * the others in one room after the other. Every message has the word `common`, one of a thousand
 * has `rare`. One of ten support conversations is open, and every seventh room is private.
 */
export async function fill(
  client: pg.Client,
  { users, rooms, conversations, messages }: Size,
): Promise<void> {
  const run = (text: string) => client.query(text);
  await run('begin');
  await run('set local session_replication_role = replica');
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index join pg_class on pg_class.oid = indrelid
     where relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
  for (const { name } of indexes) await run(`drop index ${name}`);

  const numbers = (count: number) => `generate_series(1, ${count}) as n`;
  await run(
    `insert into users (id, username, display_name, role, is_guest, last_seen_at)
     select ${idOf('user', 'n')}, 'user' || n, 'Person ' || n, 'USER', false, now() from ${numbers(users)}`,
  );
  await run(
    `insert into users (id, username, display_name, is_guest, last_seen_at)
     select ${idOf('guest', 'n')}, 'guest-' || n, 'Guest ' || n, true, now() from ${numbers(users / 10)}`,
  );
  await run(
    `insert into conversations (id, kind, name, name_key, topic, visibility, creator_id, metadata)
     select ${idOf('room', 'n')}, 'ROOM', 'Room ' || n, 'room ' || n, 'About ' || n, case when n % 7 = 0 then 'PRIVATE' else 'PUBLIC' end::"Visibility", ${idOf('user', `1 + n % ${users}`)}, jsonb_build_object('orderId', n::text, 'shop', 'one', 'courier', n % 25)
     from ${numbers(rooms)}`,
  );
  await run(
    `insert into conversations (id, kind, lesser_user_id, greater_user_id)
     select ${idOf('direct', 'n')}, 'DIRECT', least(one, other), greatest(one, other) from (select n, ${idOf('user', `1 + n % ${users}`)} as one, ${idOf('user', `1 + (n + 1 + n / ${users}) % ${users}`)} as other from ${numbers(conversations)}) as pair`,
  );
  await run(
    `insert into conversations (id, kind, customer_id, resolved_at, last_seq)
     select ${idOf('support', 'n')}, 'SUPPORT', ${idOf('user', 'n')}, case when n % 10 > 0 then now() end, 1 from ${numbers(Math.min(users, conversations))}`,
  );
  await run(
    `insert into members (conversation_id, user_id, role)
     select ${idOf('room', 'n')}, ${idOf('user', `1 + (n + k * 17) % ${users}`)}, case when k = 0 then 'OWNER' else 'MEMBER' end::"MemberRole"
     from ${numbers(rooms)} cross join generate_series(0, 1) as k
     union all
     select ${idOf('room', '1')}, ${idOf('user', 'n')}, 'MEMBER' from ${numbers(users)} where n not in (2, 19)`,
  );
  await run('insert into member_counts select conversation_id, count(*) from members group by 1');
  await run(
    `insert into listed_conversations (topic, conversation_id, event_seq, is_resolved)
     select 'support', id, row_number() over (order by id), resolved_at is not null from conversations where kind = 'SUPPORT'`,
  );
  await run(
    `insert into messages (id, conversation_id, seq, event_seq, author_id, body, words, created_at, idempotency_key)
     select ${idOf('message', 'n')}, room, row_number() over (partition by room order by n), n, author,
       'common ' || n, ('''common'':1 ''' || n || ''':2' || case when n % 1000 = 0 then ' ''rare'':3' else '' end)::tsvector,
       now() - (${messages} - n) * interval '1 second', n::text
     from (select n, ${idOf('room', `case when n % 2 = 0 then 1 else 2 + n % ${rooms - 1} end`)} as room, ${idOf('user', `1 + n % ${users}`)} as author from ${numbers(messages)}) as message`,
  );
  await run(
    `update conversations set last_seq = newest from (select conversation_id, max(seq) as newest from messages group by 1) as written
     where id = conversation_id`,
  );
  await run(`update messages set event_seq = seq`);
  await run(
    `insert into events (topic, seq, type, data)
     select 'conversation:' || conversation_id, seq, 'MessageSent', jsonb_build_object('conversationId', conversation_id, 'messageId', messages.id)
     from messages join conversations on conversations.id = conversation_id where seq > last_seq - 3`,
  );
  await run(
    `insert into topics (id, head, oldest_at) select topic, max(seq), now() from events group by topic
     union all select topic, max(event_seq), now() from listed_conversations group by topic`,
  );
  await fillTheRest(run, users);
  for (const { definition } of indexes) await run(definition);
  await run('commit');
}

/** Tables that grow with use: ten thousand rows each, or more if a message can have several. */
async function fillTheRest(run: (text: string) => Promise<unknown>, users: number): Promise<void> {
  const numbers = 'generate_series(1, 10000) as n';
  const manyNumbers = 'generate_series(1, 60000) as n';
  const user = idOf('user', `1 + n % ${users}`);
  const message = idOf('message', 'n');
  const room = idOf('room', 'n');
  for (const text of [
    `insert into sessions (id, user_id) select ${idOf('session', 'n')}, ${user} from ${numbers}`,
    `insert into refresh_tokens (hash, session_id, expires_at) select 'hash ' || n, ${idOf('session', 'n')}, now() + interval '1 day' from ${numbers}`,
    `insert into reactions (message_id, emoji, user_id) select ${message}, '👍', ${user} from ${manyNumbers}`,
    `insert into restrictions (conversation_id, user_id, banned_at) select ${room}, ${user}, now() from ${numbers}`,
    `insert into moderation_entries (id, conversation_id, action, moderator_id, user_id) select gen_random_uuid(), ${room}, 'ban', ${user}, ${user} from ${numbers}`,
    `insert into reports (id, conversation_id, message_id, reporter_id, reason, resolved_at)
     select gen_random_uuid(), conversation_id, id, author_id, 'spam', case when seq % 10 > 0 then now() end from messages limit 10000`,
    `insert into notification_contents (id, type, data) select ${idOf('content', 'n')}, 'news', '{}' from ${numbers}`,
    `insert into notifications (id, user_id, content_id, event_seq, created_at) select gen_random_uuid(), ${user}, ${idOf('content', 'n')}, n, now() from ${numbers}`,
    `insert into blocks (blocker_id, blocked_id) select ${user}, ${idOf('user', `1 + (n + 7) % ${users}`)} from ${numbers}`,
    `insert into imported_ranges (conversation_id, from_seq, to_seq) select ${idOf('room', '2 + n')}, 1, 1 from ${numbers}`,
    `insert into invitations (id, conversation_id, user_id, invited_by_id) select gen_random_uuid(), ${room}, ${user}, ${user} from ${numbers}`,
    `insert into invite_links (id, conversation_id, created_by_id, code) select gen_random_uuid(), ${room}, ${user}, 'code ' || n from ${numbers}`,
    `insert into user_reports (id, user_id, reporter_id, reason) select gen_random_uuid(), ${user}, ${user}, 'spam' from ${numbers}`,
    `insert into push_subscriptions (id, user_id, session_id, endpoint, service, p256dh, auth, language) select gen_random_uuid(), ${user}, ${idOf('session', 'n')}, 'https://push.example/' || n, 'https://push.example', 'key', 'secret', 'en' from ${numbers}`,
    `insert into files (id, owner_id, store, file_name, content_type, size_bytes, part_bytes, completed_at) select ${idOf('file', 'n')}, ${user}, 'disk', 'map.png', 'image/png', 1000, 1000, now() from ${manyNumbers}`,
    `insert into message_files (file_id, message_id) select ${idOf('file', 'n')}, ${message} from ${manyNumbers}`,
    `insert into file_usage (user_id, bytes) select ${idOf('user', 'n')}, 1000 from ${numbers}`,
    `insert into audit_entries (id, action, service, request_id) select gen_random_uuid(), 'notify', 'shop', 'request' from ${numbers}`,
  ])
    await run(text);
}
