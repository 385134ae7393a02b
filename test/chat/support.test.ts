import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assign,
  followSupport,
  followSupportLive,
  mySupport,
  pageOfSupport,
  resolve,
  supportList,
} from '../support/desk.ts';
import { password, Person, person } from '../support/person.ts';
import { followTyping, setTyping, typists } from '../support/presence.ts';
import { conversationSeenBy } from '../support/private.ts';
import { markRead, readMarks, standingOf } from '../support/reading.ts';
import { createRoom, guest } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodies, kinds, send } from '../support/send-and-follow.ts';

const onPostgres = postgresUrl !== undefined && !process.env.TEST_EMBEDDED;
const refusal = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (result) => Promise.reject(new Error(`not refused: ${JSON.stringify(result)}`)),
    (error) => error,
  );

let node: TestNode;
let root: Person, chief: Person, eve: Person, gus: Person, nobody: Person;
let people = 0;
const someone = () => person(node, `customer${++people}`);
beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,chief' },
    limits: { typingTtlMs: 120_000 },
  });
  [root, chief, eve] = await Promise.all([
    person(node, 'root'),
    person(node, 'chief'),
    person(node, 'eve'),
  ]);
  gus = await guest(node, 'Gus');
  nobody = new Person(node, {
    accessToken: '',
    refreshToken: null,
    user: { id: randomUUID(), username: 'nobody' },
  });
});
afterAll(() => node[Symbol.asyncDispose]());

