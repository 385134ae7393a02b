import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addReaction, followMessages, messagesNow, pageAfter } from '../support/messages.ts';
import {
  banMember,
  inSeconds,
  membersNow,
  muteMember,
  reportMessage,
  setMemberRole,
} from '../support/moderating.ts';
import { Person, password, person, query } from '../support/person.ts';
import { createRoom, guest, joinRoom, memberNames } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { followLive, send } from '../support/send-and-follow.ts';

let node: TestNode, other: TestNode;
let ann: Person, root: Person;
const onPostgres = postgresUrl !== undefined && !process.env.TEST_EMBEDDED;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
  other = onPostgres ? await startNode({ settings: node.settings }) : node;
  [ann, root] = await Promise.all([person(node, 'ann'), person(node, 'root')]);
});
afterAll(() => Promise.all([...new Set([node, other])].map((one) => one[Symbol.asyncDispose]())));

const deleteAccount = (someone: Person, input: Record<string, unknown> = { password }) =>
  someone.query(
    'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
    { input },
  );
const exportOf = async (someone: Person): Promise<any> =>
  (await someone.query('mutation { exportMyData { data } }')).exportMyData.data;
const signIn = (username: string) =>
  query(
    node.url,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
    { input: { username, password } },
  );
let rooms = 0;
const newRoom = async (owner: Person): Promise<string> =>
  (await createRoom(owner, { name: `room ${++rooms}` })).id;

