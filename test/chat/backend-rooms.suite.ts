import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage } from '../support/messages.ts';
import { banMember, reportMessage } from '../support/moderating.ts';
import { notificationsOf, unreadOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, findRoom, guest, joinRoom, memberNames } from '../support/rooms.ts';
import { followLive, send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

export function describeBackendRooms({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person, root: Person;
  let shop: TestService;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    [ann, bob, cat, root] = (await Promise.all(
      ['ann', 'bob', 'cat', 'root'].map((name) => person(node, name)),
    )) as [Person, Person, Person, Person];
    shop = await service(node);
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat, root]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  let rooms = 0;
  const newRoom = async (more: object = {}): Promise<string> =>
    (await createRoom(ann, { name: `room ${++rooms}`, ...more })).id;
  const mutate = (name: string, input: Record<string, unknown>, fields: string): Promise<any> =>
    shop.mutate(name, `${name[0]!.toUpperCase()}${name.slice(1)}Input`, input, fields);
  const add = async (input: Record<string, unknown>): Promise<number> =>
    (await mutate('addMembers', input, 'changedCount')).changedCount;
  const remove = async (input: Record<string, unknown>): Promise<number> =>
    (await mutate('removeMembers', input, 'changedCount')).changedCount;
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      ({ code, message }) => `${code} ${message}`,
    );

  describe('addMembers and removeMembers', () => {
    it('change memberships with events and without notifications; a repeat changes nothing', async () => {
      const roomId = await newRoom({ visibility: 'PRIVATE' });
      const received = await followLive(ann, roomId);
      const userIds = [bob.id, cat.id];
      expect(await add({ roomId, userIds })).toBe(2);
      expect(await add({ roomId, userIds })).toBe(0);
      expect(await memberNames(ann, roomId)).toEqual(expect.arrayContaining(['bob', 'cat']));
      expect(await add({ roomId, userIds: [bob.id], role: 'MODERATOR' })).toBe(1);
      expect(await remove({ roomId, userIds: [cat.id, root.id] })).toBe(1);
      await received.find(({ __typename }) => __typename === 'MemberLeft');
      expect(received.events.map(({ __typename }) => __typename)).toEqual(
        expect.arrayContaining(['MemberJoined', 'MemberUpdated', 'MemberLeft']),
      );
      expect(await unreadOf(bob)).toBe(0);
      expect((await findRoom(bob, { id: roomId })).id).toBe(roomId);
      expect(await findRoom(cat, { id: roomId })).toBeNull();
    });

    it('take ids of the application, and can remove the last owner', async () => {
      await mutate('upsertUsers', { users: [{ externalId: 'm-1' }] }, 'createdCount');
      await mutate('upsertRooms', { rooms: [{ externalId: 'r-1' }] }, 'createdCount');
      const target = { roomId: 'external:r-1', userIds: ['external:m-1'] };
      expect(await add({ ...target, role: 'OWNER' })).toBe(1);
      expect(await remove(target)).toBe(1);
    });

    it('are refused as a whole for unknown and banned users, and for guests in private rooms', async () => {
      const [roomId, privateId] = [await newRoom(), await newRoom({ visibility: 'PRIVATE' })];
      await using visitor = await guest(node, 'Visitor');
      await banMember(ann, { roomId, userId: cat.id });
      const attempt = (input: Record<string, unknown>) => refusal(add({ roomId, ...input }));
      expect(await attempt({ userIds: [bob.id, cat.id] })).toMatch(/^CONFLICT .*banned/);
      expect(await attempt({ userIds: [bob.id, 'external:?'] })).toMatch(
        /^NOT_FOUND .*external:\?/,
      );
      expect(await attempt({ userIds: [] })).toMatch(/^INVALID .*1 to 1000/);
      expect(await attempt({ roomId: privateId, userIds: [visitor.id] })).toMatch(
        /^CONFLICT .*guest/,
      );
      expect(await attempt({ userIds: [visitor.id], role: 'OWNER' })).toMatch(/^CONFLICT .*guest/);
      expect(await attempt({ roomId: bob.id, userIds: [bob.id] })).toMatch(/^NOT_FOUND/);
      expect(await memberNames(ann, roomId)).toEqual(['ann']);
      expect(await attempt({ userIds: [visitor.id] })).toBe('done');
    });
  });

  it('setMemberMetadata changes the membership, and is an event', async () => {
    const roomId = await newRoom();
    const received = ann.follow(
      'subscription ($id: ID!) { roomMessages(roomId: $id) { __typename ... on MemberUpdated { member { user { username } metadata } } } }',
      { id: roomId },
    );
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    const target = { conversationId: roomId, userId: ann.id };
    const set = (metadata: object, more: object = {}): Promise<any> =>
      mutate('setMemberMetadata', { ...target, metadata, ...more }, 'member { metadata }');
    expect(await set({ seat: 12 })).toEqual({ member: { metadata: { seat: 12 } } });
    await set({ seat: 12 });
    await set({});
    await received.find(({ member }) => member && Object.keys(member.metadata).length === 0);
    const updates = received.events.filter(({ __typename }) => __typename === 'MemberUpdated');
    expect(updates).toHaveLength(2);
    expect(await refusal(set({}, { userId: bob.id }))).toMatch(/^NOT_FOUND/);
    expect(await refusal(set({ a: 'x'.repeat(9000) }))).toMatch(/^INVALID/);
  });

  describe('deleteRoom', () => {
    it('deletes everything, ends followers with RoomDeleted, and frees the name [P17]', async () => {
      const roomId = await newRoom({ name: 'Doomed' });
      await joinRoom(bob, { roomId });
      const { id: messageId } = await send(ann, roomId, 'hello @bob');
      await reportMessage(bob, { messageId, reason: 'spam' });
      await until('the mention and the report', async () =>
        [await unreadOf(bob), await unreadOf(ann)].every((count) => count > 0),
      );
      const received = bob.follow(
        'subscription ($id: ID!) { roomMessages(roomId: $id) { __typename ... on RoomDeleted { roomId } } }',
        { id: roomId },
      );
      await received.find(({ __typename }) => __typename === 'CaughtUp');
      expect(await mutate('deleteRoom', { roomId }, 'ok')).toEqual({ ok: true });
      const end = await received.ended();
      expect(received.events.at(-1)).toEqual({ __typename: 'RoomDeleted', roomId });
      expect(JSON.stringify(end)).toContain('FORBIDDEN');
      expect(await findRoom(ann, { id: roomId })).toBeNull();
      expect(await findRoom(root, { name: 'Doomed' })).toBeNull();
      expect(await notificationsOf(bob)).toEqual([]);
      expect(await unreadOf(ann)).toBe(0);
      const { exportMyData } = await ann.query('mutation { exportMyData { data } }');
      expect(JSON.stringify(exportMyData.data)).not.toContain(roomId);
      expect(await refusal(send(ann, roomId, 'again'))).toMatch(/^NOT_FOUND/);
      expect(await refusal(deleteMessage(ann, { messageId }))).toMatch(/^NOT_FOUND/);
      expect(await refusal(mutate('deleteRoom', { roomId }, 'ok'))).toMatch(/^NOT_FOUND/);
      expect(await refusal(add({ roomId, userIds: [bob.id] }))).toMatch(/^NOT_FOUND/);
      await createRoom(bob, { name: 'Doomed' });
    });
  });

  describe('setUserRole', () => {
    it('makes and unmakes admins, but not against the settings', async () => {
      const set = (userId: string, role: string) =>
        mutate('setUserRole', { userId, role }, 'user { role }');
      expect(await set(cat.id, 'ADMIN')).toEqual({ user: { role: 'ADMIN' } });
      await until('cat is an admin', async () =>
        cat.query('{ connectionStats { nodes } }').then(
          () => true,
          () => false,
        ),
      );
      expect(await set(cat.id, 'USER')).toEqual({ user: { role: 'USER' } });
      expect(await refusal(cat.query('{ connectionStats { nodes } }'))).toMatch(/^FORBIDDEN/);
      expect(await refusal(set(root.id, 'USER'))).toMatch(/^CONFLICT .*settings/);
      await using visitor = await guest(node, 'Visitor');
      expect(await refusal(set(visitor.id, 'ADMIN'))).toMatch(/^CONFLICT/);
    });
  });

  describe('deleteUser', () => {
    it.each([true, false])(
      'deletes the account, and its messages if told so: %s [P17]',
      async (deleteMessages) => {
        const name = `leaver-${deleteMessages}`;
        await using leaver = await person(node, name);
        const roomId = await newRoom();
        await joinRoom(leaver, { roomId });
        await send(leaver, roomId, 'my text');
        await mutate('deleteUser', { userId: leaver.id, deleteMessages }, 'ok');
        expect(await refusal(leaver.query('{ viewer { id } }'))).toMatch(/^UNAUTHENTICATED/);
        expect(await memberNames(ann, roomId)).toEqual(['ann']);
        const { conversation } = await ann.query(
          'query ($id: ID!) { conversation(id: $id) { messages { edges { node { body author { displayName } } } } } }',
          { id: roomId },
        );
        expect(conversation.messages.edges).toEqual([
          {
            node: {
              body: deleteMessages ? null : 'my text',
              author: { displayName: 'Deleted user' },
            },
          },
        ]);
        const again = mutate('deleteUser', { userId: leaver.id }, 'ok');
        expect(await refusal(again)).toMatch(/^NOT_FOUND/);
      },
    );

    it('refuses a user whose name gives the admin role', async () => {
      expect(await refusal(mutate('deleteUser', { userId: root.id }, 'ok'))).toMatch(/^CONFLICT/);
    });
  });

  describe('exportUser', () => {
    const read = async (url: string, token: string): Promise<{ status: number; lines: any[] }> => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(new URL(url, node.url), { headers });
      const lines = (await response.text()).split('\n').filter((line) => line !== '');
      return { status: response.status, lines: lines.map((line) => JSON.parse(line)) };
    };

    it('returns a link to all data as JSON lines, for the same service only [P11]', async () => {
      const roomId = await newRoom();
      await send(ann, roomId, 'exported');
      const { url } = await mutate('exportUser', { userId: ann.id }, 'url');
      const { status, lines } = await read(url, shop.token);
      expect(status).toBe(200);
      expect(lines[0]).toMatchObject({ type: 'account', data: { id: ann.id, username: 'ann' } });
      expect(lines.at(-1)).toMatchObject({ type: 'end' });
      expect(lines).toContainEqual(
        expect.objectContaining({
          type: 'messages',
          data: expect.objectContaining({ body: 'exported' }),
        }),
      );
      const bakery = await service(node, undefined, 'bakery');
      const narrow = await service(node, ['users']);
      const forged = `${url.slice(0, -3)}abc`;
      expect((await read(url, bakery.token)).status).toBe(403);
      expect((await read(url, narrow.token)).status).toBe(403);
      expect((await read(url, ann.token)).status).toBe(401);
      expect((await read(forged, shop.token)).status).toBe(400);
      expect((await read('/exports', shop.token)).status).toBe(400);
      expect((await fetch(new URL(url, node.url))).status).toBe(401);
    });
  });
}
