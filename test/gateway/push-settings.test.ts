import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { followAppEvents } from '../support/app-events.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, query } from '../support/person.ts';
import { startPushService, openBrowser } from '../support/push-service.ts';
import { browserOf, register } from '../support/pushing.ts';
import { sendPrivate } from '../support/private.ts';
import { startReceiver } from '../support/receiver.ts';
import { service } from '../support/service.ts';
import { freshDatabase, startNode } from '../support/start-node.ts';
import { metric } from '../support/unread.ts';
import { until } from '../support/until.ts';

const limits = { pushDelayMs: 200, pushCheckMs: 50, webhookCheckMs: 50 };
const settings = {
  RATE_LIMITS: 'off',
  PUSH_ALLOW_PRIVATE: 'on',
  WEBHOOKS_ALLOW_PRIVATE: 'on',
};

it.each([
  ['full', { title: 'Ann Lee', message: 'the secret' }, 'Ann Lee'],
  ['sender', { title: 'Ann Lee', message: 'Sent you a message.' }, 'Ann Lee'],
  ['none', { title: 'Causerie', message: 'You have a new notification.' }, 'Causerie'],
])('PUSH_CONTENT=%s decides what pushes and push.wanted show', async (content, shown, title) => {
  await using pushService = await startPushService();
  await using receiver = await startReceiver();
  await using node = await startNode({ limits, settings: { ...settings, PUSH_CONTENT: content } });
  await using ann = await person(node, 'ann', 'Ann Lee');
  await using bob = await person(node, 'bob');
  const backend = await service(node, ['webhooks', 'events']);
  const { secret } = await backend.mutate(
    'createWebhook',
    'CreateWebhookInput',
    { url: receiver.url, types: ['push.wanted'] },
    'secret',
  );
  const [english, french] = [
    await browserOf(bob, pushService),
    await browserOf(bob, pushService, 'fr'),
  ];
  const events = followAppEvents(node.wsUrl, backend.token, { types: ['push.wanted'] });
  await events.until(() => events.events.length > 0);
  await sendPrivate(ann, bob, 'the secret');
  await until('pushes arrive', () => english.pushes().length + french.pushes().length === 2);
  expect(english.pushes()[0]).toMatchObject(shown);
  expect(french.pushes()[0]!.title).toBe(title);
  await until('the webhook is called', () => receiver.accepted.length > 0);
  const [request] = receiver.accepted;
  new Verifier(secret).verify(request!.text, request!.headers as Record<string, string>);
  const { id, type, conversationId } = english.pushes()[0]!;
  expect(request!.body).toMatchObject({
    type: 'push.wanted',
    data: { conversationId, user: { id: bob.id }, notification: { id, type, ...shown } },
  });
  await events.until(() => events.events.some(({ type }) => type === 'push.wanted'));
  await delay(500);
  expect(receiver.accepted).toHaveLength(1);
  expect(events.events.filter(({ type }) => type === 'push.wanted')).toHaveLength(1);
  await events.client.dispose();
});

it('push.wanted is not offered for a notification that was read in time', async () => {
  await using receiver = await startReceiver();
  await using node = await startNode({ limits: { ...limits, pushDelayMs: 1000 }, settings });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  const backend = await service(node, ['webhooks']);
  const webhook = { url: receiver.url, types: ['push.wanted'] };
  await backend.mutate('createWebhook', 'CreateWebhookInput', webhook, 'secret');
  const {
    message: { seq },
    conversation,
  } = await sendPrivate(ann, bob, 'read');
  await bob.query(
    'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }',
    { input: { conversationId: conversation.id, upToSeq: seq } },
  );
  await sendPrivate(ann, bob, 'unread');
  await until('the webhook is called', () => receiver.accepted.length > 0);
  expect(receiver.accepted.map(({ body }) => body.data.notification.message)).toEqual(['unread']);
});

it('[P13] endpoints in private networks are refused, also when a name leads there later', async () => {
  await using pushService = await startPushService();
  const database = await freshDatabase();
  const named = openBrowser({
    ...pushService,
    url: pushService.url.replace('127.0.0.1', 'localhost'),
  });
  const start = (allowed: string) =>
    startNode({ limits, settings: { ...settings, ...database, PUSH_ALLOW_PRIVATE: allowed } });
  let bob;
  {
    await using node = await start('on');
    bob = await person(node, 'bob');
    await register(bob, named.subscription);
    const ann = await person(node, 'ann');
    await sendPrivate(ann, bob, 'permitted');
    await until('the control arrives', () => pushService.received.length === 1);
  }
  await using node = await start('off');
  const metrics = async () => (await fetch(node.url.replace('/graphql', '/metrics'))).text();
  for (const host of ['https://127.0.0.1', 'https://localhost', 'https://[::1]', 'http://8.8.8.8'])
    await expect(
      register(bob.at(node), { ...named.subscription, endpoint: `${host}/x` }),
    ).rejects.toMatchObject({ code: 'INVALID' });
  await sendPrivate(await person(node, 'cat'), bob, 'refused');
  await until('it is refused', async () =>
    /causerie_pushes_total\{outcome="refused"\} 1/.test(await metrics()),
  );
  expect(pushService.received).toHaveLength(1);
});

it.each([
  ['[P13] at most so many pushes wait for a browser as the limit says', 2],
  ['control: all of them wait with a larger limit', 100],
])('%s', async (_name, pendingPushesPerSubscription) => {
  await using dead = await startPushService();
  dead.answerWith(() => new Promise(() => {}));
  await using node = await startNode({
    limits: { ...limits, pendingPushesPerSubscription },
    settings,
  });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  await browserOf(bob, dead);
  for (let count = 0; count < 5; count++) await sendPrivate(ann, bob, `${count}`);
  await until('bob is notified', async () => (await notificationsOf(bob)).length === 5);
  await expect
    .poll(() => metric(node.url, 'causerie_backlog{of="pushes"}'), { timeout: 20_000 })
    .toBe(Math.min(5, pendingPushesPerSubscription));
});

it('all nodes and starts use the same key, unless the setting has one', async () => {
  const database = await freshDatabase();
  const keyOf = async (more: Record<string, string> = {}): Promise<string> => {
    await using node = await startNode({ limits, settings: { ...settings, ...database, ...more } });
    return (await query(node.url, '{ serverInfo { vapidPublicKey } }')).serverInfo.vapidPublicKey;
  };
  const first = await keyOf();
  expect(await keyOf()).toBe(first);
  expect(Buffer.from(first, 'base64url')).toHaveLength(65);
  const given = await keyOf({ VAPID_PRIVATE_KEY: Buffer.alloc(32, 7).toString('base64url') });
  expect(given).not.toBe(first);
  await expect(keyOf({ VAPID_PRIVATE_KEY: 'A'.repeat(43) })).rejects.toThrow(/VAPID_PRIVATE_KEY/);
});

it('guests have no pushes', async () => {
  await using pushService = await startPushService();
  await using node = await startNode({ limits, settings });
  const { signInAsGuest } = await query(
    node.url,
    'mutation { signInAsGuest(input: { displayName: "Guest" }) { session { accessToken } } }',
  );
  const { subscription } = openBrowser(pushService);
  await expect(
    query(
      node.url,
      'mutation ($input: PushSubscriptionInput!) { registerPushSubscription(input: $input) { ok } }',
      { input: subscription },
      signInAsGuest.session.accessToken,
    ),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
