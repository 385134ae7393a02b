import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  kickMember,
  moderationLog,
  reportMessage,
  reports,
  resolveReport,
  setMemberRole,
} from '../support/moderating.ts';
import { followNotificationsLive, notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, guest, inviteToRoom, joinRoom } from '../support/rooms.ts';
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
afterAll(() => node[Symbol.asyncDispose]());

let rooms = 0;
async function newRoom(): Promise<string> {
  const { id } = await createRoom(ann, { name: `room ${++rooms}` });
  for (const someone of [bob, cat]) await joinRoom(someone, { roomId: id });
  await setMemberRole(ann, { roomId: id, userId: bob.id, role: 'MODERATOR' });
  return id;
}

it('a report is visible to the moderators of the room, resolved once, and in the log', async () => {
  const roomId = await newRoom();
  const message = await send(cat, roomId, 'buy now');
  const report = await reportMessage(dan, {
    messageId: message.id.toUpperCase(),
    reason: ' an advertisement ',
  });
  expect(report).toMatchObject({
    reason: 'an advertisement',
    resolvedAt: null,
    resolvedBy: null,
    reporter: { username: 'dan' },
    message: { body: 'buy now', author: { username: 'cat' } },
  });
  for (const someone of [ann, bob, root])
    expect(await reports(someone, { roomId })).toEqual([report]);
  const resolved = await resolveReport(bob, { reportId: report.id.toUpperCase() });
  expect(resolved).toMatchObject({
    id: report.id,
    resolvedAt: expect.any(String),
    resolvedBy: { username: 'bob' },
  });
  expect(await resolveReport(ann, { reportId: report.id })).toEqual(resolved);
  expect((await moderationLog(ann, roomId)).edges.map(({ node }: any) => node)).toMatchObject([
    {
      action: 'resolve_report',
      moderator: { username: 'bob' },
      user: { username: 'cat' },
      message: { body: 'buy now' },
    },
    { action: 'set_role' },
  ]);
  expect(await reports(ann, { roomId, resolved: false })).toEqual([]);
  expect(await reports(ann, { roomId, resolved: true })).toEqual([resolved]);
});

it('a message is reported once by each user, also for simultaneous requests, and reports are listed newest first', async () => {
  const roomId = await newRoom();
  const message = await send(cat, roomId, 'buy now');
  const same = await Promise.all(
    [1, 2, 3].map(() => reportMessage(dan, { messageId: message.id, reason: 'spam' })),
  );
  const other = await reportMessage(bob, { messageId: message.id, reason: 'spam, too' });
  expect(new Set(same.map(({ id }) => id)).size).toBe(1);
  expect((await reports(ann, { roomId })).map(({ id }) => id)).toEqual([other.id, same[0].id]);
});

it('moderators are notified of a report until it is resolved; without moderators, the admins are', async () => {
  const roomId = await newRoom();
  const message = await send(cat, roomId, 'buy now');
  const unreadReports = async (someone: Person) =>
    (await notificationsOf(someone, { unreadOnly: true })).filter(
      ({ type }) => type === 'message_reported',
    );
  const before = new Set(
    (await Promise.all([ann, bob, root].map(unreadReports))).flat().map(({ id }) => id),
  );
  const news = async (someone: Person) =>
    (await unreadReports(someone)).filter(({ id }) => !before.has(id));
  const { id: reportId } = await reportMessage(bob, { messageId: message.id, reason: 'spam' });
  await reportMessage(bob, { messageId: message.id, reason: 'spam, said again' });
  expect(await news(ann)).toMatchObject([
    {
      title: 'A message was reported',
      message: 'spam',
      data: { reportId, reportedIn: roomId, messageId: message.id },
    },
  ]);
  // Neither the reporter is notified, nor an admin of a room that has moderators.
  for (const someone of [bob, cat, root]) expect(await news(someone)).toEqual([]);
  const received = await followNotificationsLive(ann);
  const [{ id }] = await news(ann);
  await resolveReport(root, { reportId });
  expect(await received.find(({ __typename }) => __typename === 'NotificationsRead')).toMatchObject(
    {
      ids: [id],
    },
  );
  expect(await news(ann)).toEqual([]);
  received.stop();

  const { message: direct } = await sendPrivate(cat, dan, 'an insult');
  await reportMessage(dan, { messageId: direct.id, reason: 'rude' });
  expect(await news(root)).toMatchObject([{ message: 'rude' }]);
});

it('moderators see the reports of their rooms only, admins those of all rooms that they can see', async () => {
  const [roomId, { id: hidden }] = [
    await newRoom(),
    await createRoom(ann, { name: 'cellar', visibility: 'PRIVATE' }),
  ];
  await inviteToRoom(ann, { roomId: hidden, userIds: [cat.id] });
  const open = await reportMessage(dan, {
    messageId: (await send(cat, roomId, 'open')).id,
    reason: 'spam',
  });
  const secret = await reportMessage(cat, {
    messageId: (await send(ann, hidden, 'secret')).id,
    reason: 'spam',
  });
  const ids = async (someone: Person, variables = {}) =>
    (await reports(someone, variables)).map(({ id }) => id);
  expect(await ids(ann)).toEqual(expect.arrayContaining([open.id, secret.id]));
  for (const someone of [bob, root]) {
    expect(await ids(someone)).toContain(open.id);
    expect(await ids(someone)).not.toContain(secret.id);
    await expect(ids(someone, { roomId: hidden })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(resolveReport(someone, { reportId: secret.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  }
  await inviteToRoom(ann, { roomId: hidden, userIds: [root.id] });
  expect(await ids(root, { roomId: hidden })).toEqual([secret.id]);
  await kickMember(root, { roomId, userId: bob.id });
  await expect(ids(bob, { roomId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('[P12] a report is refused for a hidden message, without a reason, by guests, and beyond the rate', async () => {
  const { id: hidden } = await createRoom(ann, { name: 'attic', visibility: 'PRIVATE' });
  const message = await send(ann, hidden, 'secret');
  for (const messageId of [message.id, '01900000-0000-7000-8000-000000000000', '', 'nul\0'])
    await expect(reportMessage(cat, { messageId, reason: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  for (const reason of ['', '  ', 'x'.repeat(501), 'nul\0'])
    await expect(reportMessage(ann, { messageId: message.id, reason })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'reason' },
    });
  await expect(reportMessage(gus, { messageId: message.id, reason: 'x' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  for (const reportId of ['01900000-0000-7000-8000-000000000000', '', 'nul\0'])
    await expect(resolveReport(ann, { reportId })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await using limited = await startNode();
  const eve = await person(limited, 'eve');
  const { id } = await createRoom(eve, { name: 'mine' });
  const { id: messageId } = await send(eve, id, 'me');
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, () => reportMessage(eve, { messageId, reason: 'again' })),
  );
  expect(
    outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))[0],
  ).toMatchObject({ code: 'RATE_LIMITED', extensions: { retryAfterMs: expect.any(Number) } });
});

it('[P11] a reported private message does not lead admins to the messages that it replies to', async () => {
  const { message: unreported } = await sendPrivate(dan, cat, 'a secret');
  const more = { replyToId: unreported.id };
  const { message: insult } = await sendPrivate(cat, dan, 'an insult in reply', more);
  await reportMessage(dan, { messageId: insult.id, reason: 'rude' });
  const document = '{ reports(first: 1) { edges { node { message { body replyTo { body } } } } } }';
  const reported = await root.query(document);
  expect(reported.reports.edges[0].node.message).toEqual({
    body: 'an insult in reply',
    replyTo: null,
  });
});
