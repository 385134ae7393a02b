import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import {
  createRoom,
  findRoom,
  followRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  memberNames,
  updateRoom,
} from '../support/rooms.ts';
import { startNode } from '../support/start-node.ts';

/** Refusals that say how things stand. Anything else is a fault. */
const expected = new Set(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']);

it('[P1] the members match the events after simultaneous joins, departures, invitations, sends and archiving', async () => {
  await using node = await startNode({ settings: { RATE_LIMITS: 'off', DEFAULT_ROOM: '' } });
  const owner = await person(node, 'owner');
  const people = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'cat'),
    person(node, 'dan'),
    guest(node, 'Gus'),
    guest(node, 'Guy'),
  ]);
  const { id } = await createRoom(owner, { name: 'busy' });
  const received = await followRoom(owner, id).count(1);

  const send = (someone: Person) =>
    someone.query(
      'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "hi" }) { message { seq } } }',
      { id },
    );
  const deeds = [
    (someone: Person) => joinRoom(someone, { roomId: id }),
    (someone: Person) => joinRoom(someone, { roomId: id }),
    (someone: Person) => leaveRoom(someone, { roomId: id }),
    (someone: Person) =>
      inviteToRoom(someone, { roomId: id, userIds: people.map((invited) => invited.id) }),
    send,
    send,
  ];
  const acts = people.map(async (someone, place) => {
    for (let round = 0; round < 40; round++)
      await deeds[(round * 7 + place * 3) % deeds.length]!(someone).catch(refused);
  });
  const closes = async () => {
    for (const closing of [
      { visibility: 'PRIVATE' },
      { archived: true },
      { visibility: 'PRIVATE', archived: true },
      { visibility: 'PRIVATE' },
      { visibility: 'PRIVATE' },
    ]) {
      await updateRoom(owner, { roomId: id, ...closing });
      await updateRoom(owner, { roomId: id, visibility: 'PUBLIC', archived: false });
      await delay(50);
    }
  };
  await Promise.all([...acts, closes()]);
  await updateRoom(owner, { roomId: id, topic: 'the end' });
  await received.find(({ room }) => room?.topic === 'the end');

  const inside = new Set(['owner']);
  for (const { __typename, user } of received.events) {
    if (__typename === 'MemberJoined')
      expect(inside.has(user.username), `${user.username} joins when outside`).toBe(false);
    if (__typename === 'MemberLeft')
      expect(inside.has(user.username), `${user.username} leaves when inside`).toBe(true);
    if (__typename === 'MemberJoined') inside.add(user.username);
    if (__typename === 'MemberLeft') inside.delete(user.username);
  }
  expect(
    received.events.filter(({ __typename }) => __typename === 'MemberLeft').length,
  ).toBeGreaterThan(0);
  expect([...inside].sort()).toEqual((await memberNames(owner, id)).sort());
  expect((await findRoom(owner, { id })).memberCount).toBe(inside.size);
  await Promise.all([owner, ...people].map((someone) => someone[Symbol.asyncDispose]()));
}, 120_000);

function refused(error: { code?: string }): void {
  if (!expected.has(String(error.code))) throw error;
}
