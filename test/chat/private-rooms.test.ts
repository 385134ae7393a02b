import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type GraphQLRefused, type Person } from '../support/person.ts';
import {
  createRoom,
  findRoom,
  followRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  memberNames,
  pageOfRooms,
  roomNames,
  updateRoom,
} from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, bob: Person, eve: Person, root: Person, gus: Person;
let room: any;
beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root', DEFAULT_ROOM: '' },
  });
  [ann, bob, eve, root, gus] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'eve'),
    person(node, 'root'),
    guest(node, 'Gus'),
  ]);
  room = await createRoom(ann, { name: 'Hideout', topic: 'plans', visibility: 'PRIVATE' });
  await inviteToRoom(ann, { roomId: room.id, userIds: [bob.id] });
});
afterAll(async () => {
  await Promise.all([ann, bob, eve, root, gus].map((someone) => someone[Symbol.asyncDispose]()));
  await node[Symbol.asyncDispose]();
});

const unknownId = '01900000-0000-7000-8000-000000000000';
const outsiders = () => [eve, root, gus];

/** The whole answer to a client, without the id of the request. */
async function answer(work: Promise<unknown>): Promise<unknown> {
  try {
    return { answered: await work };
  } catch (error) {
    const { code, message, extensions } = error as GraphQLRefused;
    return { code, message, extensions: { ...extensions, requestId: undefined } };
  }
}

