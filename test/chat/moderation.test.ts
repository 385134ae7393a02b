import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  banMember,
  bans,
  followMembers,
  inSeconds,
  kickMember,
  membersNow,
  moderationLog,
  muteMember,
  setMemberRole,
  unbanMember,
  viewerBan,
} from '../support/moderating.ts';
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
import { send } from '../support/send-and-follow.ts';

let node: TestNode;
let ann: Person, bob: Person, cat: Person, dan: Person, root: Person, gus: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
  [ann, bob, cat, dan, root, gus] = (await Promise.all([
    ...['ann', 'bob', 'cat', 'dan', 'root'].map((name) => person(node, name)),
    guest(node, 'Gus'),
  ])) as [Person, Person, Person, Person, Person, Person];
});
afterAll(async () => {
  await Promise.all(
    [ann, bob, cat, dan, root, gus].map((someone) => someone[Symbol.asyncDispose]()),
  );
  await node[Symbol.asyncDispose]();
});

let rooms = 0;
/** A room of ann's with bob as its moderator, and the others as members. */
async function newRoom(...others: Person[]): Promise<string> {
  const { id } = await createRoom(ann, { name: `room ${++rooms}` });
  for (const someone of [bob, ...others]) await joinRoom(someone, { roomId: id });
  await setMemberRole(ann, { roomId: id, userId: bob.id, role: 'MODERATOR' });
  return id;
}
const refused = (code: string, message?: string) => ({
  code,
  ...(message && { message: expect.stringContaining(message) }),
});

describe('setMemberRole', () => {
  it('gives a role, notifies followers, and is in the log', async () => {
    const roomId = await newRoom(cat);
    const received = await followMembers(cat, roomId).count(1);
    expect(
      await setMemberRole(ann, { roomId, userId: cat.id.toUpperCase(), role: 'MODERATOR' }),
    ).toEqual({ role: 'MODERATOR', mutedUntil: null, user: { username: 'cat' } });
    expect(await received.find(({ __typename }) => __typename === 'MemberUpdated')).toMatchObject({
      member: { role: 'MODERATOR', user: { username: 'cat' } },
    });
    expect((await moderationLog(cat, roomId)).edges[0].node).toMatchObject({
      action: 'set_role',
      role: 'MODERATOR',
      moderator: { username: 'ann' },
      user: { username: 'cat' },
      reason: null,
      until: null,
      message: null,
    });
    await setMemberRole(ann, { roomId, userId: cat.id, role: 'MODERATOR' });
    expect((await moderationLog(cat, roomId)).edges).toHaveLength(2);
    received.stop();
  });

  it('hands a room over: before that, the last owner can neither leave nor step down', async () => {
    const roomId = await newRoom(cat);
    await expect(
      setMemberRole(ann, { roomId, userId: ann.id, role: 'MEMBER' }),
    ).rejects.toMatchObject(refused('CONFLICT', 'last owner'));
    await expect(leaveRoom(ann, { roomId })).rejects.toMatchObject(refused('CONFLICT'));
    await expect(
      setMemberRole(root, { roomId, userId: ann.id, role: 'MODERATOR' }),
    ).rejects.toMatchObject(refused('CONFLICT'));
    await expect(kickMember(root, { roomId, userId: ann.id })).rejects.toMatchObject(
      refused('CONFLICT'),
    );
    await expect(banMember(root, { roomId, userId: ann.id })).rejects.toMatchObject(
      refused('CONFLICT'),
    );
    await setMemberRole(ann, { roomId, userId: cat.id, role: 'OWNER' });
    expect(await setMemberRole(ann, { roomId, userId: ann.id, role: 'MEMBER' })).toMatchObject({
      role: 'MEMBER',
    });
    await leaveRoom(ann, { roomId });
    expect(await membersNow(cat, roomId)).toMatchObject([
      { role: 'MODERATOR' },
      { role: 'OWNER', user: { username: 'cat' } },
    ]);
  });

  it('cannot make a guest a moderator, or a user a member', async () => {
    const roomId = await newRoom(gus);
    for (const role of ['MODERATOR', 'OWNER'])
      await expect(setMemberRole(ann, { roomId, userId: gus.id, role })).rejects.toMatchObject(
        refused('FORBIDDEN', 'Guests'),
      );
    await expect(
      setMemberRole(ann, { roomId, userId: dan.id, role: 'MEMBER' }),
    ).rejects.toMatchObject(refused('NOT_FOUND', 'not a member'));
    for (const userId of ['01900000-0000-7000-8000-000000000000', '', 'nul\0'])
      await expect(setMemberRole(ann, { roomId, userId, role: 'MEMBER' })).rejects.toMatchObject(
        refused('NOT_FOUND'),
      );
  });
});

