import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pinMessage } from '../support/messages.ts';
import { kickMember, reportMessage, resolveReport } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, bob: Person, root: Person;
let roomId: string;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
  [ann, bob, root] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'root'),
  ]);
  roomId = (await createRoom(ann, { name: 'Cellar', visibility: 'PRIVATE' })).id;
});
afterAll(async () => {
  await Promise.all([ann, bob, root].map((one) => one[Symbol.asyncDispose]()));
  await node[Symbol.asyncDispose]();
});

/** The fields that lead from a conversation to other rows, each with a selection. */
const contentFields = [
  'lastMessage { body }',
  'members(first: 5) { edges { node { user { username } } } }',
  'messages(last: 5) { edges { node { body } } }',
  'pinnedMessages(first: 5) { edges { node { body } } }',
  'viewerMember { role }',
  '... on DirectConversation { peer { username } }',
  '... on Room { onlineUsers(first: 5) { username } }',
];
/** Texts of other messages, and names of users whom the row itself does not show. */
const secrets = /secret|"members"|"onlineUsers"|"peer"|"role"/;

/** The answer as text: data, and refusals without the query. */
async function answerTo(someone: Person, document: string, variables = {}): Promise<string> {
  try {
    return JSON.stringify(await someone.query(document, variables));
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe('NOT_FOUND');
    return message;
  }
}

describe('a report of a direct message, for an admin who is not in the conversation', () => {
  let reportId: string;
  const reportsWith = (selection: string) =>
    `{ reports { edges { node { id message { body ${selection} } } } } }`;

  beforeAll(async () => {
    const first = (await sendPrivate(ann, bob, 'secret question')).message;
    const { message } = await sendPrivate(bob, ann, 'an insult', { replyToId: first.id });
    await sendPrivate(ann, bob, 'secret answer', { replyToId: message.id });
    await pinMessage(ann, { messageId: first.id });
    reportId = (await reportMessage(ann, { messageId: message.id, reason: 'rude' })).id;
  });

  it.each(contentFields)('[P11] does not lead to %s of the conversation', async (field) => {
    const answer = await answerTo(root, reportsWith(`conversation { id ${field} }`));
    expect(answer).not.toMatch(secrets);
  });

  it('[P11] does not lead to the message that it replies to', async () => {
    const { reports } = await root.query(reportsWith('replyTo { body replyTo { body } }'));
    expect(reports.edges[0].node.message).toEqual({ body: 'an insult', replyTo: null });
  });

  it('[P11] does not lead to its replies', async () => {
    expect(await answerTo(root, reportsWith('replies { edges { node { body } } }'))).not.toMatch(
      secrets,
    );
  });

  it('[P11] leads to nothing else through the entry of its resolution', async () => {
    await resolveReport(root, { reportId });
    const { report } = await root.query(
      'query ($id: ID!) { report: node(id: $id) { ... on Report { resolvedBy { username } message { replyTo { body } } } } }',
      { id: reportId },
    );
    expect(report).toEqual({ resolvedBy: { username: 'root' }, message: { replyTo: null } });
  });

  it.each(contentFields)('control: %s leads somewhere for a participant', async (field) => {
    const own = await answerTo(
      ann,
      `query ($roomId: ID!) { conversation(id: $roomId) { ${field} } directConversations { edges { node { ... on Conversation { ${field} } } } } }`,
      { roomId },
    );
    expect(own).toMatch(secrets);
  });
});

describe('the last event of a private room, for the member who was removed', () => {
  const subscription = (field: string) =>
    `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MemberLeft { user { username } conversation { id ${field} } } } }`;

  /** What the removed member receives from the subscription, up to its end. */
  async function lastEventWith(field: string): Promise<string> {
    await inviteToRoom(ann, { roomId, userIds: [bob.id] });
    await send(ann, roomId, 'a secret');
    const received = bob.follow(subscription(field), { roomId }, bob.socket);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    await kickMember(ann, { roomId, userId: bob.id });
    const ending = await received.ended();
    expect(['FORBIDDEN', 'NOT_FOUND']).toContain(ending?.code);
    return JSON.stringify([received.events, ending]);
  }

  it.each(contentFields)('[P11] does not lead to %s', async (field) => {
    expect(await lastEventWith(field)).not.toMatch(secrets);
  });
});

describe('the answer to leaving a private room', () => {
  it.each(contentFields)('[P11] does not lead to %s', async (field) => {
    await inviteToRoom(ann, { roomId, userIds: [bob.id] });
    await send(ann, roomId, 'a secret');
    const answer = await answerTo(
      bob,
      `mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id ... on Conversation { ${field} } } } }`,
      { input: { roomId } },
    );
    expect(answer).not.toMatch(secrets);
    await inviteToRoom(ann, { roomId, userIds: [bob.id] });
    await answerTo(
      bob,
      'mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id } } }',
      { input: { roomId } },
    );
  });
});
