import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';
import { serviceScopes, type ServiceScope } from '../../src/scope.ts';
import { notifyByToken, signBySecret } from '../support/notifications.ts';
import { person, query, type Person } from '../support/person.ts';
import { postgresUrl } from '../support/servers.ts';
import { service } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person, root: Person;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
  [ann, root] = await Promise.all([person(node, 'ann'), person(node, 'root')]);
});
afterAll(() => node[Symbol.asyncDispose]());

interface Operation {
  /** The scope that permits it. */
  readonly scope: ServiceScope;
  readonly attempt: () => string;
}

/** The operations that services may call. */
const operations: { readonly [name: string]: Operation } = {
  notify: {
    scope: 'notify',
    attempt: () =>
      `mutation { notify(input: { userIds: ["${ann.id}"], type: "test", title: "x", message: "x" }) { recipientCount } }`,
  },
  suspendUser: {
    scope: 'users',
    attempt: () =>
      `mutation { suspendUser(input: { userId: "${ann.id}", until: "2001-01-01T00:00:00Z" }) { user { id } } }`,
  },
  userByExternalId: {
    scope: 'users',
    attempt: () => '{ userByExternalId(externalId: "u1") { id } }',
  },
  roomByExternalId: {
    scope: 'rooms',
    attempt: () => '{ roomByExternalId(externalId: "r1") { id } }',
  },
  rooms: {
    scope: 'rooms',
    attempt: () => '{ rooms(metadata: { orderId: "42" }) { edges { node { id } } } }',
  },
  onlineUsers: {
    scope: 'users',
    attempt: () => '{ onlineUsers { edges { node { id } } } }',
  },
  sendSignal: {
    scope: 'notify',
    attempt: () => 'mutation { sendSignal(input: { toEveryone: true, type: "test" }) { ok } }',
  },
  upsertUsers: {
    scope: 'users',
    attempt: () =>
      'mutation { upsertUsers(input: { users: [{ externalId: "u1" }] }) { createdCount } }',
  },
  sendMessage: {
    scope: 'messages',
    attempt: () =>
      `mutation { sendMessage(input: { conversationId: "external:r1", authorId: "${ann.id}", body: "x" }) { duplicate } }`,
  },
  editMessage: {
    scope: 'messages',
    attempt: () =>
      'mutation { editMessage(input: { messageId: "external:m1", body: "x" }) { message { id } } }',
  },
  deleteMessage: {
    scope: 'messages',
    attempt: () =>
      'mutation { deleteMessage(input: { messageId: "external:m1" }) { message { id } } }',
  },
  addMembers: {
    scope: 'rooms',
    attempt: () =>
      'mutation { addMembers(input: { roomId: "external:r1", userIds: ["external:u1"] }) { changedCount } }',
  },
  removeMembers: {
    scope: 'rooms',
    attempt: () =>
      'mutation { removeMembers(input: { roomId: "external:r1", userIds: ["external:u1"] }) { changedCount } }',
  },
  setMemberMetadata: {
    scope: 'rooms',
    attempt: () =>
      'mutation { setMemberMetadata(input: { conversationId: "external:r1", userId: "external:u1", metadata: {} }) { member { id } } }',
  },
  deleteRoom: {
    scope: 'rooms',
    attempt: () => 'mutation { deleteRoom(input: { roomId: "external:none" }) { ok } }',
  },
  setUserRole: {
    scope: 'users',
    attempt: () =>
      'mutation { setUserRole(input: { userId: "external:u1", role: USER }) { user { id } } }',
  },
  deleteUser: {
    scope: 'erase',
    attempt: () => 'mutation { deleteUser(input: { userId: "external:none" }) { ok } }',
  },
  exportUser: {
    scope: 'erase',
    attempt: () => 'mutation { exportUser(input: { userId: "external:u1" }) { url } }',
  },
  importMessages: {
    scope: 'messages',
    attempt: () =>
      `mutation { importMessages(input: { conversationId: "external:r1", messages: [{ externalId: "m1", authorId: "${ann.id}", body: "x", createdAt: "2020-01-01T00:00:00Z" }] }) { importedCount } }`,
  },
  upsertRooms: {
    scope: 'rooms',
    attempt: () =>
      'mutation { upsertRooms(input: { rooms: [{ externalId: "r1" }] }) { createdCount } }',
  },
};

const operationsOfWebhooks: typeof operations = Object.fromEntries(
  [
    ['webhooks', '{ webhooks { edges { node { id } } } }'],
    ['webhook', '{ webhook(id: "x") { id } }'],
    ['createWebhook', 'mutation { createWebhook(input: { url: "nonsense" }) { secret } }'],
    ...['updateWebhook', 'rotateWebhookSecret'].map((name) => [
      name,
      `mutation { ${name}(input: { webhookId: "x" }) { webhook { id } } }`,
    ]),
    ['deleteWebhook', 'mutation { deleteWebhook(input: { webhookId: "x" }) { ok } }'],
    [
      'replayWebhook',
      'mutation { replayWebhook(input: { webhookId: "x", after: "x" }) { webhook { id } } }',
    ],
  ].map(([name, attempt]) => [name, { scope: 'webhooks', attempt: () => attempt }]),
);
Object.assign(operations, operationsOfWebhooks);

const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    ({ code, message }) => `${code} ${message}`,
  );