describe('kickMember', () => {
  it('[P11] ends the membership and the subscription; the user can join again', async () => {
    const roomId = await newRoom(cat);
    const [stays, goes] = await Promise.all([
      followMembers(ann, roomId).count(1),
      followMembers(cat, roomId).count(1),
    ]);
    expect(
      await kickMember(bob, { roomId, userId: cat.id, reason: '  spam \n again ' }),
    ).toMatchObject({
      action: 'kick',
      reason: 'spam \n again',
      moderator: { username: 'bob' },
      user: { username: 'cat' },
    });
    expect(await stays.find(({ __typename }) => __typename === 'MemberLeft')).toMatchObject({
      user: { username: 'cat' },
      reason: 'KICKED',
    });
    expect(await goes.ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(goes.events.at(-1)).toMatchObject({ __typename: 'MemberLeft', reason: 'KICKED' });
    await expect(send(cat, roomId, 'still here')).rejects.toMatchObject(
      refused('FORBIDDEN', 'Join'),
    );
    expect(await joinRoom(cat, { roomId })).toMatchObject({ viewerMember: { role: 'MEMBER' } });
    await kickMember(ann, { roomId, userId: bob.id });
    expect(await joinRoom(bob, { roomId })).toMatchObject({ viewerMember: { role: 'MEMBER' } });
    stays.stop();
  });

  it('refuses users who are not members, and reasons that are too long or cannot be stored', async () => {
    const roomId = await newRoom(cat);
    await expect(kickMember(bob, { roomId, userId: dan.id })).rejects.toMatchObject(
      refused('NOT_FOUND'),
    );
    for (const reason of ['x'.repeat(501), 'nul\0'])
      await expect(kickMember(bob, { roomId, userId: cat.id, reason })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'reason' },
      });
    expect(await memberNames(ann, roomId)).toContain('cat');
  });
});

