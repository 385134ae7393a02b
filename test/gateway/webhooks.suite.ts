import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Limits } from '../../src/limits.ts';
import { deleteMessage } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { createRoom } from '../support/rooms.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** Days in seconds. */
const shortened: Partial<Limits> = {
  webhookTimeoutMs: 1000,
  webhookRetryMs: 50,
  webhookRetryMaxMs: 400,
  webhookCheckMs: 50,
  webhookGiveUpMs: 3600_000,
};

const fields = 'id url types status backlog lastError lastDeliveredAt';

export function describeWebhooks({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, root: Person;
  let backend: TestService;
  let receiver: Receiver;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      limits: shortened,
      settings: { RATE_LIMITS: 'off', WEBHOOKS_ALLOW_PRIVATE: 'on', ADMIN_USERNAMES: 'root' },
    });
    [ann, root] = await Promise.all([person(node, 'ann'), person(node, 'root')]);
    backend = await service(node, ['webhooks']);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  /** A webhook to the receiver, which accepts everything and has nothing yet. */
  async function createWebhook(types: string[] = [], url = receiver.url) {
    receiver.accepted.length = 0;
    receiver.answerWith(() => 204);
    const { webhook, secret } = await backend.mutate(
      'createWebhook',
      'CreateWebhookInput',
      { url, types },
      `secret webhook { ${fields} }`,
    );
    const change = (name: string, inputType: string, input: object, selected: string) =>
      backend.mutate(name, inputType, { webhookId: webhook.id, ...input }, selected);
    return {
      id: webhook.id as string,
      secret: secret as string,
      created: webhook,
      now: async () =>
        (await backend.query(`{ webhook(id: "${webhook.id}") { ${fields} } }`)).webhook,
      update: (changes: object) =>
        change('updateWebhook', 'UpdateWebhookInput', changes, `webhook { ${fields} }`),
      rotate: () => change('rotateWebhookSecret', 'WebhookInput', {}, 'secret'),
      replay: (after: string) =>
        change('replayWebhook', 'ReplayWebhookInput', { after }, `webhook { ${fields} }`),
      remove: () => change('deleteWebhook', 'WebhookInput', {}, 'ok'),
    };
  }
  const room = (name: string) => createRoom(ann, { name: `${name} ${Math.random()}` });
  const textsOf = (conversationId: string) =>
    receiver.accepted
      .filter(
        ({ body }) => body.type === 'MessageSent' && body.data.conversationId === conversationId,
      )
      .map(({ body }) => body.data.message.body as string);
  /** Without repeats of a request, which the id shows. */
  const onceOf = (conversationId: string) => {
    const seen = new Set<string>();
    return receiver.accepted
      .filter(({ id, body }) => {
        if (body.type !== 'MessageSent' || body.data.conversationId !== conversationId)
          return false;
        return !seen.has(id) && seen.add(id);
      })
      .map(({ body }) => body.data.message.body as string);
  };

  it('[P16] sends each event, signed as Standard Webhooks demands', async () => {
    const webhook = await createWebhook();
    expect(webhook.secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(webhook.created).toMatchObject({
      url: receiver.url,
      types: [],
      status: 'ACTIVE',
      backlog: 0,
      lastError: null,
      lastDeliveredAt: null,
    });
    const { id, name } = await room('Signed');
    await send(ann, id, 'hello @ann');
    await until('both events arrive', () => receiver.accepted.length >= 2);
    const [joined, sent] = receiver.accepted;
    expect(joined!.body).toMatchObject({
      type: 'MemberJoined',
      data: { conversationId: id, conversation: { type: 'Room', name }, user: { username: 'ann' } },
    });
    expect(sent!.body).toEqual({
      type: 'MessageSent',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      cursor: expect.any(String),
      data: {
        conversationId: id,
        message: expect.objectContaining({
          seq: 1,
          body: 'hello @ann',
          author: expect.objectContaining({ id: ann.id, username: 'ann', externalId: null }),
          mentions: [expect.objectContaining({ id: ann.id })],
          conversation: expect.objectContaining({ id, type: 'Room', metadata: {} }),
        }),
      },
    });
    const verifier = new Verifier(webhook.secret);
    for (const { text, headers } of receiver.accepted)
      expect(verifier.verify(text, headers as Record<string, string>)).toBeDefined();
    const forged = sent!.text.replace('hello', 'hallo');
    expect(() => verifier.verify(forged, sent!.headers as Record<string, string>)).toThrow();
    await until('it is up to date', async () => (await webhook.now()).backlog === 0);
    expect(await webhook.now()).toMatchObject({
      status: 'ACTIVE',
      lastDeliveredAt: expect.any(String),
    });
    await webhook.remove();
    expect(await webhook.now()).toBeNull();
  });

  it('[P16] sends the changes of users, those of each user in their order', async () => {
    const webhook = await createWebhook(['UserUpdated']);
    const crm = await service(node, ['users'], 'crm');
    const upsert = (users: object[]) =>
      crm.mutate('upsertUsers', 'UpsertUsersInput', { users }, 'createdCount');
    await upsert([{ externalId: 'w-1', isBot: true }, { externalId: 'w-2' }]);
    // The first user fails for some time, and does not hold up the second one.
    let isFailing = true;
    receiver.answerWith(({ body: { data } }) =>
      isFailing && data.user.externalId === 'w-1' ? 500 : 204,
    );
    for (const nth of [1, 2])
      await upsert([
        { externalId: 'w-1', metadata: { nth } },
        { externalId: 'w-2', metadata: { nth } },
      ]);
    const arrived = (id: string) =>
      receiver.accepted.filter(({ body }) => body.data.user.externalId === id);
    await until('those of the second arrive', () => arrived('w-2').length === 2);
    expect(arrived('w-1')).toEqual([]);
    isFailing = false;
    await until('those of the first arrive', () => arrived('w-1').length === 2);
    for (const { body } of arrived('w-1'))
      expect(body).toMatchObject({
        type: 'UserUpdated',
        data: { conversationId: null, user: { isBot: true, username: 'w-1' } },
      });
    const cursors = arrived('w-1').map(({ body }) => body.cursor);
    expect(new Set(cursors).size).toBe(2);
    expect(arrived('w-1')[1]!.body.data.user.metadata).toEqual({ nth: 2 });
    await webhook.remove();
  });

  it('sends only the types that it was created for', async () => {
    const webhook = await createWebhook(['MessageDeleted', 'MessageDeleted']);
    expect(webhook.created.types).toEqual(['MessageDeleted']);
    const { id } = await room('Types');
    const message = await send(ann, id, 'a secret');
    await deleteMessage(ann, { messageId: message.id });
    await until('the event arrives', () => receiver.accepted.length > 0);
    await until('it is up to date', async () => (await webhook.now()).backlog === 0);
    expect(receiver.accepted.map(({ body }) => [body.type, body.data.message.body])).toEqual([
      ['MessageDeleted', null],
    ]);
    await webhook.remove();
  });

  it('[P16] one conversation that fails holds up no other, and comes in order later', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const [poor, rich] = [await room('Poor'), await room('Rich')];
    receiver.answerWith(({ body }) => (body.data.conversationId === poor.id ? 500 : 204));
    for (const text of bodiesUpTo(15)) {
      await send(ann, poor.id, text);
      await send(ann, rich.id, text);
    }
    await until('the other arrives', () => textsOf(rich.id).length >= 15);
    expect(textsOf(rich.id)).toEqual(bodiesUpTo(15));
    expect(textsOf(poor.id)).toEqual([]);
    await until('it is shown', async () => (await webhook.now()).status === 'FAILING');
    await until('only these wait', async () => (await webhook.now()).backlog === 15);
    expect(await webhook.now()).toMatchObject({ lastError: 'The receiver answered 500.' });
    // They wait in the database: another delivery goes on with them.
    await webhook.update({ types: ['MessageSent', 'RoomUpdated'] });
    await send(ann, poor.id, '16');
    receiver.answerWith(() => 204);
    await until('the rest arrives', () => textsOf(poor.id).length >= 16);
    expect(onceOf(poor.id)).toEqual(bodiesUpTo(16));
    await until('all is well', async () => (await webhook.now()).status === 'ACTIVE');
    expect(await webhook.now()).toMatchObject({ backlog: 0, lastError: null });
    await webhook.remove();
  });

  it('[P16] a receiver that was away receives everything, in the order of each conversation', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const rooms = [await room('A'), await room('B'), await room('C')];
    await receiver.close();
    for (const text of bodiesUpTo(100))
      await Promise.all(rooms.map(({ id }) => send(ann, id, text)));
    await until('it is shown', async () => (await webhook.now()).status === 'FAILING');
    const away = await webhook.now();
    expect(away.lastError).toBe('The connection failed (ECONNREFUSED).');
    expect(away.backlog).toBeGreaterThanOrEqual(300);
    await receiver.open();
    await until('all arrive', () => receiver.accepted.length >= 300, 60_000);
    for (const { id } of rooms) expect(onceOf(id)).toEqual(bodiesUpTo(100));
    await until('all is well', async () => (await webhook.now()).status === 'ACTIVE');
    await webhook.remove();
  }, 120_000);

  it('retries a redirect and a receiver that is too slow, with the same id', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const { id } = await room('Slow');
    const ids: string[] = [];
    receiver.answerWith(async (request) => {
      ids.push(request.id);
      if (ids.length === 1) return { status: 307, headers: { location: receiver.url } };
      if (ids.length === 2) return new Promise(() => {});
      return { status: 200, body: Buffer.alloc(1024 * 1024) };
    });
    await send(ann, id, 'persistent');
    await until('it arrives', () => receiver.accepted.length > 0);
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
    expect(ids[0]).toMatch(/^evt_/);
    await webhook.remove();
  });

  it('410 disables a webhook, which goes on where it stopped when it is continued', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const { id } = await room('Gone');
    receiver.answerWith(() => 410);
    await send(ann, id, '1');
    await until('it is disabled', async () => (await webhook.now()).status === 'DISABLED');
    expect((await webhook.now()).lastError).toMatch(/^The receiver answered 410 Gone/);
    const asked = receiver.count;
    await send(ann, id, '2');
    receiver.answerWith(() => 204);
    expect(await webhook.update({ paused: false })).toMatchObject({
      webhook: { status: 'ACTIVE', lastError: null },
    });
    await until('both arrive', () => receiver.accepted.length >= 2);
    expect(textsOf(id)).toEqual(['1', '2']);
    expect(receiver.count).toBe(asked + 2);
    await webhook.remove();
  });

  it('a paused webhook sends nothing, and everything afterwards', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const { id } = await room('Paused');
    expect(await webhook.update({ paused: true })).toMatchObject({ webhook: { status: 'PAUSED' } });
    await send(ann, id, '1');
    await until('it waits', async () => (await webhook.now()).backlog > 0);
    expect(receiver.accepted).toEqual([]);
    await webhook.update({ paused: false });
    await until('it arrives', () => receiver.accepted.length > 0);
    expect(textsOf(id)).toEqual(['1']);
    await webhook.remove();
  });

  it('a rotated secret and the former one are both valid', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const { secret } = await webhook.rotate();
    expect(secret).not.toBe(webhook.secret);
    const { id } = await room('Rotated');
    const accepts = (one: string) =>
      receiver.accepted.some(({ text, headers }) => {
        try {
          return new Verifier(one).verify(text, headers as Record<string, string>);
        } catch {
          return false;
        }
      });
    /** Sends until a request is signed with the newest secret, which takes a moment. */
    const sendUntilSigned = async (newest: string) => {
      receiver.accepted.length = 0;
      while (!accepts(newest)) {
        const { length } = receiver.accepted;
        await send(ann, id, 'signed');
        await until('it arrives', () => receiver.accepted.length > length);
      }
      receiver.accepted.splice(0, receiver.accepted.length - 1);
    };
    await sendUntilSigned(secret);
    expect([secret, webhook.secret].map(accepts)).toEqual([true, true]);
    const again = await webhook.rotate();
    await sendUntilSigned(again.secret);
    expect([again.secret, secret, webhook.secret].map(accepts)).toEqual([true, true, false]);
    await webhook.remove();
  });

  it('replays everything after a cursor, with the same ids', async () => {
    const webhook = await createWebhook(['MessageSent']);
    const { id } = await room('Replayed');
    for (const text of bodiesUpTo(5)) await send(ann, id, text);
    await until('all arrive', () => receiver.accepted.length >= 5);
    await until('it is up to date', async () => (await webhook.now()).backlog === 0);
    const before = receiver.accepted.map((request) => request.id);
    const { cursor } = receiver.accepted[1]!.body;
    receiver.accepted.length = 0;
    await webhook.replay(cursor);
    await until('the rest arrives again', () => receiver.accepted.length >= 3);
    expect(receiver.accepted.map((request) => request.id)).toEqual(before.slice(2));
    for (const after of ['nonsense', `${cursor}1`])
      await expect(webhook.replay(after)).rejects.toMatchObject({ code: 'INVALID' });
    await webhook.remove();
  });

  it('[P16] gives up an event that is refused for too long, and disables a receiver that takes nothing', async () => {
    await using hasty = await startNode({
      isEmbedded,
      limits: { ...shortened, webhookGiveUpMs: 1500 },
      settings: { RATE_LIMITS: 'off', WEBHOOKS_ALLOW_PRIVATE: 'on' },
    });
    await using bob = await person(hasty, 'bob');
    const shop = await service(hasty);
    receiver.accepted.length = 0;
    const { webhook } = await shop.mutate(
      'createWebhook',
      'CreateWebhookInput',
      { url: receiver.url, types: ['MessageSent'] },
      'webhook { id }',
    );
    const now = async () =>
      (await shop.query(`{ webhook(id: "${webhook.id}") { ${fields} } }`)).webhook;
    const [poor, rich] = [
      await createRoom(bob, { name: 'Poor' }),
      await createRoom(bob, { name: 'Rich' }),
    ];
    receiver.answerWith(({ body }) => (body.data.message.body === 'poison' ? 400 : 204));
    await send(bob, poor.id, 'poison');
    await send(bob, poor.id, 'after it');
    let others = 0;
    while (textsOf(poor.id).length === 0) await send(bob, rich.id, `${++others}`);
    expect(textsOf(poor.id)).toEqual(['after it']);
    await until('the error is shown', async () =>
      /^The event evt_\S+ was given up. The receiver answered 400/.test((await now()).lastError),
    );
    await until('the others arrive', () => textsOf(rich.id).length === others);
    receiver.answerWith(() => 503);
    await send(bob, rich.id, 'refused');
    await until('it is disabled', async () => (await now()).status === 'DISABLED');
    expect((await now()).lastError).toBe('The receiver answered 503.');
  });

  it('[P11] is for admins and for services with the scope `webhooks`', async () => {
    const webhook = await createWebhook();
    const { webhooks } = await root.query(`{ webhooks { edges { node { id url } } } }`);
    expect(webhooks.edges).toEqual([{ node: { id: webhook.id, url: receiver.url } }]);
    expect(await root.query(`{ node(id: "${webhook.id}") { id } }`)).toMatchObject({
      node: { id: webhook.id },
    });
    const other = await service(node, ['events', 'messages']);
    const attempts = [
      `{ webhooks { edges { node { id } } } }`,
      `{ webhook(id: "${webhook.id}") { id } }`,
      `mutation { createWebhook(input: { url: "${receiver.url}" }) { secret } }`,
      `mutation { updateWebhook(input: { webhookId: "${webhook.id}", paused: true }) { webhook { id } } }`,
      `mutation { rotateWebhookSecret(input: { webhookId: "${webhook.id}" }) { secret } }`,
      `mutation { replayWebhook(input: { webhookId: "${webhook.id}", after: "x" }) { webhook { id } } }`,
      `mutation { deleteWebhook(input: { webhookId: "${webhook.id}" }) { ok } }`,
    ];
    for (const attempt of attempts)
      for (const one of [ann, other])
        await expect(one.query(attempt), attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await webhook.remove();
    await expect(webhook.update({ paused: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('[P13] has a limit, and refuses invalid and private URLs', async () => {
    const create = (url: string, on = backend) =>
      on.mutate('createWebhook', 'CreateWebhookInput', { url }, 'webhook { id }');
    for (const url of ['nonsense', 'ftp://example.com/', 'https://user:pass@example.com/'])
      await expect(create(url)).rejects.toMatchObject({ code: 'INVALID' });
    await using strict = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off' },
      limits: { webhooksMax: 2 },
    });
    const strictBackend = await service(strict);
    for (const url of [
      'http://example.com/',
      'https://localhost/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://10.0.0.1/',
      'https://0x7f000001/',
    ])
      await expect(create(url, strictBackend), url).rejects.toMatchObject({ code: 'INVALID' });
    for (let nth = 0; nth < 2; nth++) await create('https://example.com/', strictBackend);
    await expect(create('https://example.com/', strictBackend)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
}
