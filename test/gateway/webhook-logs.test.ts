import { PassThrough } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { person, type Person } from '../support/person.ts';
import { startReceiver, type Receiver, type ReceiverAnswer } from '../support/receiver.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** Parts of every text that must not be logged. */
const bodyMark = 'a-body-that-nobody-may-log';
const metadataMark = 'metadata-that-nobody-may-log';
const answerMark = 'an-answer-that-nobody-may-log';

describeWithPostgres('the log of a node with backends', () => {
  let node: TestNode;
  let backend: TestService;
  let ann: Person;
  let receiver: Receiver;
  let database: pg.Client;
  let lines = '';
  /** The secrets of webhooks and the tokens of services so far. */
  const secrets: string[] = [];

  beforeAll(async () => {
    const out = new PassThrough();
    out.on('data', (chunk) => (lines += chunk));
    node = await startNode({
      log: createLog('trace', out as never),
      limits: { webhookRetryMs: 20, webhookRetryMaxMs: 100, webhookCheckMs: 50 },
      settings: { RATE_LIMITS: 'off', WEBHOOKS_ALLOW_PRIVATE: 'on' },
    });
    backend = await service(node);
    secrets.push(backend.token);
    ann = await person(node, 'ann');
    receiver = await startReceiver();
    database = new pg.Client(node.settings.DATABASE_URL);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await ann[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const leaks = () =>
    [...secrets, bodyMark, metadataMark, answerMark].filter((text) => lines.includes(text));
  const createWebhook = async (url = receiver.url) => {
    const { webhook, secret } = await backend.mutate(
      'createWebhook',
      'CreateWebhookInput',
      { url },
      'secret webhook { id }',
    );
    // Also the key alone, without its prefix.
    secrets.push(secret.slice('whsec_'.length));
    return webhook.id as string;
  };
  const rotate = async (webhookId: string) => {
    const { secret } = await backend.mutate(
      'rotateWebhookSecret',
      'WebhookInput',
      { webhookId },
      'secret',
    );
    secrets.push(secret.slice('whsec_'.length));
  };
  /** Everything in which a backend passes texts. */
  const callsOf = (roomId: string) => [
    () =>
      backend.mutate(
        'upsertUsers',
        'UpsertUsersInput',
        { users: [{ externalId: 'u-1', metadata: { text: metadataMark } }] },
        'createdCount',
      ),
    () =>
      backend.mutate(
        'upsertRooms',
        'UpsertRoomsInput',
        { rooms: [{ externalId: 'r-1', metadata: { text: metadataMark } }] },
        'createdCount',
      ),
    () =>
      backend.mutate(
        'importMessages',
        'ImportMessagesInput',
        {
          conversationId: roomId,
          messages: [
            {
              externalId: `m-${Math.random()}`,
              authorId: ann.id,
              body: bodyMark,
              createdAt: '2020-01-01T00:00:00Z',
              metadata: { text: metadataMark },
            },
          ],
        },
        'importedCount',
      ),
    () =>
      backend.mutate(
        'sendMessage',
        'SendMessageInput',
        {
          conversationId: roomId,
          authorId: ann.id,
          body: bodyMark,
          metadata: { text: metadataMark },
        },
        'message { id }',
      ),
    () =>
      backend.mutate(
        'sendSignal',
        'SendSignalInput',
        { userIds: [ann.id], type: 'x', data: { text: metadataMark } },
        'ok',
      ),
    () => send(ann, roomId, bodyMark),
    () => createWebhook(),
  ];

  it('holds no secret, token or text while all goes well, and while the receiver fails in every way', async () => {
    const { id } = await createRoom(ann, { name: 'Quay' });
    const webhookId = await createWebhook();
    await rotate(webhookId);
    for (const call of callsOf(id)) await call();
    await until('they arrive', () => receiver.accepted.length >= 3);
    const ways: (() => number | ReceiverAnswer)[] = [
      () => 500,
      () => ({ status: 500, body: answerMark, headers: { 'x-mark': answerMark } }),
      () => ({ status: 302, headers: { location: `http://127.0.0.1:1/${answerMark}` } }),
    ];
    for (const way of ways) {
      receiver.answerWith(way);
      const before = receiver.count;
      await send(ann, id, bodyMark);
      await until('it was tried', () => receiver.count > before + 1);
    }
    await receiver.close();
    await send(ann, id, bodyMark);
    await until('the failure is logged', () => lines.includes('a webhook fails'));
    await receiver.open();
    receiver.answerWith(() => ({ status: 410, body: answerMark }));
    await until('it is disabled', () => lines.includes('a webhook was disabled'));
    expect(leaks()).toEqual([]);
  });

  it('holds none in the errors of a database that refuses everything', async () => {
    const { id } = await createRoom(ann, { name: 'Bay' });
    const webhookId = await createWebhook();
    receiver.answerWith(() => 204);
    const tables = ['webhooks', 'messages', 'users', 'conversations', 'audit_entries'];
    const existing = (
      await database.query('select tablename from pg_tables where tablename = any($1)', [tables])
    ).rows.map(({ tablename }) => tablename as string);
    expect(existing).toEqual(expect.arrayContaining(['webhooks', 'messages', 'users']));
    const before = lines.length;
    let failures = 0;
    for (const table of existing) {
      await database.query(`alter table ${table} rename to away`);
      for (const call of [...callsOf(id), () => rotate(webhookId)])
        await call().catch(() => failures++);
      await database.query(`alter table away rename to ${table}`);
    }
    expect(failures).toBeGreaterThan(existing.length);
    // The errors are in the log, so the test looks at the right place.
    expect(lines.slice(before)).toContain('does not exist');
    expect(leaks()).toEqual([]);
  });

  it('holds no token that was refused', async () => {
    const other = await service(node, ['notify']);
    secrets.push(other.token, 'not-a-token-at-all');
    for (const token of [other.token, `${other.token}x`, 'not-a-token-at-all'])
      for (const carrier of [
        ['authorization', `Bearer ${token}`],
        ['cookie', `token=${token}`],
      ] as const)
        await fetch(
          `${node.url}?query=mutation{deleteRoom(input:{roomId:"1"}){ok}}&token=${token}`,
          {
            method: 'POST',
            headers: { 'content-type': 'application/json', [carrier[0]]: carrier[1] },
            body: JSON.stringify({
              query: 'mutation { deleteRoom(input: { roomId: "1" }) { ok } }',
            }),
          },
        );
    expect(leaks()).toEqual([]);
  });

  it('control: the marks would be found', async () => {
    const before = lines;
    lines += JSON.stringify({ error: `Invalid value: ${bodyMark}`, token: backend.token });
    expect(leaks()).toEqual([backend.token, bodyMark]);
    lines = before;
  });
});
