import { afterAll, beforeAll, expect, it } from 'vitest';
import { kickMember } from '../support/moderating.ts';
import { followNotificationsLive, notificationsOf } from '../support/notifications.ts';
import { person, query, type Person } from '../support/person.ts';
import { createRoom, guest, inviteToRoom, joinRoom, updateRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, bob: Person, cat: Person, gus: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  [ann, bob, cat, gus] = (await Promise.all([
    ...['ann', 'bob', 'cat'].map((name) => person(node, name)),
    guest(node, 'Gus'),
  ])) as [Person, Person, Person, Person];
});
afterAll(async () => {
  await bob[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

it('a user who is added to a room is notified, once, by the current names of the inviter and the room', async () => {
  const { id: roomId } = await createRoom(ann, { name: 'Cellar', visibility: 'PRIVATE' });
  const received = await followNotificationsLive(bob);
  await inviteToRoom(ann, { roomId, userIds: [bob.id, cat.id] });
  await inviteToRoom(ann, { roomId, userIds: [bob.id, cat.id] });
  const { notification } = await received.find(
    ({ __typename }) => __typename === 'NotificationReceived',
  );
  expect(notification.type).toBe('room_invitation');
  await updateRoom(ann, { roomId, name: 'Attic' });
  await ann.query(
    'mutation { updateProfile(input: { displayName: "Ann the Host" }) { user { id } } }',
  );
  for (const one of [bob, cat])
    expect(await notificationsOf(one)).toMatchObject([
      {
        type: 'room_invitation',
        title: 'Ann the Host',
        message: 'You were added to the room Attic.',
        data: { conversationId: roomId, invitedById: ann.id },
        readAt: null,
      },
    ]);
  await kickMember(ann, { roomId, userId: bob.id });
  await updateRoom(ann, { roomId, name: 'Secret' });
  const [hidden] = await notificationsOf(bob);
  expect(hidden.message).toBe('This room is no longer available.');
  expect(await notificationsOf(ann)).toEqual([]);
});

it('guests, and users who join by themselves, are not notified', async () => {
  const { id: roomId } = await createRoom(ann, { name: 'Quay' });
  const dan = await person(node, 'dan');
  await joinRoom(dan, { roomId });
  await inviteToRoom(ann, { roomId, userIds: [gus.id, dan.id] });
  expect(await notificationsOf(dan)).toEqual([]);
  const members = await ann.query(
    'query ($id: ID!) { room(id: $id) { members { edges { node { user { id } } } } } }',
    { id: roomId },
  );
  expect(members.room.members.edges.map(({ node }: any) => node.user.id)).toContain(gus.id);
});

it('the type is reserved for the server', async () => {
  const root = await startNode({ settings: { ADMIN_USERNAMES: 'root' } });
  const admin = await person(root, 'root');
  await expect(
    query(
      root.url,
      'mutation ($input: NotifyInput!) { notify(input: $input) { recipientCount } }',
      { input: { userIds: [admin.id], type: 'room_invitation', title: 'x', message: 'x' } },
      admin.token,
    ),
  ).rejects.toMatchObject({ code: 'INVALID' });
  await root[Symbol.asyncDispose]();
});
