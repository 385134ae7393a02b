import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMeeting, type Meeting } from '../support/meeting.ts';
import {
  banMember,
  followMembers,
  inSeconds,
  kickMember,
  membersNow,
  moderationLog,
  muteMember,
  reportMessage,
  resolveReport,
  setMemberRole,
} from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import {
  createRoom,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  memberNames,
  updateRoom,
} from '../support/rooms.ts';
import { describeWithServers, postgresUrl } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

/** The first has done its work and waits for its number, when the second comes. */
describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
  '[P11] while another operation is about to commit',
  () => {
    let node: TestNode;
    let meeting: Meeting;
    let meet: Meeting['meet'];
    let ann: Person, bob: Person, cat: Person, dan: Person;
    beforeAll(async () => {
      node = await startNode({ settings: { RATE_LIMITS: 'off' } });
      meeting = await openMeeting(node);
      meet = meeting.meet;
      [ann, bob, cat, dan] = (await Promise.all(
        ['ann', 'bob', 'cat', 'dan'].map((name) => person(node, name)),
      )) as [Person, Person, Person, Person];
    });
    afterAll(async () => {
      await meeting[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    });

    let rooms = 0;
    async function newRoom(...others: Person[]): Promise<string> {
      const { id } = await createRoom(ann, { name: `room ${++rooms}` });
      for (const someone of [bob, ...others]) await joinRoom(someone, { roomId: id });
      await setMemberRole(ann, { roomId: id, userId: bob.id, role: 'MODERATOR' });
      return id;
    }

    it('a user who is being banned cannot join or be invited', async () => {
      const roomId = await newRoom(cat, dan);
      expect(
        await meet(
          roomId,
          () => banMember(bob, { roomId, userId: cat.id }),
          () => joinRoom(cat, { roomId }).then(() => send(cat, roomId, 'in')),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      expect(
        await meet(
          roomId,
          () => banMember(bob, { roomId, userId: dan.id }),
          () => inviteToRoom(ann, { roomId, userIds: [dan.id] }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      expect(await memberNames(ann, roomId)).toEqual(['ann', 'bob']);
    });

    it('a user who is joining is removed by a concurrent ban', async () => {
      const roomId = await newRoom();
      expect(
        await meet(
          roomId,
          () => joinRoom(cat, { roomId }),
          () => banMember(bob, { roomId, userId: cat.id }),
        ),
      ).toEqual(['done', 'done']);
      expect(await memberNames(ann, roomId)).toEqual(['ann', 'bob']);
    });

    it('two simultaneous bans remove the user once, and the later one counts', async () => {
      const roomId = await newRoom(cat);
      const received = await followMembers(ann, roomId).count(1);
      const until = inSeconds(3600);
      expect(
        await meet(
          roomId,
          () => banMember(bob, { roomId, userId: cat.id }),
          () => banMember(ann, { roomId, userId: cat.id, until }),
        ),
      ).toEqual(['done', 'done']);
      await expect(joinRoom(cat, { roomId })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        extensions: { until },
      });
      await send(ann, roomId, 'gone');
      await received.find(({ message }) => message);
      expect(received.events.filter(({ __typename }) => __typename === 'MemberLeft')).toHaveLength(
        1,
      );
      received.stop();
    });

    it('two simultaneous kicks count as one', async () => {
      const roomId = await newRoom(cat);
      expect(
        await meet(
          roomId,
          () => kickMember(bob, { roomId, userId: cat.id }),
          () => kickMember(ann, { roomId, userId: cat.id }),
        ),
      ).toEqual(['done', 'NOT_FOUND']);
      expect((await moderationLog(ann, roomId)).edges.map(({ node }: any) => node.action)).toEqual([
        'kick',
        'set_role',
      ]);
    });

    it('no message is stored after its author was kicked, banned or muted', async () => {
      for (const [deed, code] of [
        [kickMember, 'FORBIDDEN'],
        [banMember, 'FORBIDDEN'],
        [
          (someone: Person, at: any) => muteMember(someone, { ...at, until: inSeconds(60) }),
          'FORBIDDEN',
        ],
      ] as const) {
        const roomId = await newRoom(cat);
        expect(
          await meet(
            roomId,
            () => deed(bob, { roomId, userId: cat.id }),
            () => send(cat, roomId, 'one more thing'),
          ),
        ).toEqual(['done', code]);
        const { rows } = await meeting.admin.query(
          "select type from events where topic = $1 and type = 'MessageSent'",
          [`conversation:${roomId}`],
        );
        expect(rows).toEqual([]);
      }
    });

    it('slow mode refuses the second of two concurrent messages', async () => {
      const roomId = await newRoom(cat);
      await updateRoom(ann, { roomId, slowModeSeconds: 60 });
      await using other = await startNode({ settings: node.settings });
      expect(
        await meet(
          roomId,
          () => send(cat, roomId, 'one'),
          () => send(cat.at(other), roomId, 'two'),
        ),
      ).toEqual(['done', 'RATE_LIMITED']);
    });

    it('a moderator who is losing the role or the membership can no longer moderate', async () => {
      const deeds = [
        (roomId: string) => kickMember(bob, { roomId, userId: cat.id }),
        (roomId: string) => banMember(bob, { roomId, userId: cat.id }),
        (roomId: string) => muteMember(bob, { roomId, userId: cat.id, until: inSeconds(60) }),
      ];
      for (const deed of deeds) {
        const roomId = await newRoom(cat);
        expect(
          await meet(
            roomId,
            () => setMemberRole(ann, { roomId, userId: bob.id, role: 'MEMBER' }),
            () => deed(roomId),
          ),
        ).toEqual(['done', 'FORBIDDEN']);
        await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
        expect(
          await meet(
            roomId,
            () => kickMember(ann, { roomId, userId: bob.id }),
            () => deed(roomId),
          ),
        ).toEqual(['done', 'FORBIDDEN']);
        expect(await membersNow(ann, roomId)).toMatchObject([
          { role: 'OWNER' },
          { mutedUntil: null, user: { username: 'cat' } },
        ]);
      }
      const roomId = await newRoom(cat);
      const report = await reportMessage(dan, {
        messageId: (await send(cat, roomId, 'spam')).id,
        reason: 'spam',
      });
      expect(
        await meet(
          roomId,
          () => setMemberRole(ann, { roomId, userId: bob.id, role: 'MEMBER' }),
          () => resolveReport(bob, { reportId: report.id }),
        ),
      ).toEqual(['done', 'NOT_FOUND']);
    });

    it('a member who is becoming an owner can no longer be removed by a moderator', async () => {
      const roomId = await newRoom(cat);
      await setMemberRole(ann, { roomId, userId: cat.id, role: 'MODERATOR' });
      expect(
        await meet(
          roomId,
          () => setMemberRole(ann, { roomId, userId: cat.id, role: 'OWNER' }),
          () => kickMember(bob, { roomId, userId: cat.id }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
    });

    it('one of two owners who step down, leave or are demoted at once stays an owner', async () => {
      const step = (someone: Person) => (roomId: string) =>
        setMemberRole(someone, { roomId, userId: someone.id, role: 'MEMBER' });
      const leave = (someone: Person) => (roomId: string) => leaveRoom(someone, { roomId });
      for (const [first, second] of [
        [step(ann), step(bob)],
        [leave(ann), step(bob)],
        [step(ann), leave(bob)],
      ] as const) {
        const roomId = await newRoom(cat);
        await setMemberRole(ann, { roomId, userId: bob.id, role: 'OWNER' });
        expect(
          await meet(
            roomId,
            () => first(roomId),
            () => second(roomId),
          ),
        ).toEqual(['done', 'CONFLICT']);
        expect(
          (await membersNow(cat, roomId)).filter(({ role }) => role === 'OWNER'),
        ).toMatchObject([{ user: { username: 'bob' } }]);
      }
    });

    it('a member who leaves and rejoins at once is still muted', async () => {
      const roomId = await newRoom(cat);
      await muteMember(bob, { roomId, userId: cat.id, until: inSeconds(600) });
      // The second join runs into the membership that is being ended.
      const { admin } = meeting;
      await admin.query('begin');
      await admin.query('select from topics where id = $1 for update', [`conversation:${roomId}`]);
      const leaving = leaveRoom(cat, { roomId });
      const joining = inviteToRoom(ann, { roomId, userIds: [cat.id] });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await admin.query('commit');
      await Promise.all([leaving, joining]);
      if (!(await memberNames(ann, roomId)).includes('cat')) await joinRoom(cat, { roomId });
      await expect(send(cat, roomId, 'free?')).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('muted'),
      });
    });
  },
);

describeWithServers('[P11] over two nodes', () => {
  it('a kick or a ban on one node ends subscriptions on the other within a second, and a mute applies there at once', async () => {
    await using cluster = await startCluster(2, { settings: { RATE_LIMITS: 'off' } });
    const [here, there] = [cluster[0]!, cluster[1]!];
    const [ann, bob] = await Promise.all([person(here, 'ann'), person(here, 'bob')]);
    const { id: roomId } = await createRoom(ann, { name: 'far' });
    for (const deed of [kickMember, banMember]) {
      const cat = (await person(here, deed === kickMember ? 'cat' : 'dan')).at(there);
      for (const someone of [bob, cat]) await joinRoom(someone, { roomId });
      const received = await followMembers(cat, roomId).count(1);
      await muteMember(ann, { roomId, userId: cat.id, until: inSeconds(60) });
      await expect(send(cat, roomId, 'hello')).rejects.toMatchObject({ code: 'FORBIDDEN' });
      const began = Date.now();
      await deed(ann, { roomId, userId: cat.id });
      await send(bob, roomId, 'they are gone');
      expect(await received.ended()).toMatchObject({ code: 'FORBIDDEN' });
      expect(Date.now() - began).toBeLessThan(12_000);
      expect(received.events.at(-1)).toMatchObject({ __typename: 'MemberLeft' });
      await cat[Symbol.asyncDispose]();
    }
  });
});
