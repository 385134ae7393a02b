import { bytesOf, createUpload, sendFiles, upload } from '../support/files.ts';
import { createInviteLink, invitations } from '../support/invitations.ts';
import { isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';
import { mySupport } from '../support/desk.ts';
import { banMember, moderationLog, reportMessage } from '../support/moderating.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom } from '../support/rooms.ts';
import { service } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

let node: TestNode;
let ann: Person, bob: Person, eve: Person, root: Person;
/** For each type, an object that `finder` (by default ann) may see, and who else may see it. */
let objects: {
  [typeName: string]: {
    readonly id: string;
    readonly finder?: Person;
    readonly seenBy: readonly Person[];
  };
};

beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root', INVITATIONS: 'ask' },
  });
  [ann, bob, eve, root] = (await Promise.all(
    ['ann', 'bob', 'eve', 'root'].map((name) => person(node, name)),
  )) as [Person, Person, Person, Person];
  const room = await createRoom(ann, { name: 'Secret', visibility: 'PRIVATE' });
  await inviteToRoom(ann, { roomId: room.id, userIds: [bob.id, eve.id] });
  const [bobs] = await invitations(bob);
  const [eves] = await invitations(eve);
  await bob.query(
    `mutation { acceptInvitation(input: { invitationId: "${bobs.id}" }) { room { id } } }`,
  );
  const link = await createInviteLink(ann, { roomId: room.id });
  await bob.query(
    `mutation { reportUser(input: { userId: "${eve.id}", reason: "by mistake" }) { ok } }`,
  );
  const { userReports } = await root.query('{ userReports { edges { node { id } } } }');
  const attachment = await upload(node, ann, bytesOf(1));
  await sendFiles(ann, room.id, [attachment.id]);
  const message = await send(bob, room.id, 'to @ann');
  const report = await reportMessage(bob, { messageId: message.id, reason: 'by mistake' });
  const dan = await person(node, 'dan');
  await banMember(ann, { roomId: room.id, userId: dan.id });
  const [entry] = (await moderationLog(ann, room.id)).edges;
  const privateMessage = await sendPrivate(ann, bob, 'hello');
  const support = await mySupport(ann);
  await until('ann is notified of the report', async () => (await notificationsOf(ann)).length);
  const [notification] = await notificationsOf(ann);
  await (
    await service(node)
  )
    .mutate(
      'notify',
      'NotifyInput',
      { userIds: [], type: 'test', title: 'x', message: 'x' },
      'recipientCount',
    )
    .catch(() => {});
  const { auditLog } = await root.query('{ auditLog { edges { node { id } } } }');
  const { createWebhook } = await root.query(
    'mutation { createWebhook(input: { url: "https://example.com/" }) { webhook { id } } }',
  );
  await root.query(
    `mutation { updateWebhook(input: { webhookId: "${createWebhook.webhook.id}", paused: true }) { webhook { id } } }`,
  );
  objects = {
    User: { id: bob.id, seenBy: [bob, eve, root] },
    Room: { id: room.id, seenBy: [bob] },
    Member: { id: `${room.id}:${bob.id}`, seenBy: [bob] },
    Message: { id: message.id, seenBy: [bob] },
    Report: { id: report.id, seenBy: [] },
    ModerationEntry: { id: entry.node.id, seenBy: [] },
    DirectConversation: { id: privateMessage.conversation.id, seenBy: [bob] },
    SupportConversation: { id: support.id, seenBy: [root] },
    Notification: { id: notification.id, seenBy: [] },
    Upload: { id: (await createUpload(ann, { sizeBytes: 1 })).id, seenBy: [] },
    Attachment: { id: attachment.id, seenBy: [bob] },
    Webhook: { id: createWebhook.webhook.id, finder: root, seenBy: [root] },
    Invitation: { id: eves.id, finder: eve, seenBy: [eve] },
    InviteLink: { id: link.id, seenBy: [] },
    UserReport: { id: userReports.edges[0].node.id, finder: root, seenBy: [root] },
    AuditEntry: { id: auditLog.edges[0].node.id, finder: root, seenBy: [root] },
  };
});
afterAll(() => node[Symbol.asyncDispose]());

const find = async (who: Person, id: string): Promise<any> =>
  (await who.query('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).node;

describe('node', () => {
  it('has an object of each type that implements Node here', () => {
    const typeNames = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
      .map(({ name }) => name);
    expect(isInterfaceType(schema.getType('Node'))).toBe(true);
    expect(Object.keys(objects).toSorted()).toEqual(typeNames.toSorted());
  });

  it('finds an object of each type by its id, in any case of the letters', async () => {
    for (const [typeName, { id, finder = ann }] of Object.entries(objects)) {
      expect(await find(finder, id), typeName).toEqual({ __typename: typeName, id });
      expect(await find(finder, id.toUpperCase()), typeName).toEqual({ __typename: typeName, id });
    }
  });

  it('[P11] is null for a viewer who may not see the object', async () => {
    for (const [typeName, { id, seenBy }] of Object.entries(objects))
      for (const who of [bob, eve, root])
        expect(await find(who, id), `${typeName} for ${who.username}`).toEqual(
          seenBy.includes(who) ? { __typename: typeName, id } : null,
        );
  });

  it.each([
    '',
    ':',
    'no id',
    '00000000-0000-4000-8000-000000000000',
    `:${'0'.repeat(36)}`,
    'a:b:c',
  ])('is null for the id %j, which no object has', async (id) => {
    expect(await find(ann, id)).toBeNull();
  });

  it('refuses a viewer without a token', async () => {
    const response = await fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ node(id: "${bob.id}") { id } }` }),
    });
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('lets a client page a room by its id alone, as Relay does', async () => {
    const { node: room } = await ann.query(
      `query ($id: ID!) { node(id: $id) { ... on Room { messages(last: 1) { edges { node { body } } } } } }`,
      { id: objects.Room!.id },
    );
    expect(room.messages.edges).toEqual([{ node: { body: 'to @ann' } }]);
  });
});

describe('nodes', () => {
  const findAll = async (who: Person, ids: string[]): Promise<any> =>
    (await who.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).nodes;

  it('finds objects of all types at once, in the order of the ids, with null for the others', async () => {
    const ids = Object.values(objects)
      .filter(({ finder = ann }) => finder === ann)
      .map(({ id }) => id);
    expect(await findAll(ann, [...ids, 'none'])).toEqual([...ids.map((id) => ({ id })), null]);
    expect((await findAll(eve, ids)).filter(Boolean)).toEqual([{ id: bob.id }]);
  });

  it('[P13] refuses more than 100 ids with INVALID', async () => {
    const ids = Array.from({ length: 101 }, () => bob.id);
    await expect(findAll(ann, ids)).rejects.toMatchObject({ code: 'INVALID' });
    expect(await findAll(ann, ids.slice(1))).toHaveLength(100);
  });
});
