import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  followNotifications,
  followNotificationsLive,
  markNotificationsRead,
  notificationsOf,
  notify,
  notifyByToken,
  pageOfNotifications,
  shown,
  shownAfter,
  signBySecret,
  unreadOf,
} from '../support/notifications.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { createRoom, guest, joinRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { markRead } from '../support/reading.ts';
import { send } from '../support/send-and-follow.ts';

let node: TestNode;
let root: Person;
let people = 0;
const someone = () => person(node, `person${++people}`);
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,former' } });
  root = await person(node, 'root');
});
afterAll(() => node[Symbol.asyncDispose]());

describe('notifications', () => {
  it('are listed newest first, paged in both directions, counted, and marked as read', async () => {
    const ann = await someone();
    expect(await pageOfNotifications(ann)).toMatchObject({
      unreadNotificationCount: 0,
      notifications: { edges: [], pageInfo: { startCursor: null } },
    });
    for (const title of ['1', '2', '3', '4', '5'])
      await notify(root, [ann.id], { title, data: { order: { number: Number(title) } } });
    const all = await notificationsOf(ann);
    expect(all.map(({ title }) => title)).toEqual(['5', '4', '3', '2', '1']);
    expect(all[0]).toMatchObject({
      type: 'payment_completed',
      message: 'Thank you.',
      data: { order: { number: 5 } },
      readAt: null,
    });
    const page = (await pageOfNotifications(ann, { first: 2 })).notifications;
    const rest = await notificationsOf(ann, { first: 9, after: page.pageInfo.endCursor });
    expect([...page.edges.map((edge: any) => edge.node), ...rest]).toEqual(all);
    expect(
      (await notificationsOf(ann, { last: 2, before: page.edges[1].cursor })).map(
        ({ title }) => title,
      ),
    ).toEqual(['5']);
    expect(
      await markNotificationsRead(ann, {
        ids: [all[1].id, all[3].id.toUpperCase(), randomUUID(), 'no id'],
      }),
    ).toBe(3);
    expect((await notificationsOf(ann, { unreadOnly: true })).map(({ title }) => title)).toEqual([
      '5',
      '3',
      '1',
    ]);
    expect(await markNotificationsRead(ann, { all: true })).toBe(0);
    expect((await notificationsOf(ann)).every(({ readAt }) => readAt !== null)).toBe(true);
  });

  it('of other users are treated as unknown', async () => {
    const [ann, bob] = [await someone(), await someone()];
    await notify(root, [ann.id]);
    const received = await followNotificationsLive(bob);
    const [{ id }] = await notificationsOf(ann);
    expect(await markNotificationsRead(bob, { ids: [id] })).toBe(0);
    expect(await unreadOf(ann)).toBe(1);
    await notify(root, [bob.id]);
    await received.count(2);
    expect(received.events.map(({ __typename }) => __typename)).toEqual([
      'CaughtUp',
      'NotificationReceived',
    ]);
    received.stop();
  });

  it('are marked as read by exactly one of `ids` and `all`', async () => {
    for (const input of [{}, { ids: [], all: true }, { ids: null, all: true }])
      await expect(markNotificationsRead(root, input)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    for (const input of [{ all: false }, { ids: Array.from({ length: 1001 }, () => randomUUID()) }])
      await expect(markNotificationsRead(root, input)).rejects.toMatchObject({ code: 'INVALID' });
    expect(await markNotificationsRead(root, { ids: [] })).toBe(0);
  });

  it('[P2] are delivered to every device, and resumed by cursor', async () => {
    const ann = await someone();
    const streams = [
      await followNotificationsLive(ann),
      await followNotificationsLive(ann.at(node)),
    ];
    await notify(root, [ann.id], { title: 'one' });
    await notify(root, [ann.id], { title: 'two' });
    const [{ id }] = await notificationsOf(ann);
    await markNotificationsRead(ann, { ids: [id] });
    await markNotificationsRead(ann, { ids: [id] });
    await notify(root, [ann.id], { title: 'three' });
    for (const received of streams) {
      await received.count(5);
      expect(received.events.map(({ notification, ids }) => notification?.title ?? ids)).toEqual([
        undefined,
        'one',
        'two',
        [id],
        'three',
      ]);
    }
    const resumed = followNotifications(ann, streams[0]!.events[1].cursor);
    await resumed.count(4);
    expect(
      resumed.events.map(
        ({ __typename, notification, ids }) => notification?.title ?? ids ?? __typename,
      ),
    ).toEqual(['two', [id], 'three', 'CaughtUp']);
    expect(resumed.events[0].notification.readAt).not.toBeNull();
    const foreign = followNotifications(root, streams[0]!.events[1].cursor);
    expect(await foreign.find(() => true)).toMatchObject({
      __typename: 'StreamReset',
      reason: 'UNKNOWN_CURSOR',
    });
    for (const received of [...streams, resumed, foreign]) received.stop();
  });

  it('share their subscription with read markers in rooms', async () => {
    const ann = await someone();
    const { id } = await createRoom(root, { name: randomUUID() });
    await joinRoom(ann, { roomId: id });
    await send(root, id, 'x');
    const received = await followNotificationsLive(ann);
    await markRead(ann, id, 1);
    await received.count(2);
    expect(received.events[1]).toMatchObject({
      __typename: 'MessagesRead',
      upToSeq: 1,
      user: { username: ann.username },
      conversation: { id },
    });
    received.stop();
  });

  it('are not for guests, and are deleted with the account', async () => {
    const [gus, ann] = [await guest(node, 'Gus'), await someone()];
    expect(await notify(root, [gus.id, ann.id])).toBe(1);
    for (const refused of [
      unreadOf(gus),
      notificationsOf(gus),
      markNotificationsRead(gus, { all: true }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await followNotifications(gus).ended()).toMatchObject({ code: 'FORBIDDEN' });
    const exported = (await ann.query('mutation { exportMyData { data } }')).exportMyData.data;
    expect(exported.notifications).toMatchObject([
      { content: { type: 'payment_completed', title: 'Paid' }, readAt: null },
    ]);
    await ann.query(
      'mutation ($password: String!) { deleteMyAccount(input: { password: $password }) { ok } }',
      { password },
    );
    expect(await notify(root, [ann.id])).toBe(0);
  });
});

describe('notify', () => {
  it('notifies existing users, each once, and returns their number', async () => {
    const [ann, bob] = [await someone(), await someone()];
    expect(
      await notify(root, [ann.id, bob.id, ann.id, ann.id.toUpperCase(), randomUUID(), 'no id']),
    ).toBe(2);
    for (const who of [ann, bob]) expect(await notificationsOf(who)).toHaveLength(1);
    expect(await notify(root, [randomUUID()])).toBe(0);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['nobody', 'userIds', { userIds: [] }],
    ['too many', 'userIds', { userIds: Array.from({ length: 1001 }, () => randomUUID()) }],
    ...[
      'mention',
      'announcement',
      'message_received',
      'support_reply',
      'Paid',
      'paid-up',
      '_paid',
      'paid_',
      '',
      'é',
      'a'.repeat(65),
    ].map((type): [string, string, Record<string, unknown>] => [
      `the type ${type.slice(0, 20)}`,
      'type',
      { type },
    ]),
    ['no title', 'title', { title: ' ' }],
    ['a long title', 'title', { title: 'x'.repeat(201) }],
    ['a title of two lines', 'title', { title: 'two\nlines' }],
    ['no message', 'message', { message: '' }],
    ['a long message', 'message', { message: 'x'.repeat(2001) }],
    ['a broken message', 'message', { message: 'broken \u0000' }],
    ['much data', 'data', { data: { text: 'x'.repeat(8 * 1024) } }],
    ['a NUL in data', 'data', { data: { deep: [{ text: 'nul \u0000' }] } }],
  ])('refuses %s', async (_what, field, more) => {
    await expect(notify(root, (more.userIds as string[]) ?? [root.id], more)).rejects.toMatchObject(
      { code: 'INVALID', extensions: { field } },
    );
  });

  it('stores data unchanged, up to 8 KiB', async () => {
    const ann = await someone();
    const data = {
      text: 'ü\\u0000"\u2028',
      list: [1, 2.5, null, true, { a: [] }],
      filler: 'x'.repeat(8000),
    };
    await notify(root, [ann.id], { data });
    expect((await notificationsOf(ann))[0].data).toEqual(data);
  });

  it('is for current admins and for service tokens', async () => {
    const [ann, former] = [await someone(), await person(node, 'former')];
    await expect(notify(ann, [ann.id])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(notify(ann, [], { type: '' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await notify(former, [ann.id])).toBe(1);
  });
});

describe('a service token', () => {
  it('can notify and do nothing else, if it has the scope `notify` of this server or of the issuer', async () => {
    const ann = await someone();
    const tokens = [
      await signBySecret(node, { iss: 'causerie', sub: 'shop', scope: 'notify' }),
      await signBySecret(node, { iss: 'https://app.example', sub: 'shop', scope: 'openid notify' }),
    ];
    for (const token of tokens) {
      expect(await notifyByToken(node, token, [ann.id])).toBe(1);
      expect(await query(node.url, '{ viewer { id } }', {}, token)).toEqual({ viewer: null });
      for (const document of [
        '{ users { edges { node { id } } } }',
        '{ notifications { edges { node { id } } } }',
        `mutation { createRoom(input: { name: "${randomUUID()}" }) { room { id } } }`,
        'mutation { announce(input: { title: "x", message: "x" }) { recipientCount } }',
        'mutation { exportMyData { data } }',
      ])
        await expect(query(node.url, document, {}, token)).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
    }
    expect(await notificationsOf(ann)).toHaveLength(2);
    const socket = ann.connect({ connectionParams: { authorization: `Bearer ${tokens[0]}` } });
    expect(await ann.ask('{ viewer { id } }', {}, socket)).toEqual({ viewer: null });
  });

  it('is created by npm run service-token', async () => {
    const make = (...more: string[]) =>
      promisify(execFile)(process.execPath, ['dist/service-token.js', ...more], {
        env: { ...process.env, ...node.settings },
      });
    const token = (await make('shop', '7')).stdout.trim();
    expect(await notifyByToken(node, token, [root.id])).toBe(1);
    expect(decodeJwt(token)).toMatchObject({
      iss: 'causerie',
      sub: 'shop',
      scope: 'notify',
      exp: expect.closeTo(Date.now() / 1000 + 7 * 24 * 3600, -2),
    });
    expect(decodeJwt((await make('--scope', 'users rooms', 'shop')).stdout.trim())).toMatchObject({
      sub: 'shop',
      scope: 'users rooms',
    });
    await expect(make('shop', 'soon')).rejects.toMatchObject({ code: 1 });
    await expect(make('--scope', 'all')).rejects.toMatchObject({ code: 1 });
  }, 40_000);

  it('creates no user for its subject', async () => {
    const token = await signBySecret(node, { sub: 'backend.of.shop', scope: 'notify' });
    await notifyByToken(node, token, [root.id]);
    expect(
      (await root.query('{ users(search: "backend") { edges { node { id } } } }')).users.edges,
    ).toEqual([]);
  });

  it.each([
    ['without the scope', { iss: 'causerie', sub: 'shop' }, 'UNAUTHENTICATED'],
    [
      'whose scope only looks like it',
      { sub: 'shop', scope: 'notify:read unnotify NOTIFY' },
      'FORBIDDEN',
    ],
    ['whose scope is a list', { sub: 'shop2', scope: ['notify'] }, 'FORBIDDEN'],
    [
      'that has ended',
      { iss: 'causerie', sub: 'shop', scope: 'notify', exp: 1 },
      'UNAUTHENTICATED',
    ],
    [
      'that never ends',
      { iss: 'causerie', sub: 'shop', scope: 'notify', exp: undefined },
      'UNAUTHENTICATED',
    ],
    ['that names nobody', { iss: 'causerie', scope: 'notify' }, 'UNAUTHENTICATED'],
  ])('is not accepted %s', async (_what, claims, code) => {
    await expect(
      notifyByToken(node, await signBySecret(node, claims as never), [root.id]),
    ).rejects.toMatchObject({ code });
  });

  it('is not accepted with another key', async () => {
    const token = await signBySecret(
      { ...node, settings: { JWT_SECRET: 'another secret of 32 characters, or so' } },
      { iss: 'causerie', sub: 'shop', scope: 'notify' },
    );
    await expect(notifyByToken(node, token, [root.id])).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

type Step = { readonly kind: 'notify' | 'read some' | 'read all'; readonly picks: number[] };
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('notify', 'notify', 'read some', 'read all'),
    picks: fc.array(fc.nat(9), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('the earlier state with all later events', () => {
  it('equals the page and the count at every moment of random histories', async () => {
    const ann = await someone();
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const received = await followNotificationsLive(ann);
        const before = await notificationsOf(ann, { first: 100 });
        for (const { kind, picks } of history) {
          const known = await notificationsOf(ann, { first: 10 });
          if (kind === 'notify') await notify(root, [ann.id], { title: `picked ${picks}` });
          else
            await markNotificationsRead(
              ann,
              kind === 'read all'
                ? { all: true }
                : { ids: picks.flatMap((pick) => known[pick]?.id ?? []) },
            );
        }
        await notify(root, [ann.id], { title: 'last' });
        await received.find(({ notification }) => notification?.title === 'last');
        const now = shownAfter(before, received.events).slice(0, 100);
        expect(shown(now)).toEqual(shown(await notificationsOf(ann, { first: 100 })));
        expect(now.filter(({ isRead }) => !isRead)).toHaveLength(await unreadOf(ann));
        received.stop();
      }),
      { numRuns: 8 },
    );
  });
});

describeWithServers('notifications across nodes', () => {
  let nodes: TestNode[] & AsyncDisposable;
  beforeAll(
    async () =>
      void (nodes = await startCluster(2, {
        settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
      })),
  );
  afterAll(() => nodes[Symbol.asyncDispose]());

  it('equals the current state after simultaneous marks on two nodes, with each mark published once', async () => {
    const [admin, ann] = [await person(nodes[0]!, 'root'), await person(nodes[0]!, 'ann')];
    const devices = [ann, ann.at(nodes[1]!)];
    const streams = await Promise.all(devices.map(followNotificationsLive));
    for (let count = 0; count < 20; count++) await notify(admin, [ann.id], { title: `${count}` });
    const ids = (await notificationsOf(ann)).map(({ id }) => id);
    await Promise.all([
      ...ids.map((_, place) =>
        markNotificationsRead(devices[place % 2]!, { ids: ids.slice(place) }),
      ),
      ...devices.map((device) => markNotificationsRead(device, { all: true })),
    ]);
    expect(await unreadOf(ann)).toBe(0);
    for (const received of streams) {
      await received.until(
        ({ events }) => events.flatMap(({ ids: read }) => read ?? []).length === 20,
      );
      expect(received.events.flatMap(({ ids: read }) => read ?? []).sort()).toEqual(
        [...ids].sort(),
      );
      received.stop();
    }
    expect(streams[0]!.events.map(({ cursor }) => cursor).slice(1)).toEqual(
      streams[1]!.events.map(({ cursor }) => cursor).slice(1),
    );
  });
});
