import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { person, query, type Person } from '../support/person.ts';
import {
  createRoom,
  findRoom,
  followRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  memberNames,
  membersOn,
  pageOfMembers,
  updateRoom,
} from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const onPostgres = postgresUrl !== undefined && !process.env.TEST_EMBEDDED;
let node: TestNode;
let ann: Person, bob: Person, cat: Person, gus: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  [ann, bob, cat, gus] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'cat'),
    guest(node, 'Gus'),
  ]);
});
afterAll(async () => {
  await Promise.all([ann, bob, cat, gus].map((someone) => someone[Symbol.asyncDispose]()));
  await node[Symbol.asyncDispose]();
});

const unknownId = '01900000-0000-7000-8000-000000000000';
const malformedIds = ['', 'nope', 'nul\0'];
let rooms = 0;
const newRoom = (owner = ann): Promise<any> => createRoom(owner, { name: `room ${++rooms}` });

/** Gives a role that no operation gives yet. */
async function giveRole(roomId: string, userId: string, role: string): Promise<void> {
  const client = new pg.Client(node.settings.DATABASE_URL);
  await client.connect();
  await client.query('update members set role = $3 where conversation_id = $1 and user_id = $2', [
    roomId,
    userId,
    role,
  ]);
  await client.end();
}

describe('joinRoom', () => {
  it('makes users members, by id or by name, guests included', async () => {
    const { id, name } = await newRoom();
    expect(await joinRoom(bob, { roomId: id })).toMatchObject({
      id,
      memberCount: 2,
      viewerMember: { role: 'MEMBER', user: { username: 'bob' } },
    });
    expect(await joinRoom(cat, { name: ` ${name.toUpperCase()}` })).toMatchObject({
      id,
      memberCount: 3,
    });
    expect(await joinRoom(gus, { roomId: id.toUpperCase() })).toMatchObject({
      id,
      memberCount: 4,
      viewerMember: { role: 'MEMBER' },
    });
    expect(await memberNames(gus, id)).toEqual(['ann', 'bob', 'cat', gus.username]);
  });

  it('notifies followers, with the new member', async () => {
    const { id } = await newRoom();
    const received = await followRoom(ann, id).count(1);
    await joinRoom(bob, { roomId: id });
    const event = await received.find(({ __typename }) => __typename === 'MemberJoined');
    expect(event).toMatchObject({
      user: { username: 'bob', displayName: 'bob' },
      conversation: { id },
    });
    expect(Date.parse(event.user.createdAt)).toBeGreaterThan(0);
    received.stop();
  });

  it('has no effect the second time, also for simultaneous requests', async () => {
    const { id } = await newRoom();
    const received = await followRoom(ann, id).count(1);
    const joins = await Promise.all(Array.from({ length: 8 }, () => joinRoom(bob, { roomId: id })));
    for (const room of joins)
      expect(room).toMatchObject({ memberCount: 2, viewerMember: { role: 'MEMBER' } });
    expect((await joinRoom(ann, { roomId: id })).viewerMember.role).toBe('OWNER');
    await joinRoom(cat, { roomId: id });
    await received.count(3);
    expect(received.events.slice(1).map(({ user }) => user.username)).toEqual(['bob', 'cat']);
    received.stop();
  });

  it('starts with nothing unread', async () => {
    const { id } = await newRoom();
    await ann.query(
      'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "before" }) { message { seq } } }',
      { id },
    );
    expect(await joinRoom(bob, { roomId: id })).toMatchObject({
      unreadCount: 0,
      viewerMember: { lastReadSeq: 1 },
    });
    await ann.query(
      'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "after" }) { message { seq } } }',
      { id },
    );
    expect(await findRoom(bob, { id })).toMatchObject({ unreadCount: 1 });
    expect(await findRoom(ann, { id })).toMatchObject({ unreadCount: 0 });
    expect(await findRoom(cat, { id })).toMatchObject({ unreadCount: 0, viewerMember: null });
  });

  it('refuses an archived room until it is reopened', async () => {
    const { id } = await newRoom();
    await joinRoom(cat, { roomId: id });
    await updateRoom(ann, { roomId: id, archived: true });
    await expect(joinRoom(bob, { roomId: id })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('archived'),
    });
    await expect(inviteToRoom(ann, { roomId: id, userIds: [bob.id] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await joinRoom(cat, { roomId: id })).viewerMember).toMatchObject({ role: 'MEMBER' });
    expect(await memberNames(bob, id)).toEqual(['ann', 'cat']);
    await updateRoom(ann, { roomId: id, archived: false });
    expect(await joinRoom(bob, { roomId: id })).toMatchObject({ memberCount: 3 });
  });

  it('[P12] requires exactly one of id and name, and creates no room', async () => {
    await expect(joinRoom(bob, {})).rejects.toMatchObject({ code: 'INVALID' });
    await expect(joinRoom(bob, { roomId: unknownId, name: 'lobby' })).rejects.toMatchObject({
      code: 'INVALID',
    });
    await expect(joinRoom(bob, { name: 'no room of this name' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    for (const roomId of [unknownId, ...malformedIds])
      await expect(joinRoom(bob, { roomId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const name of ['nul\0', '', 'x'.repeat(65)])
      await expect(joinRoom(bob, { name })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(
      query(node.url, 'mutation { joinRoom(input: { name: "lobby" }) { room { id } } }'),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('leaveRoom', () => {
  it('ends the membership and notifies the other members', async () => {
    const { id } = await newRoom();
    await joinRoom(bob, { roomId: id });
    const received = await followRoom(ann, id).count(1);
    expect(await leaveRoom(bob, { roomId: id })).toMatchObject({
      id,
      memberCount: 1,
      viewerMember: null,
      unreadCount: 0,
    });
    expect(await received.find(({ __typename }) => __typename === 'MemberLeft')).toMatchObject({
      user: { username: 'bob' },
      reason: 'LEFT',
    });
    expect(await memberNames(bob, id)).toEqual(['ann']);
    received.stop();
  });

  it('[P11] ends the subscription of the member who leaves', async () => {
    const { id } = await newRoom();
    await joinRoom(bob, { roomId: id });
    const received = await followRoom(bob, id).count(1);
    await leaveRoom(bob, { roomId: id });
    expect(await received.ended()).toMatchObject({ code: 'FORBIDDEN' });
    await expect(followRoom(bob, id).ended()).resolves.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('refuses users who are not members, and the second of two simultaneous requests', async () => {
    const { id } = await newRoom();
    await expect(leaveRoom(bob, { roomId: id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await joinRoom(bob, { roomId: id });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => leaveRoom(bob, { roomId: id })));
    expect(
      outcomes
        .map((outcome) => (outcome.status === 'fulfilled' ? 'left' : outcome.reason.code))
        .sort(),
    ).toEqual(['CONFLICT', 'CONFLICT', 'left']);
    for (const roomId of [unknownId, ...malformedIds])
      await expect(leaveRoom(bob, { roomId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses the last owner while there are other members', async () => {
    const { id } = await newRoom();
    await joinRoom(bob, { roomId: id });
    await expect(leaveRoom(ann, { roomId: id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('owner'),
    });
    expect((await findRoom(ann, { id })).viewerMember.role).toBe('OWNER');
    await leaveRoom(bob, { roomId: id });
    expect(await leaveRoom(ann, { roomId: id })).toMatchObject({
      memberCount: 0,
      viewerMember: null,
    });
    expect(await joinRoom(ann, { roomId: id })).toMatchObject({
      memberCount: 1,
      viewerMember: { role: 'MEMBER' },
    });
  });

  it.skipIf(!onPostgres)('allows one of two owners to leave, and never both at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await newRoom();
      await Promise.all([joinRoom(bob, { roomId: id }), joinRoom(cat, { roomId: id })]);
      await giveRole(id, bob.id, 'OWNER');
      const outcomes = await Promise.allSettled([
        leaveRoom(ann, { roomId: id }),
        leaveRoom(bob, { roomId: id }),
      ]);
      expect(
        outcomes
          .map((outcome) => (outcome.status === 'fulfilled' ? 'left' : outcome.reason.code))
          .sort(),
      ).toEqual(['CONFLICT', 'left']);
      expect(await memberNames(cat, id)).toHaveLength(2);
    }
  });
});

describe('inviteToRoom', () => {
  it('makes users members at once, and publishes the new ones', async () => {
    const { id } = await newRoom();
    await joinRoom(bob, { roomId: id });
    const received = await followRoom(ann, id).count(1);
    expect(
      await inviteToRoom(bob, {
        roomId: id,
        userIds: [cat.id, ann.id, bob.id, cat.id.toUpperCase(), gus.id],
      }),
    ).toMatchObject({ memberCount: 4 });
    await leaveRoom(gus, { roomId: id });
    await received.find(({ __typename }) => __typename === 'MemberLeft');
    expect(
      received.events
        .slice(1, -1)
        .map(({ __typename, user }) => `${__typename} ${user.username}`)
        .sort(),
    ).toEqual([`MemberJoined ${cat.username}`, `MemberJoined ${gus.username}`].sort());
    expect((await findRoom(ann, { id })).viewerMember.role).toBe('OWNER');
    received.stop();
  });

  it('is for members, not for guests', async () => {
    const { id } = await newRoom();
    await joinRoom(gus, { roomId: id });
    for (const someone of [bob, gus])
      await expect(inviteToRoom(someone, { roomId: id, userIds: [cat.id] })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    await expect(
      query(
        node.url,
        `mutation { inviteToRoom(input: { roomId: "${id}", userIds: ["${cat.id}"] }) { room { id } } }`,
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await memberNames(ann, id)).toEqual(['ann', gus.username]);
  });

  it('[P12] adds all or none of 1 to 100 existing users', async () => {
    const { id } = await newRoom();
    for (const stranger of [unknownId, ...malformedIds])
      await expect(
        inviteToRoom(ann, { roomId: id, userIds: [bob.id, stranger] }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const many = Array.from(
      { length: 101 },
      (_, index) => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    for (const userIds of [[], many])
      await expect(inviteToRoom(ann, { roomId: id, userIds })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'userIds' },
      });
    for (const roomId of [unknownId, ...malformedIds])
      await expect(inviteToRoom(ann, { roomId, userIds: [bob.id] })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    expect(await memberNames(ann, id)).toEqual(['ann']);
  });

  it.skipIf(!onPostgres)('is for owners and moderators of a private room', async () => {
    const { id } = await createRoom(ann, { name: `private ${++rooms}`, visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id] });
    await expect(inviteToRoom(bob, { roomId: id, userIds: [cat.id] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await giveRole(id, bob.id, 'MODERATOR');
    expect(await inviteToRoom(bob, { roomId: id, userIds: [cat.id] })).toMatchObject({
      memberCount: 3,
    });
    await expect(inviteToRoom(bob, { roomId: id, userIds: [gus.id] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('Guests'),
    });
  });
});

describe.skipIf(!onPostgres)('moderators', () => {
  it('can change a room, but neither its visibility nor whether it is archived', async () => {
    const { id } = await newRoom();
    await joinRoom(bob, { roomId: id });
    await giveRole(id, bob.id, 'MODERATOR');
    expect(
      await updateRoom(bob, {
        roomId: id,
        name: `moderated ${id}`,
        topic: 'New',
        slowModeSeconds: 5,
      }),
    ).toMatchObject({ topic: 'New', slowModeSeconds: 5 });
    for (const change of [
      { visibility: 'PRIVATE' },
      { visibility: 'PUBLIC' },
      { archived: true },
      { topic: 'x', archived: false },
    ])
      await expect(updateRoom(bob, { roomId: id, ...change })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    expect(await findRoom(ann, { id })).toMatchObject({
      topic: 'New',
      visibility: 'PUBLIC',
      archivedAt: null,
    });
  });
});

describe.skipIf(!onPostgres)('[P11] an owner who did not create the room', () => {
  it('learns nothing of other private rooms of the creator by renaming the room or making it private', async () => {
    await createRoom(ann, { name: 'Diary', visibility: 'PRIVATE' });
    const hidden = await createRoom(ann, { name: 'Shared diary', visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId: hidden.id, userIds: [bob.id] });
    const open = await createRoom(ann, { name: 'Diary' });
    await joinRoom(bob, { roomId: open.id });
    for (const { id } of [hidden, open]) await giveRole(id, bob.id, 'OWNER');
    expect(await updateRoom(bob, { roomId: open.id, visibility: 'PRIVATE' })).toMatchObject({
      name: 'Diary',
      visibility: 'PRIVATE',
    });
    expect(await updateRoom(bob, { roomId: hidden.id, name: 'Diary' })).toMatchObject({
      name: 'Diary',
    });
    await expect(
      updateRoom(ann, { roomId: (await newRoom()).id, name: 'DIARY', visibility: 'PRIVATE' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('members', () => {
  it('are listed in the order in which they joined, in pages, forwards and backwards', async () => {
    const { id } = await newRoom();
    for (const someone of [cat, bob, gus]) await joinRoom(someone, { roomId: id });
    const first = await pageOfMembers(gus, id, { first: 3 });
    expect([membersOn(first), first.pageInfo]).toMatchObject([
      ['ann', 'cat', 'bob'],
      { hasNextPage: true, hasPreviousPage: false },
    ]);
    const second = await pageOfMembers(gus, id, { first: 3, after: first.pageInfo.endCursor });
    expect([membersOn(second), second.pageInfo.hasNextPage]).toEqual([[gus.username], false]);
    const last = await pageOfMembers(gus, id, { last: 2 });
    expect([membersOn(last), last.pageInfo.hasPreviousPage]).toEqual([['bob', gus.username], true]);
    expect(
      membersOn(await pageOfMembers(gus, id, { last: 5, before: last.pageInfo.startCursor })),
    ).toEqual(['ann', 'cat']);
  });

  it('are paged without a gap or a repeat if many joined at the same moment', async () => {
    const { id } = await newRoom();
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id, cat.id, gus.id] });
    const walked: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await pageOfMembers(ann, id, { first: 1, after });
      walked.push(...membersOn(page));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(walked).toEqual(await memberNames(ann, id));
    expect(new Set(walked).size).toBe(4);
  });

  it('[P12] refuse invalid cursors', async () => {
    const { id } = await newRoom();
    for (const text of [
      '[]',
      '{}',
      '["yesterday","x"]',
      `["2026-01-01","x"]`,
      `[1,"${unknownId}"]`,
      'null',
      'no JSON',
    ])
      for (const page of [
        { after: Buffer.from(text).toString('base64url') },
        { last: 1, before: Buffer.from(text).toString('base64url') },
      ])
        await expect(pageOfMembers(ann, id, page)).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('the default room', () => {
  it('is joined at sign-up and has no owner', async () => {
    const eve = await person(node, 'eve');
    expect(await findRoom(eve, { name: 'lobby' })).toMatchObject({
      visibility: 'PUBLIC',
      viewerMember: { role: 'MEMBER' },
    });
    await leaveRoom(eve, { roomId: (await findRoom(eve, { name: 'lobby' })).id });
    expect((await findRoom(eve, { name: 'lobby' })).viewerMember).toBeNull();
  });

  it('notifies its members of a sign-up', async () => {
    const { id } = await findRoom(ann, { name: 'lobby' });
    const received = await followRoom(ann, id).count(1);
    await person(node, 'newcomer');
    expect(await received.find(({ __typename }) => __typename === 'MemberJoined')).toMatchObject({
      user: { username: 'newcomer' },
    });
    received.stop();
  });

  it('can have another name, or be switched off', async () => {
    await using plaza = await startNode({ settings: { DEFAULT_ROOM: 'Plaza' } });
    const dan = await person(plaza, 'dan');
    expect(await findRoom(dan, { name: 'plaza' })).toMatchObject({
      name: 'Plaza',
      viewerMember: { role: 'MEMBER' },
    });
    expect(await findRoom(dan, { name: 'lobby' })).toBeNull();
    await using bare = await startNode({ settings: { DEFAULT_ROOM: '' } });
    expect(
      (await (await person(bare, 'dan')).query('{ rooms { edges { node { name } } } }')).rooms
        .edges,
    ).toEqual([]);
  });

  it('is not joined at sign-up while it is archived', async () => {
    await using ruled = await startNode({ settings: { ADMIN_USERNAMES: 'root' } });
    const root = await person(ruled, 'root');
    const { id } = await findRoom(root, { name: 'lobby' });
    await updateRoom(root, { roomId: id, archived: true });
    const dan = await person(ruled, 'dan');
    expect(await memberNames(dan, id)).toEqual(['root']);
  });

  it.skipIf(!onPostgres)('is created once when ten nodes start at once', async () => {
    await using first = await startNode();
    const others = await Promise.all(
      Array.from({ length: 9 }, () =>
        startNode({ settings: { ...first.settings, DEFAULT_ROOM: 'Agora' } }),
      ),
    );
    const dan = await person(others[0]!, 'dan');
    expect(
      (await dan.query('{ rooms { edges { node { name memberCount } } } }')).rooms.edges,
    ).toEqual([
      { node: { name: 'Agora', memberCount: 1 } },
      { node: { name: 'lobby', memberCount: 0 } },
    ]);
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
  });

  it('cannot have an invalid name', async () => {
    await expect(startNode({ settings: { DEFAULT_ROOM: 'two\nlines' } })).rejects.toThrow(
      'DEFAULT_ROOM',
    );
  });
});