describe('a private room for its members', () => {
  it('is a room like any other', async () => {
    for (const someone of [ann, bob]) {
      expect(await findRoom(someone, { id: room.id })).toMatchObject({
        name: 'Hideout',
        visibility: 'PRIVATE',
        memberCount: 2,
      });
      expect(await findRoom(someone, { name: 'HIDEOUT' })).toMatchObject({ id: room.id });
      expect(await roomNames(someone)).toEqual(['Hideout']);
      expect(await roomNames(someone, { joined: true, search: 'plan' })).toEqual(['Hideout']);
      expect(await memberNames(someone, room.id)).toEqual(['ann', 'bob']);
      expect(await joinRoom(someone, { roomId: room.id })).toMatchObject({
        id: room.id,
        memberCount: 2,
      });
      expect(await joinRoom(someone, { name: 'hideout' })).toMatchObject({ id: room.id });
      const received = await followRoom(someone, room.id).count(1);
      received.stop();
    }
    await expect(updateRoom(bob, { roomId: room.id, topic: 'x' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(inviteToRoom(bob, { roomId: room.id, userIds: [eve.id] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('[P11] a private room for all other users', () => {
  const attempts: Record<string, (someone: Person, id: string) => Promise<unknown>> = {
    'room(id)': (someone, id) => findRoom(someone, { id }),
    conversation: (someone, id) =>
      someone.query(
        'query ($id: ID!) { conversation(id: $id) { id members { edges { node { user { username } } } } } }',
        { id },
      ),
    joinRoom: (someone, roomId) => joinRoom(someone, { roomId }),
    leaveRoom: (someone, roomId) => leaveRoom(someone, { roomId }),
    inviteToRoom: (someone, roomId) => inviteToRoom(someone, { roomId, userIds: [someone.id] }),
    updateRoom: (someone, roomId) => updateRoom(someone, { roomId, name: 'Mine' }),
    'updateRoom with what is invalid': (someone, roomId) =>
      updateRoom(someone, { roomId, name: null }),
    sendMessage: (someone, id) =>
      someone.query(
        'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "hi" }) { message { id } } }',
        { id },
      ),
    roomMessages: async (someone, id) => followRoom(someone, id).ended(),
    'roomMessages over another cursor': async (someone, id) =>
      followRoom(someone, id, 'AAAAAAAA1').ended(),
  };

  it.each(Object.entries(attempts))(
    'is answered like an unknown room by %s',
    async (_name, attempt) => {
      for (const someone of outsiders()) {
        const answers = await Promise.all(
          [room.id, room.id.toUpperCase(), unknownId].map((id) => answer(attempt(someone, id))),
        );
        expect(answers[0]).toEqual(answers[2]);
        expect(answers[1]).toEqual(answers[2]);
      }
      expect(await memberNames(ann, room.id)).toEqual(['ann', 'bob']);
    },
  );

  it('is not revealed by its name', async () => {
    for (const someone of outsiders()) {
      expect(await findRoom(someone, { name: 'Hideout' })).toBeNull();
      expect(await answer(joinRoom(someone, { name: 'Hideout' }))).toEqual(
        await answer(joinRoom(someone, { name: 'Nowhere' })),
      );
      for (const search of ['Hideout', 'plans', ''])
        for (const joined of [true, false, undefined])
          expect(await roomNames(someone, { search, joined })).toEqual([]);
      expect((await pageOfRooms(someone, { first: 1 })).pageInfo).toMatchObject({
        hasNextPage: false,
        hasPreviousPage: false,
      });
    }
  });

  it('leaves its name free, for a public and for a private room', async () => {
    const theirs = await createRoom(eve, { name: 'Hideout', visibility: 'PRIVATE' });
    const open = await createRoom(eve, { name: 'hideout' });
    for (const someone of [ann, eve, gus])
      expect(await findRoom(someone, { name: 'Hideout' })).toMatchObject({ id: open.id });
    await updateRoom(eve, { roomId: open.id, name: 'Open' });
    expect(await findRoom(eve, { name: 'Hideout' })).toMatchObject({ id: theirs.id });
    expect(await findRoom(ann, { name: 'Hideout' })).toMatchObject({ id: room.id });
    await expect(createRoom(eve, { name: 'HIDEOUT', visibility: 'PRIVATE' })).rejects.toMatchObject(
      { code: 'CONFLICT' },
    );
  });
});

describe('[P11] a former member of a private room', () => {
  it('learns nothing more of it, not even its name', async () => {
    const { id } = await createRoom(eve, { name: 'Left behind', visibility: 'PRIVATE' });
    expect(await leaveRoom(eve, { roomId: id })).toMatchObject({
      id,
      memberCount: 0,
      viewerMember: null,
    });
    expect(await findRoom(eve, { id })).toBeNull();
    expect(await answer(leaveRoom(eve, { roomId: id }))).toEqual(
      await answer(leaveRoom(eve, { roomId: unknownId })),
    );
    expect(await createRoom(eve, { name: 'Left behind', visibility: 'PRIVATE' })).toMatchObject({
      name: 'Left behind',
    });
  });

  it('receives nothing more', async () => {
    const { id } = await createRoom(ann, { name: 'Short stay', visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id] });
    const received = await followRoom(bob, id).count(1);
    await leaveRoom(bob, { roomId: id });
    await updateRoom(ann, { roomId: id, topic: 'Now we are among ourselves' });
    expect(await received.ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(received.events.filter(({ __typename }) => __typename === 'RoomUpdated')).toEqual([]);
    expect(await followRoom(bob, id, received.events.at(-1).cursor).ended()).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a room that becomes private', () => {
  it('[P11] removes its guests, and is hidden from users outside', async () => {
    const { id } = await createRoom(ann, { name: 'Closing', visibility: 'PUBLIC' });
    for (const someone of [bob, gus]) await joinRoom(someone, { roomId: id });
    const [annHears, gusHears] = await Promise.all([
      followRoom(ann, id).count(1),
      followRoom(gus, id).count(1),
    ]);
    expect(await updateRoom(ann, { roomId: id, visibility: 'PRIVATE' })).toMatchObject({
      visibility: 'PRIVATE',
      memberCount: 2,
    });
    expect(await gusHears.ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(gusHears.events.filter(({ __typename }) => __typename === 'RoomUpdated')).toEqual([]);
    await annHears.count(3);
    expect(annHears.events.slice(1)).toMatchObject([
      { __typename: 'MemberLeft', user: { username: gus.username }, reason: 'KICKED' },
      { __typename: 'RoomUpdated', room: { visibility: 'PRIVATE' } },
    ]);
    for (const someone of outsiders()) expect(await findRoom(someone, { id })).toBeNull();
    expect(await memberNames(bob, id)).toEqual(['ann', 'bob']);
    annHears.stop();
  });

  it('can be made public again, unless its name was taken meanwhile', async () => {
    const { id } = await createRoom(ann, { name: 'Contested' });
    await updateRoom(ann, { roomId: id, visibility: 'PRIVATE' });
    const other = await createRoom(eve, { name: 'contested' });
    await expect(updateRoom(ann, { roomId: id, visibility: 'PUBLIC' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await updateRoom(eve, { roomId: other.id, name: 'Settled' });
    expect(await updateRoom(ann, { roomId: id, visibility: 'PUBLIC' })).toMatchObject({
      visibility: 'PUBLIC',
    });
    expect(await joinRoom(gus, { name: 'Contested' })).toMatchObject({ id });
  });

  it('does not admit a guest in any way', async () => {
    await expect(
      inviteToRoom(ann, { roomId: room.id, userIds: [eve.id, gus.id] }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('Guests') });
    expect(await memberNames(ann, room.id)).toEqual(['ann', 'bob']);
  });
});