describe('banMember', () => {
  it('prevents joining, invitations, following and sending, and returns its end', async () => {
    const roomId = await newRoom(cat, dan);
    const until = inSeconds(3600);
    const received = await followMembers(ann, roomId).count(1);
    expect(await banMember(bob, { roomId, userId: cat.id, reason: 'spam', until })).toMatchObject({
      action: 'ban',
      until,
      reason: 'spam',
    });
    expect(await received.find(({ __typename }) => __typename === 'MemberLeft')).toMatchObject({
      user: { username: 'cat' },
      reason: 'BANNED',
    });
    for (const attempt of [
      () => joinRoom(cat, { roomId }),
      () => send(cat, roomId, 'hello'),
      () => inviteToRoom(ann, { roomId, userIds: [dan.id, cat.id] }),
    ])
      await expect(attempt()).rejects.toMatchObject(refused('FORBIDDEN', 'banned'));
    await expect(joinRoom(cat, { roomId })).rejects.toMatchObject({
      message: expect.stringContaining(until),
      extensions: { until, reason: 'spam' },
    });
    expect(await viewerBan(cat, roomId)).toEqual({
      reason: 'spam',
      until,
      user: { username: 'cat' },
    });
    expect(await viewerBan(dan, roomId)).toBeNull();
    expect(await followMembers(cat, roomId).ended()).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining(until),
    });
    await unbanMember(bob, { roomId, userId: cat.id });
    expect(await joinRoom(cat, { roomId })).toMatchObject({ viewerMember: { role: 'MEMBER' } });
    await expect(unbanMember(bob, { roomId, userId: cat.id })).rejects.toMatchObject(
      refused('CONFLICT'),
    );
    received.stop();
  });

  it('ends by itself, or is permanent', async () => {
    const roomId = await newRoom(cat);
    await banMember(bob, { roomId, userId: cat.id, until: inSeconds(1) });
    await expect(joinRoom(cat, { roomId })).rejects.toMatchObject(refused('FORBIDDEN'));
    await delay(1100);
    await expect(unbanMember(bob, { roomId, userId: cat.id })).rejects.toMatchObject(
      refused('CONFLICT'),
    );
    await joinRoom(cat, { roomId });
    await banMember(bob, { roomId, userId: cat.id });
    await expect(joinRoom(cat, { roomId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      extensions: { until: null },
    });
    for (const until of [inSeconds(-1), '1970-01-01T00:00:00Z'])
      await expect(banMember(bob, { roomId, userId: cat.id, until })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'until' },
      });
    await banMember(bob, { roomId, userId: cat.id, until: inSeconds(1) });
    await delay(1100);
    await joinRoom(cat, { roomId });
  });

  it('is listed for moderators while it is in force, newest first, in pages', async () => {
    const roomId = await newRoom(cat, dan);
    const names = ({ edges }: any) => edges.map(({ node }: any) => node.user.username);
    await banMember(bob, { roomId, userId: cat.id, reason: 'spam' });
    await banMember(bob, { roomId, userId: dan.id, until: inSeconds(3600) });
    await banMember(bob, { roomId, userId: gus.id, until: inSeconds(1.5) });
    expect(names(await bans(bob, roomId))).toEqual(
      ['gus', 'dan', 'cat'].map((name) => (name === 'gus' ? gus.username : name)),
    );
    await delay(1600);
    expect((await bans(root, roomId)).edges.map(({ node }: any) => node)).toEqual([
      { reason: null, until: expect.any(String), user: { username: 'dan' } },
      { reason: 'spam', until: null, user: { username: 'cat' } },
    ]);
    const first = await bans(bob, roomId, { first: 1 });
    expect([names(first), first.pageInfo.hasNextPage]).toEqual([['dan'], true]);
    expect(names(await bans(bob, roomId, { first: 1, after: first.pageInfo.endCursor }))).toEqual([
      'cat',
    ]);
    expect(names(await bans(bob, roomId, { last: 1 }))).toEqual(['cat']);
    await unbanMember(bob, { roomId, userId: cat.id });
    expect(names(await bans(bob, roomId))).toEqual(['dan']);
  });

  it('applies to a user who was never a member', async () => {
    const roomId = await newRoom();
    await banMember(bob, { roomId, userId: dan.id });
    await expect(joinRoom(dan, { roomId })).rejects.toMatchObject(refused('FORBIDDEN'));
    expect(await findRoom(dan, { id: roomId })).toMatchObject({
      viewerMember: null,
      memberCount: 2,
    });
  });

  it('[P11] reveals nothing of a private room to a user who is banned from it', async () => {
    const { id: roomId } = await createRoom(ann, { name: 'cellar', visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId, userIds: [cat.id] });
    await banMember(ann, { roomId, userId: cat.id });
    for (const attempt of [() => joinRoom(cat, { roomId }), () => send(cat, roomId, 'hello')])
      await expect(attempt()).rejects.toMatchObject(refused('NOT_FOUND'));
    expect(await findRoom(cat, { id: roomId })).toBeNull();
    await expect(inviteToRoom(ann, { roomId, userIds: [cat.id] })).rejects.toMatchObject(
      refused('FORBIDDEN', 'cat is banned'),
    );
  });
});

