import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import {
  addReaction,
  expiredAt,
  followMessages,
  messagesNow,
  pageAfter,
} from '../support/messages.ts';
import { followNotificationsLive, notificationsOf } from '../support/notifications.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, guest, inviteToRoom, joinRoom, memberNames } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodies, bodiesUpTo, follow, followLive, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

/**
 * Two nodes that run maintenance continuously. The tests make rows old by changing the database.
 */
describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)('maintenance', () => {
  let node: TestNode, other: TestNode;
  let client: pg.Client;
  let ann: Person, bob: Person;
  beforeAll(async () => {
    const limits = { maintenanceMs: 100, eventsKeptPerTopic: 30 };
    node = await startNode({ settings: { RATE_LIMITS: 'off' }, limits });
    other = await startNode({ settings: node.settings, limits });
    client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
  });
  afterAll(async () => {
    await client.end();
    await Promise.all([node, other].map((one) => one[Symbol.asyncDispose]()));
  });
  const count = async (text: string, values: unknown[] = []): Promise<number> =>
    Number((await client.query(`select count(*) from ${text}`, values)).rows[0].count);

  let rooms = 0;
  const newRoom = async (): Promise<string> =>
    (await createRoom(ann, { name: `room ${++rooms}` })).id;

  it('deletes entries of the audit log after AUDIT_RETENTION_DAYS', async () => {
    const days = [364, 366];
    await client.query(
      `insert into audit_entries (id, action, service, request_id, created_at)
      select gen_random_uuid(), days::text, 'shop', 'r', now() - days * interval '1 day' from unnest($1::int[]) as days`,
      [days],
    );
    await until('the old entry is gone', async () => (await count('audit_entries')) === 1);
    expect(await count("audit_entries where action = '364'")).toBe(1);
  });

  it('[P3] trims old events: resets clients that resume before them, disturbs no live ones, and keeps the messages', async () => {
    const roomId = await newRoom();
    await joinRoom(bob, { roomId });
    const live = await followLive(bob, roomId);
    const first = await followLive(ann, roomId);
    for (const body of ['one', 'two', 'three']) await send(ann, roomId, body);
    await first.count(4);
    first.stop();
    await client.query(
      "with topic as (update topics set oldest_at = '-infinity' where id = $1) update events set occurred_at = now() - interval '8 days' where topic = $1 and seq <= 4",
      [`conversation:${roomId}`],
    );
    await until(
      'the old events are gone',
      async () => (await count('events where topic = $1', [`conversation:${roomId}`])) === 1,
    );
    const at = (body: string) => first.events.find(({ message }) => message?.body === body).cursor;
    // The other node has none of it in memory.
    const elsewhere = ann.at(other);
    const late = follow(elsewhere, roomId, { after: at('one') });
    await late.count(2);
    expect(late.events).toMatchObject([
      { __typename: 'StreamReset', resetReason: 'LOG_TRIMMED' },
      { __typename: 'CaughtUp', replayed: 0 },
    ]);
    const inTime = follow(elsewhere, roomId, { after: at('two') });
    await inTime.count(2);
    expect(inTime.events).toMatchObject([
      { message: { body: 'three' } },
      { __typename: 'CaughtUp', replayed: 1 },
    ]);
    await send(ann, roomId, 'four');
    for (const received of [live, late, inTime])
      await received.find(({ message }) => message?.body === 'four');
    expect(bodies(live)).toEqual(['one', 'two', 'three', 'four']);
    const recent = follow(elsewhere, roomId, { last: 10 });
    await recent.find(({ __typename }) => __typename === 'CaughtUp');
    expect(bodies(recent)).toEqual(['one', 'two', 'three', 'four']);
    await elsewhere[Symbol.asyncDispose]();
  });

  it('trims events beyond the limit of a topic', async () => {
    const roomId = await newRoom();
    for (let nth = 0; nth < 40; nth++) await send(ann, roomId, `${nth}`);
    // A send does this after every 10,000 events.
    await client.query("update topics set oldest_at = '-infinity' where id = $1", [
      `conversation:${roomId}`,
    ]);
    await until(
      '30 events are left',
      async () => (await count('events where topic = $1', [`conversation:${roomId}`])) === 30,
    );
    expect(await count('messages where conversation_id = $1', [roomId])).toBe(40);
  });

  it('removes guests a day after their last connection, with names and memberships, and keeps their messages', async () => {
    const roomId = await newRoom();
    const [gone, stays] = [await guest(node, 'Gus'), await guest(node, 'Guy')];
    for (const someone of [gone, stays]) await joinRoom(someone, { roomId });
    const received = await followLive(ann, roomId);
    const message = await send(gone, roomId, 'so long');
    const [silent, lately] = [await guest(node, 'Silent'), await guest(node, 'Lately')];
    const age = (someone: Person, createdHours: number, seenHours: number | null) =>
      client.query(
        "update users set created_at = now() - $2 * interval '1 hour', last_seen_at = now() - $3::float8 * interval '1 hour' where id = $1",
        [someone.id, createdHours, seenHours],
      );
    await age(stays, 47, 23);
    await age(lately, 23, null);
    await age(gone, 26, 25);
    await age(silent, 25, null);
    await received.find(({ __typename }) => __typename === 'MemberLeft');
    expect(await memberNames(ann, roomId)).toEqual(['ann', stays.username]);
    const { conversation } = await ann.query(
      'query ($id: ID!) { conversation(id: $id) { messages { edges { node { id body author { username displayName isGuest } } } } } }',
      { id: roomId },
    );
    expect(conversation.messages.edges).toEqual([
      {
        node: {
          id: message.id,
          body: 'so long',
          author: {
            username: expect.stringMatching(/^deleted-[0-9a-f]{16}$/),
            displayName: 'Deleted user',
            isGuest: true,
          },
        },
      },
    ]);
    for (const by of [
      { id: gone.id },
      { username: gone.username },
      { username: conversation.messages.edges[0].node.author.username },
    ])
      expect(
        (
          await ann.query(
            'query ($id: ID, $username: String) { user(id: $id, username: $username) { id } }',
            by,
          )
        ).user,
      ).toBeNull();
    await expect(inviteToRoom(ann, { roomId, userIds: [gone.id] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await until(
      'the node has forgotten the guest',
      () =>
        gone.query('{ viewer { id } }').then(
          () => false,
          (error) => error.code === 'UNAUTHENTICATED',
        ),
      8000,
    );
    await expect(gone.query('{ viewer { id } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await stays.query('{ viewer { displayName } }')).viewer).toEqual({
      displayName: 'Guy',
    });
    expect(
      await count('users where id = any($1) and deleted_at is null', [[lately.id, silent.id]]),
    ).toBe(1);
    expect(await count('sessions where user_id = $1', [gone.id])).toBe(0);
    received.stop();
  });

  it('deletes expired notifications with their content, and those of deleted accounts', async () => {
    const [writer, reader, leaver] = [
      await person(node, 'notifier'),
      await person(node, 'notified'),
      await person(node, 'leaver'),
    ];
    for (const word of ['old', 'new']) await sendPrivate(writer, reader, word);
    await sendPrivate(writer, leaver, 'bye');
    const kept = () => count('notifications where user_id = any($1)', [[reader.id, leaver.id]]);
    const said = () => count("notification_contents where data->>'authorId' = $1", [writer.id]);
    await until('all are notified', async () => (await kept()) === 3);
    await client.query(
      "update notifications set created_at = now() - interval '91 days' where id = (select id from notifications where user_id = $1 order by event_seq limit 1)",
      [reader.id],
    );
    await client.query(
      "update notification_contents set created_at = now() - interval '92 days' where data->>'authorId' = $1",
      [writer.id],
    );
    await leaver.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    await until(
      'only the new one is left',
      async () => (await kept()) === 1 && (await said()) === 1,
    );
    expect((await notificationsOf(reader)).map(({ message }) => message)).toEqual(['new']);
  });

  it('deletes the rows of deleted accounts to which neither the log nor a row refers', async () => {
    const roomId = await newRoom();
    const [silent, author] = [await guest(node, 'Silent'), await guest(node, 'Author')];
    await joinRoom(author, { roomId });
    await send(author, roomId, 'I was here');
    const [writer, addressed, customer] = [
      await person(node, 'writer'),
      await person(node, 'addressed'),
      await person(node, 'customer'),
    ];
    await sendPrivate(writer, addressed, 'hello');
    await mySupport(customer);
    for (const someone of [addressed, customer])
      await someone.query(
        'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
        { input: { password } },
      );
    await client.query(
      "update users set created_at = now() - interval '49 hours' where id = any($1)",
      [[silent.id, author.id]],
    );
    await until(
      'both are nameless and outside',
      async () => (await count('members where user_id = any($1)', [[silent.id, author.id]])) === 0,
    );
    expect(await count('users where id = any($1)', [[silent.id, author.id]])).toBe(2);
    await client.query(
      "update users set deleted_at = now() - interval '193 hours' where id = any($1)",
      [[silent.id, author.id, addressed.id, customer.id]],
    );
    await until('one is gone', async () => (await count('users where id = $1', [silent.id])) === 0);
    expect(await count('users where id = any($1)', [[author.id, addressed.id, customer.id]])).toBe(
      3,
    );
  });

  it('deletes expired refresh tokens, and their sessions', async () => {
    const [old, mixed] = [await person(node, 'old'), await person(node, 'mixed')];
    const refresh = (refreshToken: string) =>
      query(
        node.url,
        'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { refreshToken } } }',
        { input: { refreshToken } },
      );
    const { refreshSession } = await refresh(mixed.refreshToken!);
    await client.query(
      "update refresh_tokens set expires_at = now() - interval '25 hours' where session_id in (select id from sessions where user_id = $1) or used_at is not null",
      [old.id],
    );
    await until(
      'the tokens are gone',
      async () => (await count('refresh_tokens where expires_at < now()')) === 0,
    );
    const sessions = async ({ id }: Person) => count('sessions where user_id = $1', [id]);
    expect(await Promise.all([sessions(old), sessions(mixed)])).toEqual([0, 1]);
    await expect(refresh(old.refreshToken!)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refresh(refreshSession.session.refreshToken);
  });

  it('is done by one node at a time', async () => {
    await client.query(
      "begin; select pg_advisory_xact_lock(hashtextextended('causerie maintenance', 0))",
    );
    const gone = await guest(node, 'Later');
    const aging = new pg.Client(node.settings.DATABASE_URL);
    await aging.connect();
    await aging.query("update users set created_at = now() - interval '49 hours' where id = $1", [
      gone.id,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(
      (await aging.query('select deleted_at from users where id = $1', [gone.id])).rows,
    ).toEqual([{ deleted_at: null }]);
    await client.query('commit');
    await until(
      'it goes on',
      async () => (await count('users where id = $1 and deleted_at is not null', [gone.id])) === 1,
    );
    await aging.end();
  });

  it('deletes expired messages, oldest first, with an event, and keeps the numbers of the others', async () => {
    const settings = { ...node.settings, ROOM_RETENTION_DAYS: '30' };
    const roomId = await newRoom();
    await joinRoom(bob, { roomId });
    const sent = await Promise.all(
      bodiesUpTo(700).map(async (body) => ({
        body,
        ...(await send(ann, roomId, body, { idempotencyKey: body })),
      })),
    );
    const oldest = sent.find(({ seq }) => seq === 1)!;
    await addReaction(bob, { messageId: oldest.id, emoji: '👍' });
    await client.query(
      "update messages set created_at = now() - interval '31 days' where conversation_id = $1 and seq <= 650",
      [roomId],
    );
    const received = followMessages(bob, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    const page = await messagesNow(bob, roomId);
    {
      await using keeping = await startNode({ settings, limits: { maintenanceMs: 100 } });
      await received.find(({ upToSeq }) => upToSeq === 650);
      await person(keeping, 'passing.by');
    }
    const now = await messagesNow(bob, roomId);
    expect(pageAfter(page, received)).toEqual(
      now.map((message) => (message.deletedAt ? { ...message, deletedAt: expiredAt } : message)),
    );
    expect(now.map(({ seq, body }) => [seq, body !== null])).toEqual(
      bodiesUpTo(700, 601).map((seq) => [Number(seq), Number(seq) > 650]),
    );
    expect(
      await count(
        'messages where conversation_id = $1 and body is null and deleted_at is not null',
        [roomId],
      ),
    ).toBe(650);
    expect(await count('reactions where message_id = $1', [oldest.id])).toBe(0);
    // Messages expire in batches, with one event for each batch.
    expect(received.events.filter(({ upToSeq }) => upToSeq).length).toBeLessThan(10);
    expect(await send(ann, roomId, oldest.body, { idempotencyKey: oldest.body })).toMatchObject({
      id: oldest.id,
      body: null,
    });
    received.stop();
  }, 90_000);

  it('[P17] marks notifications of expired messages as read, with an event', async () => {
    const roomId = await newRoom();
    await joinRoom(bob, { roomId });
    const received = await followNotificationsLive(bob);
    const { id } = await send(ann, roomId, '@bob look');
    const { notification } = await received.find(
      ({ notification: one }) => one?.data.messageId === id,
    );
    await client.query(
      "update messages set created_at = now() - interval '31 days' where conversation_id = $1",
      [roomId],
    );
    const settings = { ...node.settings, ROOM_RETENTION_DAYS: '30' };
    await using keeping = await startNode({ settings, limits: { maintenanceMs: 100 } });
    await received.find(({ ids }) => ids?.includes(notification.id));
    expect((await notificationsOf(bob))[0]).toMatchObject({
      id: notification.id,
      message: 'This message is no longer available.',
      readAt: expect.any(String),
    });
    await person(keeping, 'looking.on');
    received.stop();
  }, 30_000);

  it('deletes messages and reactions of deleted accounts if the settings say so, in batches that can be resumed', async () => {
    const settings = { ...node.settings, DELETED_ACCOUNTS_MESSAGES: 'delete' };
    const roomId = await newRoom();
    const leaving = await person(node, 'leaving');
    await joinRoom(leaving, { roomId });
    const mine = await send(ann, roomId, 'stays');
    await addReaction(leaving, { messageId: mine.id, emoji: '👍' });
    await Promise.all(bodiesUpTo(560).map((body) => send(leaving, roomId, `goes ${body}`)));
    {
      await using deleting = await startNode({ settings, limits: { maintenanceMs: 60_000 } });
      await leaving
        .at(deleting)
        .query(
          'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
          { input: { password } },
        );
    }
    await until(
      'nothing of it is left',
      async () => (await count('users where messages_go')) === 0,
      20_000,
    );
    expect(await count('messages where author_id = $1 and body is not null', [leaving.id])).toBe(0);
    expect(
      (
        await ann.query(
          'query ($id: ID!) { conversation(id: $id) { messages(first: 2) { edges { node { body deletedAt author { displayName } reactions { emoji } } } } } }',
          { id: roomId },
        )
      ).conversation.messages.edges.map(({ node }: any) => node),
    ).toEqual([
      { body: 'stays', deletedAt: null, author: { displayName: 'ann' }, reactions: [] },
      {
        body: null,
        deletedAt: expect.any(String),
        author: { displayName: 'Deleted user' },
        reactions: [],
      },
    ]);
  }, 60_000);
});
