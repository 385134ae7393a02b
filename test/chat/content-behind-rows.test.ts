import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pinMessage } from '../support/messages.ts';
import { schema } from '../../src/schema.ts';
import { kickMember, reportMessage, resolveReport } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom } from '../support/rooms.ts';
import { followLive, send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, bob: Person, root: Person;
let roomId: string;
beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    limits: { eventMaxCost: 10_000, eventCostPerTopic: 1_000_000, eventCostPerUser: 1_000_000 },
  });
  [ann, bob, root] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(node, 'root'),
  ]);
  roomId = (await createRoom(ann, { name: 'Cellar', visibility: 'PRIVATE' })).id;
  // So ann is online.
  await followLive(ann, roomId);
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
const secrets =
  /secret|"(members|messages)":\{"edges":\[\{|"onlineUsers":\[\{|"peer":\{|"role":"(MEMBER|MODERATOR|OWNER)"/;

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
  const subscription = (selection: string) =>
    `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MemberLeft { ${selection} } } }`;

  /** What the removed member receives with each of these selections, up to the end. */
  async function lastEventsWith(selections: readonly string[]) {
    await inviteToRoom(ann, { roomId, userIds: [bob.id] });
    await send(ann, roomId, 'a secret');
    const socket = bob.socket;
    const all = selections.map((selection) =>
      bob.follow(subscription(selection), { roomId }, socket),
    );
    for (const received of all) await received.find(({ __typename }) => __typename === 'CaughtUp');
    await kickMember(ann, { roomId, userId: bob.id });
    for (const received of all) await received.ended();
    return all.map(({ events, ending }, index) => ({
      selection: selections[index],
      last: events.at(-1),
      end: ending?.error?.code,
    }));
  }

  it('[P11] arrives whatever it selects, shows nothing of the room, and the end is FORBIDDEN', async () => {
    const selections = selectionsFrom('MemberLeft', 4);
    expect(selections.length).toBeGreaterThan(40);
    for (let from = 0; from < selections.length; from += 40)
      for (const { selection, last, end } of await lastEventsWith(
        selections.slice(from, from + 40),
      )) {
        expect({ selection, end, type: last.__typename }).toEqual({
          selection,
          end: 'FORBIDDEN',
          type: 'MemberLeft',
        });
        expect(JSON.stringify(last)).not.toMatch(secrets);
      }
  }, 120_000);

  it.each(contentFields)('control: %s is among what it selects', (field) => {
    const [name] = /\w+(?=\(| \{)/.exec(field.replace(/\.\.\. on \w+ \{ /, ''))!;
    expect(selectionsFrom('MemberLeft', 4).some((one) => one.includes(` ${name}`))).toBe(true);
  });
});

/**
 * Selections of every object that is reached from a type in at most so many steps, each with all of
 * its values.
 */
function selectionsFrom(typeName: string, steps: number): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  return Object.values(type.getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    if (field.deprecationReason || !isCompositeType(target) || steps === 0) return [];
    const selected = field.args.some(({ name }) => name === 'first')
      ? `${field.name}(first: 1)`
      : field.name;
    return objectTypesOf(target).flatMap(({ name }) =>
      [valuesOf(name), ...selectionsFrom(name, steps - 1)].map(
        (inner) => `${selected} { ... on ${name} { ${inner} } }`,
      ),
    );
  });
}

const objectTypesOf = (type: GraphQLCompositeType) =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : [type];

function valuesOf(typeName: string): string {
  const values = Object.values((schema.getType(typeName) as GraphQLObjectType).getFields()).filter(
    ({ type, deprecationReason }) => !isCompositeType(getNamedType(type)) && !deprecationReason,
  );
  return ['__typename', ...values.map(({ name }) => name)].join(' ');
}

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
