import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acceptInvitation,
  acceptInviteLink,
  createInviteLink,
  declineInvitation,
  invitations,
  inviteLinks,
  previewInviteLink,
  revokeInviteLink,
} from '../support/invitations.ts';
import { banMember, kickMember, setMemberRole } from '../support/moderating.ts';
import { notificationsOf, unreadOf } from '../support/notifications.ts';
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
import { startNode, type TestNode } from '../support/start-node.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000);

export function describeInvitations({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person, dan: Person, gus: Person;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', INVITATIONS: 'ask' },
    });
    [ann, bob, cat, dan] = (await Promise.all(
      ['ann', 'bob', 'cat', 'dan'].map((name) => person(node, name)),
    )) as [Person, Person, Person, Person];
    gus = await guest(node, 'Gus');
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat, dan, gus]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );
  const newRoom = async (name: string, visibility: 'PUBLIC' | 'PRIVATE' = 'PRIVATE') =>
    (await createRoom(ann, { name, visibility })).id;

  describe('invite links', () => {
    it('let users into a private room, count them, and show the room before without a token', async () => {
      const roomId = await newRoom('den');
      const expiresAt = inAnHour();
      const link = await createInviteLink(ann, { roomId, expiresAt, maxUses: 5 });
      expect(link).toMatchObject({ maxUses: 5, useCount: 0, createdBy: { username: 'ann' } });
      expect(link.code).toMatch(/^[\w-]{22}$/);
      expect(await previewInviteLink(node, link.code)).toEqual({
        roomName: 'den',
        memberCount: 1,
        expiresAt: expiresAt.toISOString(),
      });
      expect(await findRoom(bob, { id: roomId })).toBe(null);
      for (let nth = 0; nth < 2; nth++) expect(await acceptInviteLink(bob, link.code)).toBe(roomId);
      expect(await memberNames(bob, roomId)).toEqual(['ann', 'bob']);
      expect((await inviteLinks(ann, roomId)).map(({ useCount }) => useCount)).toEqual([1]);
      expect(await outcome(acceptInviteLink(gus, link.code))).toBe('FORBIDDEN');
    });

    it('are used exactly as often as they may be, however many try at once', async () => {
      const roomId = await newRoom('raft');
      const { code } = await createInviteLink(ann, { roomId, maxUses: 3 });
      const crowd = await Promise.all(
        Array.from({ length: 9 }, (_, nth) => person(node, `crowd${nth}`)),
      );
      const outcomes = await Promise.all(
        // Some try twice.
        [...crowd, ...crowd.slice(0, 4)].map((one) => outcome(acceptInviteLink(one, code))),
      );
      expect(new Set(outcomes)).toEqual(new Set(['done', 'NOT_FOUND']));
      const names = await memberNames(ann, roomId);
      expect(names.length).toBe(4);
      expect((await inviteLinks(ann, roomId))[0].useCount).toBe(3);
      expect(await previewInviteLink(node, code)).toBe(null);
      expect(await outcome(acceptInviteLink(cat, code))).toBe('NOT_FOUND');
    });

    it('do not work after their end or revocation, in an archived room, or with another code', async () => {
      const roomId = await newRoom('pier', 'PUBLIC');
      const short = await createInviteLink(ann, {
        roomId,
        expiresAt: new Date(Date.now() + 1500),
      });
      const revoked = await createInviteLink(ann, { roomId });
      await revokeInviteLink(ann, revoked.code);
      const again = await revokeInviteLink(ann, revoked.code);
      expect(again.revokedAt).toBeTruthy();
      while (await previewInviteLink(node, short.code)) await new Promise((r) => setTimeout(r, 50));
      for (const code of [short.code, revoked.code, 'AAAAAAAAAAAAAAAAAAAAAA', '', '\0', "'"]) {
        expect(await previewInviteLink(node, code)).toBe(null);
        expect(await outcome(acceptInviteLink(cat, code))).toBe('NOT_FOUND');
      }
      const { code } = await createInviteLink(ann, { roomId });
      await updateRoom(ann, { roomId, archived: true });
      expect(await previewInviteLink(node, code)).toBe(null);
      expect(await outcome(acceptInviteLink(cat, code))).toBe('FORBIDDEN');
    });

    it('keep banned users out', async () => {
      const roomId = await newRoom('bar');
      const { code } = await createInviteLink(ann, { roomId });
      await acceptInviteLink(cat, code);
      await banMember(ann, { roomId, userId: cat.id });
      expect(await outcome(acceptInviteLink(cat, code))).toBe('FORBIDDEN');
      expect((await inviteLinks(ann, roomId))[0].useCount).toBe(1);
    });

    it('are made by those who may invite, and shown and revoked by their creator and moderators', async () => {
      const roomId = await newRoom('hall', 'PUBLIC');
      for (const someone of [bob, cat, gus]) await joinRoom(someone, { roomId });
      const ofBob = await createInviteLink(bob, { roomId });
      const ofAnn = await createInviteLink(ann, { roomId });
      expect(await outcome(createInviteLink(gus, { roomId }))).toBe('FORBIDDEN');
      expect(await outcome(createInviteLink(dan, { roomId }))).toBe('FORBIDDEN');
      const codesOf = async (someone: Person) =>
        (await inviteLinks(someone, roomId)).map(({ code }) => code);
      expect(await codesOf(ann)).toEqual([ofAnn.code, ofBob.code]);
      expect(await codesOf(bob)).toEqual([ofBob.code]);
      expect(await codesOf(cat)).toEqual([]);
      expect(await outcome(revokeInviteLink(cat, ofBob.code))).toBe('FORBIDDEN');
      await revokeInviteLink(bob, ofBob.code);
      await setMemberRole(ann, { roomId, userId: cat.id, role: 'MODERATOR' });
      await revokeInviteLink(cat, ofAnn.code);
      for (const input of [
        { expiresAt: new Date(Date.now() - 1000) },
        { maxUses: 0 },
        { maxUses: -1 },
        { maxUses: 1_000_001 },
      ])
        expect(await outcome(createInviteLink(ann, { roomId, ...input }))).toBe('INVALID');
    });

    it('[P13] are at most 100 that work in a room', async () => {
      const roomId = await newRoom('factory');
      const made = await Promise.all(
        Array.from({ length: 103 }, () => outcome(createInviteLink(ann, { roomId }))),
      );
      expect(made.filter((one) => one === 'done').length).toBe(100);
      expect(made.filter((one) => one === 'CONFLICT').length).toBe(3);
      await revokeInviteLink(ann, (await inviteLinks(ann, roomId))[0].code);
      await createInviteLink(ann, { roomId });
    });
  });

  describe('invitations, where users are asked', () => {
    it('notify, and make a member of the user who accepts', async () => {
      const roomId = await newRoom('club');
      for (let nth = 0; nth < 2; nth++) await inviteToRoom(ann, { roomId, userIds: [bob.id] });
      expect(await memberNames(ann, roomId)).toEqual(['ann']);
      expect(await findRoom(bob, { id: roomId })).toBe(null);
      const [invitation, ...others] = await invitations(bob);
      expect(others).toEqual([]);
      expect(invitation).toMatchObject({
        room: { id: roomId, name: 'club', memberCount: 1 },
        invitedBy: { username: 'ann' },
      });
      const [notification] = await notificationsOf(bob);
      expect(notification).toMatchObject({
        type: 'room_invitation',
        message: 'You were invited to the room club.',
        data: { conversationId: roomId, invitationId: invitation.id },
      });
      for (const someone of [ann, cat])
        expect(await outcome(acceptInvitation(someone, invitation.id))).toBe('NOT_FOUND');
      const answers = await Promise.all(
        [1, 2].map(() => outcome(acceptInvitation(bob, invitation.id))),
      );
      expect(answers).toContain('done');
      expect(await memberNames(bob, roomId)).toEqual(['ann', 'bob']);
      expect([await unreadOf(bob), await invitations(bob)]).toEqual([0, []]);
      expect(await outcome(acceptInvitation(bob, invitation.id))).toBe('NOT_FOUND');
      await leaveRoom(bob, { roomId });
      expect(await invitations(bob)).toEqual([]);
    });

    it('end when they are declined, and can be repeated', async () => {
      const roomId = await newRoom('choir');
      await inviteToRoom(ann, { roomId, userIds: [cat.id] });
      const [{ id }] = await invitations(cat);
      await declineInvitation(cat, id);
      expect([await invitations(cat), await unreadOf(cat)]).toEqual([[], 0]);
      expect(await outcome(declineInvitation(cat, id))).toBe('NOT_FOUND');
      await inviteToRoom(ann, { roomId, userIds: [cat.id] });
      expect((await invitations(cat)).length).toBe(1);
    });

    it('end when the user joins by other means', async () => {
      const roomId = await newRoom('park', 'PUBLIC');
      await inviteToRoom(ann, { roomId, userIds: [dan.id, gus.id] });
      expect((await invitations(gus)).map(({ room }) => room.name)).toEqual(['park']);
      for (const someone of [dan, gus]) await joinRoom(someone, { roomId });
      expect([...(await invitations(dan)), ...(await invitations(gus))]).toEqual([]);
    });

    it('do not let anybody in for an inviter who may not invite any more, or past a ban', async () => {
      const roomId = await newRoom('tower');
      const { code } = await createInviteLink(ann, { roomId });
      await acceptInviteLink(bob, code);
      await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
      await inviteToRoom(bob, { roomId, userIds: [dan.id] });
      const [{ id }] = await invitations(dan);
      await kickMember(ann, { roomId, userId: bob.id });
      expect(await outcome(acceptInvitation(dan, id))).toBe('NOT_FOUND');
      await declineInvitation(dan, id);
      await inviteToRoom(ann, { roomId, userIds: [dan.id] });
      await banMember(ann, { roomId, userId: dan.id });
      expect(await outcome(acceptInvitation(dan, (await invitations(dan))[0].id))).toBe(
        'FORBIDDEN',
      );
    });

    it('and links are exported, and end with the account', async () => {
      const eve = await person(node, `eve${isEmbedded}`);
      const roomId = (await createRoom(eve, { name: 'of eve' })).id;
      const { code } = await createInviteLink(eve, { roomId });
      await inviteToRoom(eve, { roomId, userIds: [bob.id] });
      await inviteToRoom(ann, { roomId: await newRoom('for eve'), userIds: [eve.id] });
      const { exportMyData } = await eve.query('mutation { exportMyData { data } }');
      expect(exportMyData.data.inviteLinks).toMatchObject([{ code, useCount: 0 }]);
      expect(exportMyData.data.invitations).toMatchObject([{ invitedById: ann.id }]);
      expect(exportMyData.data.invitationsByYou).toMatchObject([{ userId: bob.id }]);
      await eve.query(
        'mutation { deleteMyAccount(input: { password: "correct horse battery staple" }) { ok } }',
      );
      expect(await previewInviteLink(node, code)).toBe(null);
      expect(await invitations(bob)).toEqual([]);
      await eve[Symbol.asyncDispose]();
    });
  });
}
