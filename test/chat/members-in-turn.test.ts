import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMeeting, type Meeting } from '../support/meeting.ts';
import { person, type Person } from '../support/person.ts';
import {
  createRoom,
  findRoom,
  guest,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  memberNames,
  updateRoom,
} from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

/**
 * Two operations meet in the database: the first has done its work and waits for its number, when
 * the second comes.
 */
describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
  '[P11] while another operation is about to commit',
  () => {
    let node: TestNode;
    let meeting: Meeting;
    let admin: Meeting['admin'];
    let meet: Meeting['meet'];
    let ann: Person, bob: Person, cat: Person, gus: Person;
    beforeAll(async () => {
      node = await startNode({ settings: { RATE_LIMITS: 'off' } });
      meeting = await openMeeting(node);
      ({ admin, meet } = meeting);
      [ann, bob, cat, gus] = await Promise.all([
        person(node, 'ann'),
        person(node, 'bob'),
        person(node, 'cat'),
        guest(node, 'Gus'),
      ]);
    });
    afterAll(async () => {
      await meeting[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    });

    const giveRole = (roomId: string, { id }: Person, role: string) =>
      admin.query('update members set role = $3 where conversation_id = $1 and user_id = $2', [
        roomId,
        id,
        role,
      ]);

    it('a guest cannot join a room that is being made private', async () => {
      const { id } = await createRoom(ann, { name: 'closing before' });
      expect(
        await meet(
          id,
          () => updateRoom(ann, { roomId: id, visibility: 'PRIVATE' }),
          () => joinRoom(gus, { roomId: id }),
        ),
      ).toEqual(['done', 'NOT_FOUND']);
      expect(await memberNames(ann, id)).toEqual(['ann']);
    });

    it('a guest who is joining is removed with the others when the room is made private', async () => {
      const { id } = await createRoom(ann, { name: 'closing after' });
      expect(
        await meet(
          id,
          () => joinRoom(gus, { roomId: id }),
          () => updateRoom(ann, { roomId: id, visibility: 'PRIVATE' }),
        ),
      ).toEqual(['done', 'done']);
      expect(await memberNames(ann, id)).toEqual(['ann']);
    });

    it('no user joins or is invited to a room that is being archived', async () => {
      const { id } = await createRoom(ann, { name: 'archiving' });
      await joinRoom(cat, { roomId: id });
      expect(
        await meet(
          id,
          () => updateRoom(ann, { roomId: id, archived: true }),
          () => joinRoom(bob, { roomId: id }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      await updateRoom(ann, { roomId: id, archived: false });
      expect(
        await meet(
          id,
          () => updateRoom(ann, { roomId: id, archived: true }),
          () => inviteToRoom(cat, { roomId: id, userIds: [bob.id] }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      expect(await memberNames(ann, id)).toEqual(['ann', 'cat']);
    });

    it('a member who is leaving can no longer invite', async () => {
      const { id } = await createRoom(ann, { name: 'last word' });
      await joinRoom(bob, { roomId: id });
      expect(
        await meet(
          id,
          () => leaveRoom(bob, { roomId: id }),
          () => inviteToRoom(bob, { roomId: id, userIds: [cat.id] }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      const hidden = await createRoom(ann, { name: 'last word', visibility: 'PRIVATE' });
      await inviteToRoom(ann, { roomId: hidden.id, userIds: [bob.id] });
      await giveRole(hidden.id, bob, 'MODERATOR');
      expect(
        await meet(
          hidden.id,
          () => leaveRoom(bob, { roomId: hidden.id }),
          () => inviteToRoom(bob, { roomId: hidden.id, userIds: [cat.id] }),
        ),
      ).toEqual(['done', 'NOT_FOUND']);
      for (const roomId of [id, hidden.id]) expect(await memberNames(ann, roomId)).toEqual(['ann']);
    });

    it('a member who is leaving can no longer change the room', async () => {
      const { id } = await createRoom(ann, { name: 'last wish' });
      await joinRoom(bob, { roomId: id });
      await giveRole(id, bob, 'OWNER');
      expect(
        await meet(
          id,
          () => leaveRoom(bob, { roomId: id }),
          () => updateRoom(bob, { roomId: id, topic: 'mine' }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      expect(await findRoom(ann, { id })).toMatchObject({ topic: null });
    });

    it('a user who leaves and joins at once is a member or not, consistent with the room', async () => {
      const { id } = await createRoom(ann, { name: 'revolving door' });
      await joinRoom(bob, { roomId: id });
      expect(
        await meet(
          id,
          () => leaveRoom(bob, { roomId: id }),
          () => leaveRoom(bob, { roomId: id }),
        ),
      ).toEqual(['done', 'CONFLICT']);
      expect(
        await meet(
          id,
          () => joinRoom(bob, { roomId: id }),
          () => joinRoom(bob, { roomId: id }),
        ),
      ).toEqual(['done', 'done']);
      expect(await memberNames(ann, id)).toEqual(['ann', 'bob']);
      expect(
        await meet(
          id,
          () => joinRoom(cat, { roomId: id }),
          () => inviteToRoom(ann, { roomId: id, userIds: [cat.id] }),
        ),
      ).toEqual(['done', 'done']);
      expect(await findRoom(ann, { id })).toMatchObject({ memberCount: 3 });
      const { rows } = await admin.query(
        "select type, data->>'userId' as who from events where topic = $1 order by seq",
        [`conversation:${id}`],
      );
      expect(
        rows.map(
          ({ type, who }) =>
            `${type} ${[ann, bob, cat].find((someone) => someone.id === who)!.username}`,
        ),
      ).toEqual([
        'MemberJoined ann',
        'MemberJoined bob',
        'MemberLeft bob',
        'MemberJoined bob',
        'MemberJoined cat',
      ]);
    });
  },
);
