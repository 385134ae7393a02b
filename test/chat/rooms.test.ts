import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, query, type Person } from '../support/person.ts';
import {
  createRoom,
  findRoom,
  followRoom,
  guest,
  joinRoom,
  namesOn,
  pageOfMembers,
  pageOfRooms,
  roomNames,
  updateRoom,
} from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, bob: Person, gus: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  [ann, bob, gus] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    guest(node, 'Gus'),
  ]);
});
afterAll(async () => {
  await Promise.all([ann, bob, gus].map((someone) => someone[Symbol.asyncDispose]()));
  await node[Symbol.asyncDispose]();
});

const unknownId = '01900000-0000-7000-8000-000000000000';
const malformedIds = ['', 'nope', '1', `${unknownId}0`, 'nul\0', "' or true --"];

describe('joinRoom with createIfMissing', () => {
  it('joins the room, or makes it if there is none: of those who ask at once, one owns it', async () => {
    const document =
      'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id visibility viewerMember { role } } } }';
    const joinOrCreate = async (someone: Person, input: Record<string, unknown>) =>
      (await someone.query(document, { input: { createIfMissing: true, ...input } })).joinRoom.room;
    const rooms = await Promise.all(
      [ann, bob, ann, bob].map((someone) => joinOrCreate(someone, { name: 'Made on Request' })),
    );
    expect(new Set(rooms.map(({ id }) => id)).size).toBe(1);
    expect(rooms[0].visibility).toBe('PUBLIC');
    const members = await pageOfMembers(ann, rooms[0].id);
    expect(members.edges.map(({ node }: any) => node.role).toSorted()).toEqual(['MEMBER', 'OWNER']);
    expect((await joinOrCreate(bob, { name: 'made on REQUEST' })).id).toBe(rooms[0].id);
    for (const input of [{ roomId: rooms[0].id }, { name: 'x', roomId: rooms[0].id }, {}])
      await expect(joinOrCreate(ann, input)).rejects.toMatchObject({ code: 'INVALID' });
    await expect(joinOrCreate(gus, { name: 'of a guest' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await joinOrCreate(gus, { name: 'Made on Request' })).id).toBe(rooms[0].id);
  });
});

describe('createRoom', () => {
  it('creates a room with its creator as the owner and only member', async () => {
    const room = await createRoom(ann, { name: '  Tea room ', topic: '  About tea ' });
    expect(room).toMatchObject({
      name: 'Tea room',
      topic: 'About tea',
      visibility: 'PUBLIC',
      memberCount: 1,
      slowModeSeconds: 0,
      archivedAt: null,
      unreadCount: 0,
    });
    expect(room.viewerMember).toMatchObject({
      role: 'OWNER',
      lastReadSeq: 0,
      user: { username: 'ann' },
    });
    expect(Math.abs(Date.parse(room.createdAt) - Date.now())).toBeLessThan(10_000);
    expect(await findRoom(ann, { id: room.id })).toEqual(room);
  });

  it('is for signed-in users, not for guests', async () => {
    const document = 'mutation { createRoom(input: { name: "x" }) { room { id } } }';
    await expect(query(node.url, document)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(createRoom(gus, { name: 'Guests only' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await findRoom(ann, { name: 'Guests only' })).toBeNull();
  });

  it.each([
    'CHESS club',
    ' chess   CLUB',
    'ｃｈｅｓｓ club',
    'chess\u00a0club',
    'chess\u200b club',
  ])('refuses %j if there is a public room "Chess club"', async (name) => {
    await createRoom(ann, { name: 'Chess club' }).catch(() => {});
    await expect(createRoom(bob, { name })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('creates one room with a name for many simultaneous requests', async () => {
    const outcomes = await Promise.allSettled(
      [ann, bob, ann, bob, ann].map((someone) => createRoom(someone, { name: 'Rush' })),
    );
    expect(
      outcomes
        .map((outcome) => (outcome.status === 'fulfilled' ? 'made' : outcome.reason.code))
        .sort(),
    ).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'made']);
  });

  it.each([
    '',
    '   ',
    '\u200b\u2060',
    '\u2800 \u2800',
    '\u3164',
    'x'.repeat(65),
    '😀'.repeat(65),
    'nul\0',
    'two\nlines',
    'bell\x07',
  ])('[P12] refuses the name %j', async (name) => {
    await expect(createRoom(ann, { name })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'name' },
    });
  });

  it.each(['x', 'y'.repeat(64), '😀'.repeat(64), '茶室', "Ann's %_\\ room"])(
    'accepts the name %j',
    async (name) => {
      expect((await createRoom(ann, { name })).name).toBe(name);
      expect((await findRoom(bob, { name: name.toUpperCase() })).name).toBe(name);
    },
  );

  it('counts a topic in characters, accepts several lines, and treats an empty one as none', async () => {
    expect((await createRoom(ann, { name: 'Topical', topic: '😀'.repeat(1024) })).topic).toBe(
      '😀'.repeat(1024),
    );
    expect((await createRoom(ann, { name: 'Two lines', topic: 'one\n\ttwo' })).topic).toBe(
      'one\n\ttwo',
    );
    expect((await createRoom(ann, { name: 'Off topic', topic: ' \n ' })).topic).toBeNull();
    for (const topic of ['x'.repeat(1025), 'nul\0', 'esc\x1b'])
      await expect(createRoom(ann, { name: 'Wrong topic', topic })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'topic' },
      });
    expect(await findRoom(ann, { name: 'Wrong topic' })).toBeNull();
  });
});

describe('room and conversation', () => {
  it('find a room by its id or by its name, for every signed-in user', async () => {
    const { id } = await createRoom(ann, { name: 'Findable' });
    for (const someone of [bob, gus]) {
      expect(await findRoom(someone, { id })).toMatchObject({
        name: 'Findable',
        viewerMember: null,
        unreadCount: 0,
      });
      expect(await findRoom(someone, { id: id.toUpperCase() })).toMatchObject({ name: 'Findable' });
      expect(await findRoom(someone, { name: ' fINDABLE' })).toMatchObject({ id });
      expect(
        (
          await someone.query(
            'query ($id: ID!) { conversation(id: $id) { __typename id ... on Room { name } } }',
            { id },
          )
        ).conversation,
      ).toEqual({ __typename: 'Room', id, name: 'Findable' });
    }
    for (const document of [
      `{ room(id: "${id}") { id } }`,
      `{ conversation(id: "${id}") { id } }`,
      '{ rooms { edges { node { id } } } }',
    ])
      await expect(query(node.url, document)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([unknownId, ...malformedIds])('find nothing by the id %j', async (id) => {
    expect(await findRoom(ann, { id })).toBeNull();
    expect(
      (await ann.query('query ($id: ID!) { conversation(id: $id) { id } }', { id })).conversation,
    ).toBeNull();
  });

  it('[P12] require an id or a valid name', async () => {
    await expect(findRoom(ann, {})).rejects.toMatchObject({ code: 'INVALID' });
    await expect(findRoom(ann, { id: unknownId, name: 'lobby' })).rejects.toMatchObject({
      code: 'INVALID',
    });
    for (const name of ['nul\0', 'x'.repeat(65)])
      await expect(findRoom(ann, { name })).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('updateRoom', () => {
  it('changes the given fields and keeps the others; null removes the topic', async () => {
    const { id, createdAt } = await createRoom(ann, { name: 'Before', topic: 'Then' });
    const unchanged = { id, createdAt, visibility: 'PUBLIC', archivedAt: null };
    expect(
      await updateRoom(ann, { roomId: id, name: ' After ', slowModeSeconds: 21_600 }),
    ).toMatchObject({ ...unchanged, name: 'After', topic: 'Then', slowModeSeconds: 21_600 });
    expect(await updateRoom(ann, { roomId: id, topic: null })).toMatchObject({
      ...unchanged,
      name: 'After',
      topic: null,
      slowModeSeconds: 21_600,
    });
    expect(await updateRoom(ann, { roomId: id })).toMatchObject({
      ...unchanged,
      name: 'After',
      topic: null,
      slowModeSeconds: 21_600,
    });
    expect(await findRoom(bob, { name: 'after' })).toMatchObject({ id, slowModeSeconds: 21_600 });
    expect(await findRoom(bob, { name: 'before' })).toBeNull();
  });

  it('notifies followers only if something changed', async () => {
    const { id } = await createRoom(ann, { name: 'Followed', topic: 'one' });
    const received = await followRoom(ann, id).count(1);
    await updateRoom(ann, {
      roomId: id,
      topic: 'one',
      slowModeSeconds: 0,
      visibility: 'PUBLIC',
      archived: false,
    });
    await updateRoom(ann, { roomId: id, topic: 'two', archived: true });
    const { archivedAt } = await updateRoom(ann, { roomId: id, archived: true });
    await updateRoom(ann, { roomId: id, name: 'followed', archived: false });
    await received.count(3);
    expect(received.events).toMatchObject([
      { __typename: 'CaughtUp' },
      { __typename: 'RoomUpdated', room: { name: 'Followed', topic: 'two', archivedAt } },
      { __typename: 'RoomUpdated', room: { name: 'followed', topic: 'two', archivedAt: null } },
    ]);
    expect(Date.parse(archivedAt)).toBeGreaterThan(0);
    received.stop();
  });

  it('is for owners: members and strangers are refused every change', async () => {
    const { id } = await createRoom(ann, { name: "Ann's" });
    const carl = await person(node, 'carl');
    await joinRoom(bob, { roomId: id });
    for (const someone of [bob, carl, gus])
      for (const change of [
        { name: 'Mine' },
        { topic: null },
        { slowModeSeconds: 1 },
        { visibility: 'PRIVATE' },
        { archived: true },
        {},
      ])
        await expect(updateRoom(someone, { roomId: id, ...change })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
    await expect(
      query(
        node.url,
        `mutation { updateRoom(input: { roomId: "${id}", name: "x" }) { room { id } } }`,
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await findRoom(ann, { id })).toMatchObject({
      name: "Ann's",
      visibility: 'PUBLIC',
      archivedAt: null,
    });
  });

  it('is for admins, who do not need to be members of a public room', async () => {
    await using governed = await startNode({ settings: { ADMIN_USERNAMES: 'root' } });
    const [root, eve] = await Promise.all([person(governed, 'root'), person(governed, 'eve')]);
    const room = await createRoom(eve, { name: 'Noisy' });
    expect(
      await updateRoom(root, { roomId: room.id, name: 'Quiet', archived: true }),
    ).toMatchObject({ name: 'Quiet', viewerMember: null });
    const lobby = await findRoom(root, { name: 'lobby' });
    expect(await updateRoom(root, { roomId: lobby.id, topic: 'Be kind' })).toMatchObject({
      topic: 'Be kind',
    });
    await expect(updateRoom(eve, { roomId: lobby.id, topic: 'Be rude' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const secret = await createRoom(eve, { name: 'Secret', visibility: 'PRIVATE' });
    await expect(updateRoom(root, { roomId: secret.id, name: 'Open' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('[P12] refuses invalid values', async () => {
    const { id } = await createRoom(ann, { name: 'Sound' });
    const refused: [Record<string, unknown>, string][] = [
      [{ name: null }, 'name'],
      [{ name: '' }, 'name'],
      [{ name: 'x'.repeat(65) }, 'name'],
      [{ name: 'nul\0' }, 'name'],
      [{ topic: 'x'.repeat(1025) }, 'topic'],
      [{ topic: 'nul\0' }, 'topic'],
      [{ visibility: null }, 'visibility'],
      [{ archived: null }, 'archived'],
      [{ slowModeSeconds: null }, 'slowModeSeconds'],
      [{ slowModeSeconds: -1 }, 'slowModeSeconds'],
      [{ slowModeSeconds: 21_601 }, 'slowModeSeconds'],
    ];
    for (const [change, field] of refused)
      await expect(updateRoom(ann, { roomId: id, ...change })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field },
      });
    await expect(updateRoom(ann, { roomId: id, name: 'LOBBY' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    for (const roomId of [unknownId, ...malformedIds])
      await expect(updateRoom(ann, { roomId, name: 'x' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    expect(await findRoom(ann, { id })).toMatchObject({
      name: 'Sound',
      topic: null,
      slowModeSeconds: 0,
    });
  });
});

describe('rooms', () => {
  let dan: Person;
  const names = ['Alpha', 'beta', 'Delta', 'gamma', 'Omega'];
  let lists: TestNode;
  beforeAll(async () => {
    lists = await startNode({ settings: { DEFAULT_ROOM: '' } });
    dan = await person(lists, 'dan');
    for (const name of names.toReversed()) await createRoom(dan, { name });
  });
  afterAll(() => lists[Symbol.asyncDispose]());

  it('are sorted by name, regardless of case', async () => {
    expect(await roomNames(dan)).toEqual(names);
  });

  it('are paged forwards and backwards, without a gap or a repeat', async () => {
    const first = await pageOfRooms(dan, { first: 2 });
    expect([namesOn(first), first.pageInfo]).toMatchObject([
      ['Alpha', 'beta'],
      { hasNextPage: true, hasPreviousPage: false },
    ]);
    const second = await pageOfRooms(dan, { first: 2, after: first.pageInfo.endCursor });
    expect([namesOn(second), second.pageInfo.hasNextPage]).toEqual([['Delta', 'gamma'], true]);
    const third = await pageOfRooms(dan, { first: 2, after: second.pageInfo.endCursor });
    expect([namesOn(third), third.pageInfo.hasNextPage]).toEqual([['Omega'], false]);
    const last = await pageOfRooms(dan, { last: 2 });
    expect([namesOn(last), last.pageInfo]).toMatchObject([
      ['gamma', 'Omega'],
      { hasNextPage: false, hasPreviousPage: true },
    ]);
    const before = await pageOfRooms(dan, { last: 10, before: last.pageInfo.startCursor });
    expect([namesOn(before), before.pageInfo.hasPreviousPage]).toEqual([
      ['Alpha', 'beta', 'Delta'],
      false,
    ]);
    expect(
      await roomNames(dan, { after: first.edges[0].cursor, before: last.edges[1].cursor }),
    ).toEqual(['beta', 'Delta', 'gamma']);
  });

  it('[P12] refuse pages that are too large, and invalid cursors', async () => {
    const forged = [
      '[]',
      '{"0":"a"}',
      '["a","b"]',
      '["a\\u0000","01900000-0000-7000-8000-000000000000"]',
      '[1,2]',
      'null',
      'no JSON',
    ];
    for (const text of forged)
      await expect(
        pageOfRooms(dan, { after: Buffer.from(text).toString('base64url') }),
      ).rejects.toMatchObject({ code: 'INVALID' });
    for (const page of [{ first: 101 }, { last: 101 }, { first: -1 }, { first: 1, last: 1 }])
      await expect(pageOfRooms(dan, page)).rejects.toMatchObject({ code: 'INVALID' });
    expect(await roomNames(dan, { first: 0 })).toEqual([]);
  });

  it('are searched by a part of the name or the topic, in which all characters are literal', async () => {
    const eve = await person(lists, 'eve');
    await createRoom(eve, { name: '100% wool', topic: 'Knitting_and more' });
    await createRoom(eve, { name: '1000 sheep', topic: 'Éleveurs \\ breeders' });
    expect(await roomNames(dan, { search: '100' })).toEqual(['100% wool', '1000 sheep']);
    expect(await roomNames(dan, { search: '100%' })).toEqual(['100% wool']);
    expect(await roomNames(dan, { search: 'ng_a' })).toEqual(['100% wool']);
    expect(await roomNames(dan, { search: ' WOOL ' })).toEqual(['100% wool']);
    expect(await roomNames(dan, { search: 'n%m' })).toEqual([]);
    expect(await roomNames(dan, { search: '\\ b' })).toEqual(['1000 sheep']);
    expect(await roomNames(dan, { search: 'éleveurs' })).toEqual(['1000 sheep']);
    expect(await roomNames(dan, { search: '' })).toHaveLength(7);
    for (const search of ['nul\0', 'x'.repeat(65)])
      await expect(roomNames(dan, { search })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'search' },
      });
  });

  it('are filtered by whether the viewer is a member', async () => {
    const fay = await person(lists, 'fay');
    await joinRoom(fay, { name: 'gamma' });
    await joinRoom(fay, { name: 'Alpha' });
    expect(await roomNames(fay, { joined: true })).toEqual(['Alpha', 'gamma']);
    expect(await roomNames(fay, { joined: false })).toEqual(
      expect.arrayContaining(['beta', 'Delta', 'Omega']),
    );
    expect(await roomNames(fay, { joined: false })).not.toContain('gamma');
    expect(await roomNames(fay, { joined: true, search: 'alp' })).toEqual(['Alpha']);
    const { edges } = await pageOfRooms(fay);
    expect(
      edges
        .filter(({ node: room }: any) => room.viewerMember)
        .map(({ node: room }: any) => [room.name, room.memberCount]),
    ).toEqual([
      ['Alpha', 2],
      ['gamma', 2],
    ]);
  });
});
