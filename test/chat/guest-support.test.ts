import { afterAll, beforeAll, expect, it } from 'vitest';
import { followSupportLive, supportList } from '../support/desk.ts';
import { person, type Person } from '../support/person.ts';
import { guest } from '../support/rooms.ts';
import { bodies, send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let root: Person, gus: Person, ann: Person;
beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root', GUEST_SUPPORT: 'on' },
  });
  [root, gus, ann] = await Promise.all([
    person(node, 'root'),
    guest(node, 'Gus'),
    person(node, 'ann'),
  ]);
});
afterAll(async () => {
  for (const someone of [root, gus, ann]) await someone[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

const mySupport = async (someone: Person, metadata?: object): Promise<any> =>
  (
    await someone.query(
      'query ($metadata: JSONObject) { mySupportConversation(metadata: $metadata) { id metadata customer { id } } }',
      { metadata },
    )
  ).mySupportConversation;
const seenByDesk = async (id: string): Promise<any> =>
  (
    await root.query(
      'query ($id: ID!) { conversation(id: $id) { ... on SupportConversation { metadata customer { id isGuest } } } }',
      { id },
    )
  ).conversation;

it('guests write to the support desk, and receive its answers', async () => {
  const origin = { page: 'https://shop.example/cart', language: 'fr' };
  const { id } = await mySupport(gus, origin);
  const [atDesk, atGuest] = [await followSupportLive(root), await followSupportLive(gus)];
  await send(gus, id, 'My cart is empty.');
  await atDesk.until(() => bodies(atDesk).includes('My cart is empty.'));
  await send(root, id, 'It is back.');
  await atGuest.until(() => bodies(atGuest).includes('It is back.'));
  expect((await supportList(root)).map((one) => one.id)).toEqual([id]);
  expect(await seenByDesk(id)).toEqual({
    metadata: origin,
    customer: { id: gus.id, isGuest: true },
  });
  const { serverInfo } = await gus.query('{ serverInfo { guestSupportEnabled } }');
  expect(serverInfo.guestSupportEnabled).toBe(true);
});

it('metadata is replaced by the next one, kept without one, and limited', async () => {
  const { id, metadata } = await mySupport(ann);
  expect(metadata).toEqual({});
  await mySupport(ann, { page: 'https://shop.example/one' });
  await mySupport(ann, { page: 'https://shop.example/two' });
  expect((await mySupport(ann)).metadata).toEqual({ page: 'https://shop.example/two' });
  expect((await seenByDesk(id)).metadata).toEqual({ page: 'https://shop.example/two' });
  await expect(mySupport(ann, { page: 'x'.repeat(9000) })).rejects.toMatchObject({
    code: 'INVALID',
    extensions: { field: 'metadata' },
  });
});

it('nobody else sees the conversation of a guest, and it loses its metadata with the account', async () => {
  const other = await guest(node, 'Other');
  const { id } = await mySupport(other, { page: 'https://shop.example/private' });
  const read = (someone: Person) =>
    someone.query(`{ conversation(id: "${id}") { id } }`).then(({ conversation }) => conversation);
  expect(await read(gus)).toBeNull();
  expect(await read(ann)).toBeNull();
  expect(await read(other)).toEqual({ id });
  await send(other, id, 'hello');
  await other.query('mutation { deleteMyAccount(input: {}) { ok } }');
  expect(await seenByDesk(id)).toMatchObject({ metadata: {}, customer: { isGuest: true } });
});