describe('[P11] the scopes of a service', () => {
  it.for(Object.keys(operations))('decide about %s', async (name) => {
    const { scope, attempt } = operations[name]!;
    const scoped = await service(node, [scope]);
    const others = await service(
      node,
      serviceScopes.filter((other) => other !== scope),
    );
    expect(await outcome(scoped.query(attempt()))).not.toMatch(
      /^(FORBIDDEN|UNAUTH|INTERNAL|BAD|GRAPHQL)/,
    );
    expect(await outcome(others.query(attempt()))).toMatch(
      `FORBIDDEN This service token lacks the scope \`${scope}\`.`,
    );
  });

  // While nobody can read these tables, a service learns from the time that ids are looked up.
  it.runIf(postgresUrl)('are asked before any id is looked up', async () => {
    const locker = new pg.Client(node.settings.DATABASE_URL);
    await locker.connect();
    await locker.query('begin');
    await locker.query(
      'lock table users, conversations, members, messages, webhooks in access exclusive mode',
    );
    try {
      for (const [name, { scope, attempt }] of Object.entries(operations)) {
        const others = await service(
          node,
          serviceScopes.filter((other) => other !== scope),
        );
        const unknown = attempt()
          .replaceAll(/external:\w+/g, 'external:unknown')
          .replaceAll(ann.id, randomUUID());
        const outcomes = await Promise.all(
          [attempt(), unknown].map((text) => outcome(others.query(text))),
        );
        const refused = expect.stringMatching(
          `^FORBIDDEN This service token lacks the scope \`${scope}\``,
        );
        expect(outcomes, name).toEqual([refused, refused]);
      }
    } finally {
      await locker.end();
    }
  });

  it('permit nothing but these operations, and those that need no token', async () => {
    const scoped = await service(node);
    const forOthers: string[] = [];
    for (const type of [schema.getQueryType()!, schema.getMutationType()!])
      for (const { name, args } of Object.values(type.getFields()))
        if (
          !operations[name] &&
          args.every(({ type: ofArgument }) => !String(ofArgument).endsWith('!'))
        ) {
          const selection = type === schema.getQueryType() ? 'query' : 'mutation';
          const answer = await outcome(scoped.query(`${selection} { ${name} { __typename } }`));
          if (answer === 'done') forOthers.push(name);
        }
    expect(forOthers).toEqual(['viewer', 'serverInfo']);
  });
});

describe('a service token', () => {
  it('of the issuer counts only for SERVICE_SUBJECTS, as soon as there are any [P14]', async () => {
    await using strict = await startNode({
      settings: { ...node.settings, SERVICE_SUBJECTS: 'shop' },
    });
    const token = (sub: string) => signBySecret(strict, { sub, scope: 'openid notify' });
    expect(await notifyByToken(strict, await token('shop'), [ann.id])).toBe(1);
    await expect(notifyByToken(strict, await token('mallory'), [ann.id])).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('has a rate of its own, which is a setting', async () => {
    await using slow = await startNode({
      settings: { ...node.settings, RATE_LIMITS: 'on', SERVICE_CALLS_PER_SECOND: '1' },
    });
    const attempt = operations.notify!.attempt();
    const [shop, bakery] = [await service(slow), await service(slow, ['notify'], 'bakery')];
    for (let call = 0; call < 20; call++) await shop.query(attempt);
    await expect(shop.query(attempt)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterMs: expect.any(Number) },
    });
    await bakery.query(attempt);
  });
});

describe('the audit log', () => {
  const entries = async (first: number): Promise<any[]> =>
    (
      await root.query(
        `{ auditLog(first: ${first}) { edges { node { id action service user { id } target requestId createdAt } } } }`,
      )
    ).auditLog.edges.map(({ node: entry }: any) => entry);

  it('has every call of a service, also a failed one, newest first', async () => {
    const shop = await service(node, ['notify'], 'audited');
    const response = await fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.token}` },
      body: JSON.stringify({ query: operations.notify!.attempt() }),
    });
    await expect(
      shop.query(
        'mutation { notify(input: { userIds: [], type: "test", title: "x", message: "x" }) { recipientCount } }',
      ),
    ).rejects.toMatchObject({ code: 'INVALID' });
    const [failed, done] = await entries(2);
    expect(failed).toMatchObject({ action: 'notify', service: 'audited', target: null });
    expect(done).toMatchObject({
      action: 'notify',
      service: 'audited',
      user: null,
      target: ann.id,
      requestId: response.headers.get('x-request-id'),
    });
    expect(Date.now() - Date.parse(done.createdAt)).toBeLessThan(60_000);
  });

  it('has the first of many ids, and no call without the scope', async () => {
    const many = Array.from({ length: 23 }, (_, index) => `user-${index}`);
    const input = { userIds: many, type: 'test', title: 'x', message: 'x' };
    const call = ['notify', 'NotifyInput', input, 'recipientCount'] as const;
    await (await service(node, ['notify'])).mutate(...call);
    await expect((await service(node, ['users'])).mutate(...call)).rejects.toBeDefined();
    const [{ target }] = await entries(1);
    expect(target).toBe(`${many.slice(0, 20).join(' ')} and 3 more`);
  });

  it('is for admins', async () => {
    const scoped = await service(node);
    for (const attempt of [ann, scoped])
      await expect(attempt.query('{ auditLog { edges { node { id } } } }')).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    await expect(query(node.url, '{ auditLog { edges { node { id } } } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});