describe('deleteMyAccount', () => {
  it('removes the name everywhere, ends memberships and sessions, and keeps the messages', async () => {
    const bob = await person(node, 'bob');
    const roomId = await newRoom(ann);
    await joinRoom(bob, { roomId });
    await send(bob, roomId, 'I was here');
    await send(ann, roomId, 'hello @bob');
    const received = await followLive(ann, roomId);
    expect(await deleteAccount(bob)).toEqual({ deleteMyAccount: { ok: true } });
    await received.find(
      ({ __typename, reason }) => __typename === 'MemberLeft' && reason === 'LEFT',
    );
    expect(await memberNames(ann, roomId)).toEqual(['ann']);
    const author = {
      username: expect.stringMatching(/^deleted-/),
      displayName: 'Deleted user',
      avatarUrl: null,
      role: 'USER',
    };
    const { conversation } = await ann.query(
      'query ($id: ID!) { conversation(id: $id) { messages { edges { node { body author { username displayName avatarUrl role } mentions { displayName } } } } } }',
      { id: roomId },
    );
    expect(conversation.messages.edges.map(({ node }: any) => node)).toMatchObject([
      { body: 'I was here', author },
      { mentions: [{ displayName: 'Deleted user' }] },
    ]);
    expect(
      await ann.query(
        '{ user(username: "bob") { id } users(search: "deleted") { edges { node { id } } } }',
      ),
    ).toEqual({ user: null, users: { edges: [] } });
    expect(
      (await ann.query('query ($id: ID!) { user(id: $id) { id } }', { id: bob.id })).user,
    ).toBeNull();
    await expect(signIn('bob')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(bob.query('{ viewer { id } }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(
      query(
        node.url,
        'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }',
        { input: { refreshToken: bob.refreshToken } },
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const again = await person(node, 'bob');
    expect(again.id).not.toBe(bob.id);
    expect((await exportOf(again)).messages).toEqual([]);
    received.stop();
  });

  it('[P10] closes every connection of the user, on every node, and refuses every token there at once', async () => {
    const cat = await person(node, 'cat');
    const roomId = await newRoom(ann);
    await joinRoom(cat, { roomId });
    const signedIn = new Person(other, {
      accessToken: (await signIn('cat')).signIn.session.accessToken,
      refreshToken: null,
      user: cat,
    });
    const subscriptions = [await followLive(cat, roomId), await followLive(signedIn, roomId)];
    await signedIn.query('{ viewer { id } }');
    await deleteAccount(cat);
    for (const received of subscriptions)
      expect(await received.ended()).toMatchObject({
        code: expect.stringMatching(/4401|FORBIDDEN/),
      });
    for (const someone of [cat, signedIn])
      await expect(someone.query('{ viewer { id } }')).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
  });

  it('requires the password of an account that has one', async () => {
    const dan = await person(node, 'dan');
    for (const input of [{}, { password: null }, { password: 'wrong one' }])
      await expect(deleteAccount(dan, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await dan.query('{ viewer { username } }')).viewer).toEqual({ username: 'dan' });
    await expect(
      query(node.url, 'mutation { deleteMyAccount(input: {}) { ok } }'),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const gus = await guest(node, 'Gus');
    await deleteAccount(gus, {});
    await expect(gus.query('{ viewer { id } }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const token = await new SignJWT({
      sub: 'from outside',
      exp: Math.ceil(Date.now() / 1000) + 300,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(node.settings.JWT_SECRET));
    const { viewer } = await query(node.url, '{ viewer { id username } }', {}, token);
    await query(node.url, 'mutation { deleteMyAccount(input: {}) { ok } }', {}, token);
    expect(
      (await ann.query('query ($id: ID!) { user(id: $id) { id } }', { id: viewer.id })).user,
    ).toBeNull();
  });

  it('does not free a name that gives the admin role', async () => {
    await expect(deleteAccount(root)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('ADMIN_USERNAMES'),
    });
    expect((await root.query('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
  });

  it('gives rooms without another owner a new one: the longest-standing moderator or member, never a guest', async () => {
    const [eve, fay, gil, hal] = [
      await person(node, 'eve'),
      await person(node, 'fay'),
      await person(node, 'gil'),
      await guest(node, 'Hal'),
    ];
    const [moderated, plain, shared, guests, empty] = [
      await newRoom(eve),
      await newRoom(eve),
      await newRoom(eve),
      await newRoom(eve),
      await newRoom(eve),
    ];
    for (const roomId of [moderated, plain, shared, guests]) await joinRoom(hal, { roomId });
    for (const roomId of [moderated, plain, shared])
      for (const someone of [fay, gil]) await joinRoom(someone, { roomId });
    await setMemberRole(eve, { roomId: moderated, userId: gil.id, role: 'MODERATOR' });
    await setMemberRole(eve, { roomId: shared, userId: gil.id, role: 'OWNER' });
    const received = await followLive(fay, plain);
    await deleteAccount(eve);
    const roles = async (roomId: string) =>
      (await membersNow(ann, roomId)).map(({ role, user }) => `${user.username} ${role}`);
    expect(await roles(moderated)).toEqual([`${hal.username} MEMBER`, 'fay MEMBER', 'gil OWNER']);
    expect(await roles(plain)).toEqual([`${hal.username} MEMBER`, 'fay OWNER', 'gil MEMBER']);
    expect(await roles(shared)).toEqual([`${hal.username} MEMBER`, 'fay MEMBER', 'gil OWNER']);
    expect(await roles(guests)).toEqual([`${hal.username} MEMBER`]);
    expect(await roles(empty)).toEqual([]);
    await received.find(({ __typename }) => __typename === 'MemberUpdated');
    received.stop();
  });
});

describe('deleteMyAccount, if messages are deleted', () => {
  it('deletes every message like its author, and removes reactions, in every room', async () => {
    await using deleting = await startNode({
      isEmbedded: true,
      settings: { RATE_LIMITS: 'off', DELETED_ACCOUNTS_MESSAGES: 'delete' },
    });
    const [kim, lee] = [await person(deleting, 'kim'), await person(deleting, 'lee')];
    const roomIds = [
      (await createRoom(kim, { name: 'one' })).id,
      (await createRoom(kim, { name: 'two' })).id,
    ];
    for (const roomId of roomIds) {
      await joinRoom(lee, { roomId });
      const kept = await send(kim, roomId, 'hello @lee');
      await addReaction(lee, { messageId: kept.id, emoji: '👍' });
      await send(lee, roomId, 'hello yourself', { replyToId: kept.id });
    }
    const pages = await Promise.all(roomIds.map((roomId) => messagesNow(kim, roomId)));
    const after = await Promise.all(
      roomIds.map(async (roomId) => followMessages(kim, roomId).count(1)),
    );
    await deleteAccount(lee);
    for (const [place, roomId] of roomIds.entries()) {
      await after[place]!.find(({ __typename }) => __typename === 'ReactionsChanged');
      const now = await messagesNow(kim, roomId);
      expect(now).toMatchObject([
        { body: 'hello @lee', reactions: [] },
        {
          body: null,
          deletedAt: expect.any(String),
          author: { username: expect.stringMatching(/^deleted-/) },
        },
      ]);
      const nameless = (message: any) => ({ ...message, author: null, mentions: null });
      expect(pageAfter(pages[place]!, after[place]!).map(nameless)).toEqual(now.map(nameless));
    }
    for (const received of after) received.stop();
    await kim[Symbol.asyncDispose]();
  });
});

describe('exportMyData', () => {
  it('contains all data about the viewer, and none of others', async () => {
    const [ida, jon] = [await person(node, 'ida'), await person(node, 'jon')];
    const [roomId, banned] = [await newRoom(ann), await newRoom(ann)];
    for (const someone of [ida, jon])
      for (const room of [roomId, banned]) await joinRoom(someone, { roomId: room });
    const first = await send(ida, roomId, 'mine');
    const foreign = await send(jon, roomId, 'not mine');
    await reportMessage(ida, { messageId: foreign.id, reason: 'spam' });
    await addReaction(ida, { messageId: foreign.id, emoji: '👍' });
    const until = inSeconds(600);
    await muteMember(ann, { roomId, userId: ida.id, until, reason: 'loud' });
    await banMember(ann, { roomId: banned, userId: ida.id, until });
    const data = await exportOf(ida);
    expect(data).toMatchObject({
      exportedAt: expect.any(String),
      account: {
        id: ida.id,
        username: 'ida',
        displayName: 'ida',
        role: 'USER',
        isGuest: false,
        createdAt: expect.any(String),
      },
      sessions: [{ endedAt: null }],
      messages: [{ id: first.id, conversationId: roomId, seq: 1, body: 'mine' }],
      restrictions: [{ conversationId: banned, bannedUntil: until }],
      moderationOfYou: [
        { action: 'mute', reason: 'loud', until },
        { action: 'ban', until },
      ],
      moderationByYou: [],
      reactions: [{ messageId: foreign.id, emoji: '👍', createdAt: expect.any(String) }],
      reportsByYou: [{ messageId: foreign.id, reason: 'spam' }],
    });
    expect(data.memberships.map(({ conversation }: any) => conversation.id)).toContain(roomId);
    expect(
      data.memberships.find(({ conversation }: any) => conversation.id === roomId),
    ).toMatchObject({ role: 'MEMBER', mutedUntil: until });
    expect(JSON.stringify(data)).not.toMatch(/not mine|argon|jon/);
    await expect(query(node.url, 'mutation { exportMyData { data } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it.skipIf(!onPostgres)('covers every table that refers to users', async () => {
    const client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    const { rows } =
      await client.query(`select conrelid::regclass::text || '.' || attname as reference from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
      where contype = 'f' and confrelid = 'users'::regclass order by 1`);
    await client.end();
    expect(rows.map(({ reference }) => reference)).toEqual([
      'audit_entries.user_id',
      // Blocks by others are theirs alone: the blocked user must not be able to tell.
      'blocks.blocked_id',
      'blocks.blocker_id',
      // Rooms are found by their memberships.
      'conversations.assignee_id',
      'conversations.creator_id',
      // So are direct and support conversations.
      'conversations.customer_id',
      'conversations.greater_user_id',
      'conversations.lesser_user_id',
      // The sum of the files.
      'file_usage.user_id',
      'files.owner_id',
      'invitations.invited_by_id',
      'invitations.user_id',
      'invite_links.created_by_id',
      'members.user_id',
      'messages.author_id',
      'moderation_entries.moderator_id',
      'moderation_entries.user_id',
      'notifications.user_id',
      'push_subscriptions.user_id',
      'reactions.user_id',
      'reports.reporter_id',
      // Somebody else's report, whose resolution is among what the resolver did.
      'reports.resolved_by_id',
      'restrictions.user_id',
      'sessions.user_id',
      'user_reports.reporter_id',
      'user_reports.resolved_by_id',
      // Reports about the user name the reporter, and are for admins.
      'user_reports.user_id',
    ]);
  });
});