describe('muteMember', () => {
  it('allows a member to read but not to write, until it ends or is lifted', async () => {
    const roomId = await newRoom(cat);
    const received = await followMembers(cat, roomId).count(1);
    const until = inSeconds(3600);
    expect(
      await muteMember(bob, { roomId, userId: cat.id, until, reason: 'louder than allowed' }),
    ).toMatchObject({ action: 'mute', until });
    expect(await received.find(({ __typename }) => __typename === 'MemberUpdated')).toMatchObject({
      member: { mutedUntil: until },
    });
    await expect(send(cat, roomId, 'hello')).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining(until),
      extensions: { until },
    });
    await send(ann, roomId, 'can you hear me?');
    await received.find(({ message }) => message?.body === 'can you hear me?');
    expect(await muteMember(bob, { roomId, userId: cat.id, until: null })).toMatchObject({
      action: 'unmute',
      until: null,
    });
    expect(
      (
        await received.until(({ events }) => events.filter(({ member }) => member).length === 2)
      ).events.at(-1),
    ).toMatchObject({ member: { mutedUntil: null } });
    await send(cat, roomId, 'yes');
    await expect(muteMember(bob, { roomId, userId: cat.id, until: null })).rejects.toMatchObject(
      refused('CONFLICT'),
    );
    await muteMember(bob, { roomId, userId: cat.id, until: inSeconds(0.4) });
    await expect(send(cat, roomId, 'again')).rejects.toMatchObject(refused('FORBIDDEN'));
    await delay(500);
    expect(
      (await membersNow(ann, roomId)).find(({ user }) => user.username === 'cat'),
    ).toMatchObject({ mutedUntil: null });
    await send(cat, roomId, 'again');
    received.stop();
  });

  it('[P6] answers a repeat of a user who was muted meanwhile with the first message', async () => {
    const roomId = await newRoom(cat);
    const first = await send(cat, roomId, 'once', { idempotencyKey: 'k' });
    await muteMember(bob, { roomId, userId: cat.id, until: inSeconds(60) });
    expect(await send(cat, roomId, 'once', { idempotencyKey: 'k' })).toEqual(first);
  });

  it('still applies to a user who leaves and rejoins, and is published', async () => {
    const roomId = await newRoom(cat);
    const until = inSeconds(3600);
    await muteMember(bob, { roomId, userId: cat.id, until });
    await leaveRoom(cat, { roomId });
    const received = await followMembers(ann, roomId).count(1);
    await joinRoom(cat, { roomId });
    await expect(send(cat, roomId, 'new here')).rejects.toMatchObject({
      code: 'FORBIDDEN',
      extensions: { until },
    });
    expect(await received.find(({ __typename }) => __typename === 'MemberUpdated')).toMatchObject({
      member: { mutedUntil: until, user: { username: 'cat' } },
    });
    await muteMember(bob, { roomId, userId: cat.id, until: null });
    await leaveRoom(cat, { roomId });
    await joinRoom(cat, { roomId });
    await send(cat, roomId, 'free');
    received.stop();
  });
});

describe('slow mode', () => {
  it('makes members wait between two messages, also simultaneous ones, and returns the time to wait', async () => {
    const roomId = await newRoom(cat, dan);
    await updateRoom(bob, { roomId, slowModeSeconds: 30 });
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((body) => send(cat, roomId, body)),
    );
    expect(
      outcomes
        .map((outcome) => (outcome.status === 'fulfilled' ? 'sent' : outcome.reason.code))
        .sort(),
    ).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'sent']);
    const { extensions } = await send(cat, roomId, 'd').catch((error) => error);
    expect(extensions.retryAfterMs).toBeGreaterThan(25_000);
    expect(extensions.retryAfterMs).toBeLessThanOrEqual(30_000);
    await leaveRoom(cat, { roomId });
    await joinRoom(cat, { roomId });
    await expect(send(cat, roomId, 'e')).rejects.toMatchObject(refused('RATE_LIMITED'));
    await send(dan, roomId, 'another member is not held up');
    await updateRoom(bob, { roomId, slowModeSeconds: 0 });
    await send(cat, roomId, 'f');
  });

  it('allows a send after the wait, and does not apply to moderators', async () => {
    const roomId = await newRoom(cat, root);
    await updateRoom(bob, { roomId, slowModeSeconds: 1 });
    await send(cat, roomId, 'one');
    const { extensions } = await send(cat, roomId, 'two').catch((error) => error);
    await delay(extensions.retryAfterMs);
    await send(cat, roomId, 'two');
    for (const someone of [ann, bob, root])
      await Promise.all([send(someone, roomId, 'order'), send(someone, roomId, 'order!')]);
  });

  it('[P6] answers a repeat with the first message', async () => {
    const roomId = await newRoom(cat);
    await updateRoom(bob, { roomId, slowModeSeconds: 60 });
    const first = await send(cat, roomId, 'once', { idempotencyKey: 'k' });
    expect(await send(cat, roomId, 'once', { idempotencyKey: 'k' })).toEqual(first);
  });
});