describe('mySupportConversation', () => {
  it('is always the same one for each user, also for simultaneous requests', async () => {
    const ann = await someone();
    const found = await Promise.all(Array.from({ length: 10 }, () => mySupport(ann)));
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found[0]).toEqual({
      id: expect.any(String),
      status: 'OPEN',
      archivedAt: null,
      unreadCount: 0,
      customer: { username: ann.username },
      assignee: null,
      lastMessage: null,
      viewerMember: { lastReadSeq: 0 },
    });
    expect((await mySupport(root)).customer).toEqual({ username: 'root' });
    expect(await refusal(mySupport(gus))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(mySupport(nobody))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it(
    'is unique for each user in the database, independent of the program',
    { skip: !onPostgres },
    async () => {
      const ann = await someone();
      await mySupport(ann);
      const client = new pg.Client(node.settings.DATABASE_URL);
      await client.connect();
      const insert = (kind: string, customer: string | null, version = '5') =>
        client
          .query(
            'insert into conversations (id, kind, customer_id) values (overlay(gen_random_uuid()::text placing $3 from 15 for 1)::uuid, $1, $2)',
            [kind, customer, version],
          )
          .then(
            () => 'stored',
            ({ constraint }) => constraint,
          );
      expect(await insert('SUPPORT', ann.id)).toBe('conversations_customer_id_key');
      expect(await insert('SUPPORT', ann.id, '7')).toBe('conversations_ids_of_kinds');
      for (const [kind, customer] of [
        ['SUPPORT', null],
        ['ROOM', ann.id],
      ] as const)
        expect(await insert(kind, customer)).toBe('conversations_customer_of_support');
      await client.end();
    },
  );
});

describe('a support conversation', () => {
  it('[P1] reaches every admin, can be answered by each, and delivers the answer to the customer and the other admins', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const own = await followSupportLive(ann);
    const desk = [await followSupportLive(root), await followSupportLive(chief)];
    const { id } = await mySupport(ann);
    const narrow = await followSupportLive(root, { conversationId: id.toUpperCase() });
    await send(ann, id, 'help');
    await send(root, id, 'with what?');
    await send(bob, (await mySupport(bob)).id, 'me too');
    await send(chief, id, 'anything else?');
    for (const received of desk) {
      await received.count(5);
      expect(bodies(received)).toEqual(['help', 'with what?', 'me too', 'anything else?']);
    }
    for (const received of [own, narrow]) {
      await received.count(4);
      expect(bodies(received)).toEqual(['help', 'with what?', 'anything else?']);
    }
    const resumed = await followSupportLive(chief, { after: desk[0]!.events[2].cursor });
    expect(bodies(resumed)).toEqual(['me too', 'anything else?']);
    const foreign = followSupport(root, { after: desk[0]!.events[2].cursor, conversationId: id });
    expect(await foreign.find(({ __typename }) => __typename === 'StreamReset')).toMatchObject({
      reason: 'UNKNOWN_CURSOR',
    });
    for (const received of [own, narrow, resumed, foreign, ...desk]) received.stop();
  });

  it('[P11] is hidden from all users except its customer and the desk', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    await send(ann, id, 'for the desk only');
    for (const outsider of [eve, gus]) {
      const answers = async (of: string) => {
        const codes = [
          await refusal(send(outsider, of, 'x')),
          await refusal(setTyping(outsider, of)),
          await refusal(markRead(outsider, of, 1)),
          await refusal(assign(outsider, of, outsider.id)),
          await refusal(resolve(outsider, of)),
          await followTyping(outsider, of).ended(),
          await followSupport(outsider, { conversationId: of }).ended(),
        ];
        return [
          await conversationSeenBy(outsider, of),
          ...codes.map((error) => [error.code, error.message.replaceAll(of, '…')]),
        ];
      };
      expect(await answers(id)).toEqual(await answers(randomUUID()));
      expect(await refusal(supportList(outsider))).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await refusal(supportList(ann))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(assign(ann, id, ann.id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(resolve(ann, id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await followSupport(gus).ended()).toMatchObject({ code: 'FORBIDDEN' });
    const { id: room } = await createRoom(root, { name: randomUUID() });
    for (const none of [room, randomUUID(), 'no id']) {
      expect(await refusal(resolve(root, none))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await followSupport(root, { conversationId: none }).ended()).toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });

  it('[P7] shows typing to the other side', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    const [own, desk] = [followTyping(ann, id), followTyping(chief, id)];
    for (; typists(own).length === 0;) await setTyping(chief, id);
    for (; typists(desk).length === 0;) await setTyping(ann, id);
    expect([typists(own), typists(desk)]).toEqual([['chief'], [ann.username]]);
    await send(chief, id, 'done typing');
    await own.until(() => typists(own).length === 0);
    for (const received of [own, desk]) received.stop();
  });

  it('is assigned, resolved, and reopened by the next message of the customer, with one event each for the desk and the customer', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    await send(ann, id, 'help');
    const [own, desk] = [await followSupportLive(ann), await followSupportLive(root)];
    expect(await assign(root, id, chief.id.toUpperCase())).toMatchObject({
      assignee: { username: 'chief' },
      status: 'OPEN',
    });
    await assign(chief, id, chief.id);
    expect(await resolve(chief, id)).toMatchObject({
      status: 'RESOLVED',
      assignee: { username: 'chief' },
    });
    await resolve(root, id);
    await send(chief, id, 'solved, I think');
    expect((await mySupport(ann)).status).toBe('RESOLVED');
    await Promise.all(['no', 'it', 'is', 'not'].map((body) => send(ann, id, body)));
    expect(await mySupport(ann)).toMatchObject({ status: 'OPEN', assignee: { username: 'chief' } });
    expect(await assign(root, id, null)).toMatchObject({ assignee: null });
    for (const received of [own, desk]) {
      await received.count(10);
      const types = kinds(received).slice(1);
      expect(types.filter((type) => type === 'MessageSent')).toHaveLength(5);
      expect(types.slice(0, 3)).toEqual(['SupportUpdated', 'SupportUpdated', 'MessageSent']);
      expect(types.slice(3, 8).filter((type) => type === 'SupportUpdated')).toHaveLength(1);
      expect(types[8]).toBe('SupportUpdated');
      const replayed = await followSupportLive(received === own ? ann : root, {
        after: received.events[0].cursor,
      });
      expect(
        replayed.events.slice(0, -1).map(({ cursor, __typename }) => [cursor, __typename]),
      ).toEqual(received.events.slice(1).map(({ cursor, __typename }) => [cursor, __typename]));
      replayed.stop();
      received.stop();
    }
    for (const assignee of [ann.id, randomUUID(), 'no id', ''])
      expect(await refusal(assign(root, id, assignee))).toMatchObject({ code: 'INVALID' });
    expect(await refusal(assign(nobody, id, null))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is reopened together with others in one batch, each with its own event, without a gap', async () => {
    const customers = [await someone(), await someone(), await someone()];
    const ids = await Promise.all(customers.map(async (who) => (await mySupport(who)).id));
    for (const [place, who] of customers.entries()) await send(who, ids[place]!, 'help');
    for (const id of ids.slice(1)) await resolve(root, id);
    const desk = await followSupportLive(root);
    await Promise.all(
      customers.flatMap((who, place) => [
        send(who, ids[place]!, 'again'),
        send(who, ids[place]!, 'and again'),
      ]),
    );
    await desk.count(9);
    expect(
      desk.events
        .filter(({ __typename }) => __typename === 'SupportUpdated')
        .map(({ conversation }) => conversation.id)
        .sort(),
    ).toEqual(ids.slice(1).sort());
    expect(bodies(desk)).toHaveLength(6);
    const replayed = await followSupportLive(root, { after: desk.events[0].cursor });
    expect(replayed.events.slice(0, -1)).toEqual(desk.events.slice(1));
    for (const [place, who] of customers.entries()) {
      const own = await conversationSeenBy(who, ids[place]!);
      expect(own.messages.edges.map(({ node }: any) => node.seq)).toEqual([1, 2, 3]);
    }
    for (const received of [desk, replayed]) received.stop();
  });

  it('has read markers of each admin, and counts as read for the customer after one of them has read it', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    await send(ann, id, '1');
    await send(ann, id, '2');
    const [own, desk] = [await followSupportLive(ann), await followSupportLive(chief)];
    expect([await standingOf(root, id), await standingOf(chief, id)]).toMatchObject([
      { unread: 2 },
      { unread: 2 },
    ]);
    expect(await markRead(root, id, 1)).toMatchObject({
      unreadCount: 1,
      viewerMember: { lastReadSeq: 1 },
    });
    expect(await standingOf(chief, id)).toMatchObject({ unread: 2 });
    expect(await readMarks(ann, id)).toEqual([true, false]);
    await send(chief, id, '3');
    expect(await readMarks(ann, id)).toEqual([true, true, false]);
    expect([
      await standingOf(root, id),
      await standingOf(chief, id),
      await standingOf(ann, id),
    ]).toMatchObject([{ unread: 2 }, { unread: 0 }, { unread: 1 }]);
    await markRead(ann, id, 3);
    expect(await readMarks(root, id)).toEqual([true, true, true]);
    for (const received of [own, desk]) {
      await received.count(4);
      expect(
        received.events
          .slice(1)
          .map(({ __typename, user, upToSeq }) => [__typename, user?.username, upToSeq]),
      ).toEqual([
        ['MessagesRead', 'root', 1],
        ['MessageSent', undefined, undefined],
        ['MessagesRead', ann.username, 3],
      ]);
      received.stop();
    }
  });

  it('stays with the desk, resolved and read-only, after the customer has deleted the account', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    await send(ann, id, 'delete me');
    await assign(root, id, root.id);
    const desk = await followSupportLive(root);
    await ann.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    await desk.count(3);
    expect(kinds(desk)).toEqual(['CaughtUp', 'MemberLeft', 'SupportUpdated']);
    expect((await supportList(root)).find((one) => one.id === id)).toMatchObject({
      status: 'RESOLVED',
      archivedAt: expect.any(String),
      customer: { username: expect.stringMatching(/^deleted-/) },
    });
    expect(await refusal(send(root, id, 'x'))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('deleted their account'),
    });
    expect(
      (await root.query('mutation { exportMyData { data } }')).exportMyData.data.assignedSupport,
    ).toContainEqual({ id, customerId: ann.id, resolvedAt: expect.any(String) });
    desk.stop();
  });
});

describe('supportConversations', () => {
  it('lists conversations with messages, by status, sorted by the newest message, in pages', async () => {
    const customers = [await someone(), await someone(), await someone(), await someone()];
    const ids = await Promise.all(customers.map(async (who) => (await mySupport(who)).id));
    for (const place of [0, 1, 2]) await send(customers[place]!, ids[place]!, 'help');
    await send(root, ids[0]!, 'on it');
    await resolve(root, ids[1]!);
    const ours = (list: any[]) =>
      list.map(({ id }) => ids.indexOf(id)).filter((place) => place >= 0);
    expect(ours(await supportList(chief))).toEqual([0, 2, 1]);
    expect(ours(await supportList(chief, { status: 'OPEN' }))).toEqual([0, 2]);
    expect(ours(await supportList(chief, { status: 'RESOLVED' }))).toEqual([1]);
    const counts = async (who: Person) =>
      (await supportList(who))
        .filter(({ id }) => ids.includes(id))
        .map(({ unreadCount }) => unreadCount);
    expect([await counts(root), await counts(chief)]).toEqual([
      [0, 1, 1],
      [2, 1, 1],
    ]);
    const first = await pageOfSupport(chief, { first: 2 });
    const second = await pageOfSupport(chief, { first: 1, after: first.pageInfo.endCursor });
    expect(ours([...first.edges, ...second.edges].map(({ node }: any) => node))).toEqual([0, 2, 1]);
  });

  it('equals the earlier list with all later events', async () => {
    const customers = [await someone(), await someone()];
    const ids = await Promise.all(customers.map(async (who) => (await mySupport(who)).id));
    for (const [place, who] of customers.entries()) await send(who, ids[place]!, 'help');
    const desk = await followSupportLive(root);
    const list = await supportList(root);
    await resolve(chief, ids[0]!);
    await send(chief, ids[1]!, 'hm');
    await assign(chief, ids[1]!, root.id);
    await markRead(root, ids[1]!, 2);
    await send(customers[0]!, ids[0]!, 'still');
    await send(root, ids[1]!, 'ok');
    await resolve(root, ids[1]!);
    await desk.count(9);
    for (const { __typename, message, conversation, user, upToSeq } of desk.events.slice(1)) {
      const id = (message?.conversation ?? conversation).id;
      const known = list.find((one) => one.id === id);
      if (__typename === 'SupportUpdated')
        Object.assign(known, { status: conversation.status, assignee: conversation.assignee });
      if (__typename === 'MessagesRead' && user.username === 'root')
        known.unreadCount = known.lastMessage.seq - upToSeq;
      if (__typename !== 'MessageSent') continue;
      Object.assign(known, {
        unreadCount: message.author.username === 'root' ? 0 : known.unreadCount + 1,
        lastMessage: { seq: message.seq, body: message.body },
      });
      list.splice(list.indexOf(known), 1);
      list.unshift(known);
    }
    expect(await supportList(root)).toEqual(list);
    desk.stop();
  });
});