describe('moderationLog', () => {
  it('is listed newest first, in pages, forwards and backwards', async () => {
    const roomId = await newRoom(cat);
    for (const reason of ['one', 'two', 'three']) {
      await kickMember(bob, { roomId, userId: cat.id, reason });
      await joinRoom(cat, { roomId });
    }
    const reasons = (page: any) => page.edges.map(({ node }: any) => node.reason ?? node.action);
    const first = await moderationLog(ann, roomId, { first: 2 });
    expect([reasons(first), first.pageInfo]).toMatchObject([
      ['three', 'two'],
      { hasNextPage: true, hasPreviousPage: false },
    ]);
    const second = await moderationLog(ann, roomId, { first: 2, after: first.pageInfo.endCursor });
    expect([reasons(second), second.pageInfo.hasNextPage]).toEqual([['one', 'set_role'], false]);
    expect(
      reasons(await moderationLog(ann, roomId, { last: 1, before: second.pageInfo.startCursor })),
    ).toEqual(['two']);
    await expect(moderationLog(ann, roomId, { after: 'nope' })).rejects.toMatchObject(
      refused('INVALID'),
    );
  });
});

it('[P2] the earlier members with all later events equal the current members', async () => {
  const roomId = await newRoom(cat, dan, gus);
  const received = await followMembers(ann, roomId).count(1);
  const before = await membersNow(ann, roomId);
  const deeds = [
    () => muteMember(bob, { roomId, userId: cat.id, until: inSeconds(600) }),
    () => leaveRoom(cat, { roomId }),
    () => setMemberRole(ann, { roomId, userId: dan.id, role: 'MODERATOR' }),
    () => kickMember(bob, { roomId, userId: gus.id }),
    () => joinRoom(cat, { roomId }),
    () => joinRoom(gus, { roomId }),
    () => setMemberRole(ann, { roomId, userId: dan.id, role: 'OWNER' }),
    () => setMemberRole(dan, { roomId, userId: bob.id, role: 'MEMBER' }),
    () => banMember(dan, { roomId, userId: gus.id }),
    () => muteMember(dan, { roomId, userId: bob.id, until: inSeconds(600) }),
    () => muteMember(dan, { roomId, userId: bob.id, until: null }),
  ];
  for (const deed of deeds) await deed();
  await send(ann, roomId, 'the end');
  await received.find(({ message }) => message?.body === 'the end');
  const members = new Map(before.map((member) => [member.user.username, member]));
  for (const { __typename, user, member } of received.events) {
    if (__typename === 'MemberJoined')
      members.set(user.username, { role: 'MEMBER', mutedUntil: null, user });
    if (__typename === 'MemberLeft') members.delete(user.username);
    if (__typename === 'MemberUpdated') members.set(member.user.username, member);
  }
  expect([...members.values()]).toEqual(await membersNow(ann, roomId));

  // Received again from the log, where those who left since are nothing but who they were.
  const replayed = followMembers(ann, roomId, received.events[0].cursor);
  await replayed.find(({ message }) => message?.body === 'the end');
  expect(replayed.ending).toBeUndefined();
  expect(
    replayed.events
      .filter(({ __typename }) => __typename !== 'CaughtUp')
      .map(({ __typename, cursor }) => [__typename, cursor]),
  ).toEqual(received.events.slice(1).map(({ __typename, cursor }) => [__typename, cursor]));
  for (const one of [received, replayed]) one.stop();
});
