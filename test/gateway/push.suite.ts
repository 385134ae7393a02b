import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Limits } from '../../src/limits.ts';
import { blockUser } from '../support/blocking.ts';
import { deleteMessage } from '../support/messages.ts';
import { markNotificationsRead, notificationsOf } from '../support/notifications.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { browserOf, register } from '../support/pushing.ts';
import { openBrowser, startPushService, verifiedClaims } from '../support/push-service.ts';
import type { PushService, TestBrowser } from '../support/push-service.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { follow, send } from '../support/send-and-follow.ts';
import type { NodeOptions, TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** Shorter than in production, with the same order. */
const shortened: Partial<Limits> = {
  pushDelayMs: 1500,
  pushCheckMs: 100,
  pushRetryMs: 400,
  pushTimeoutMs: 3000,
  pushActiveMs: 6000,
  leaveGraceMs: 100,
};

/** `start` starts the nodes: the users are on one, and some of their other devices on the last. */
export function describePush(
  start: (options: NodeOptions) => Promise<TestNode[] & AsyncDisposable>,
): void {
  let nodes: TestNode[] & AsyncDisposable;
  let service: PushService;
  let ann: Person, bob: Person;
  beforeAll(async () => {
    nodes = await start({
      limits: shortened,
      settings: { RATE_LIMITS: 'off', PUSH_ALLOW_PRIVATE: 'on', ADMIN_USERNAMES: 'root' },
    });
  });
  afterAll(() => nodes[Symbol.asyncDispose]());
  let count = 0;
  beforeEach(async () => {
    service = await startPushService();
    const suffix = ++count;
    ann = await person(nodes[0]!, `ann${suffix}`, 'Ann');
    bob = await person(nodes[0]!, `bob${suffix}`, 'Bob');
  });
  afterEach(async () => {
    for (const someone of [ann, bob]) await someone[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const elsewhere = (someone: Person): Person => someone.at(nodes.at(-1)!);
  async function roomOfBoth(): Promise<string> {
    const { id } = await createRoom(ann, { name: `Room ${Math.random()}` });
    await joinRoom(bob, { roomId: id });
    return id;
  }
  const mention = async (roomId: string, text = 'look'): Promise<{ id: string; seq: number }> =>
    send(ann, roomId, `@${bob.username} ${text}`);
  const titles = (browser: TestBrowser) => browser.pushes().map(({ title }) => title);
  const texts = (browser: TestBrowser) => browser.pushes().map(({ message }) => message);
  const notified = (someone: Person, expected: number) =>
    until('notified', async () => (await notificationsOf(someone)).length >= expected);
  /** After this, everything before it was pushed or dropped. The control is the last push. */
  async function settled(browser: TestBrowser): Promise<void> {
    const { message } = await sendPrivate(ann, bob, `control ${Math.random()}`);
    await until('the control is pushed', () => texts(browser).includes(message.body));
    await delay(500);
    expect(texts(browser).filter((text) => text === message.body)).toHaveLength(1);
  }
  const withoutControls = (browser: TestBrowser) =>
    texts(browser).filter((text) => !text.startsWith('control'));

  it('reach a browser once, encrypted and signed, within 5 s', async () => {
    const browser = await browserOf(bob, service);
    const { serverInfo } = await query(nodes.at(-1)!.url, '{ serverInfo { vapidPublicKey } }');
    const roomId = await roomOfBoth();
    const sentAt = Date.now();
    const { seq } = await mention(roomId);
    await until('the push arrives', () => browser.pushes().length > 0);
    expect(service.accepted[0]!.at - sentAt).toBeLessThan(5000);
    const [push] = browser.pushes();
    const [notification] = await notificationsOf(bob);
    expect(push).toMatchObject({
      id: notification.id,
      type: 'mention',
      message: `@${bob.username} look`,
      conversationId: roomId,
      conversationKind: 'ROOM',
      seq,
    });
    expect(push!.title).toMatch(/^Ann · Room /);
    const { headers } = service.accepted[0]!;
    expect(headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      topic: notification.id.replaceAll('-', ''),
      urgency: 'high',
    });
    const claims = verifiedClaims(service.accepted[0]!, serverInfo.vapidPublicKey);
    expect(claims.aud).toBe(service.url);
    await settled(browser);
    expect(withoutControls(browser)).toHaveLength(1);
    expect(service.accepted[0]!.body.includes('look')).toBe(false);
  });

  it('reach every browser for replies, private messages, invitations and the application, in its language', async () => {
    const [english, french] = [
      await browserOf(bob, service, 'en-GB'),
      await browserOf(bob, service, 'fr-CA'),
    ];
    const roomId = await roomOfBoth();
    const message = await send(bob, roomId, 'first');
    await send(ann, roomId, 'answer', { replyToId: message.id });
    await sendPrivate(elsewhere(ann), bob, 'psst');
    const { id } = await createRoom(ann, { name: `Den ${Math.random()}`, visibility: 'PRIVATE' });
    await inviteToRoom(ann, { roomId: id, userIds: [bob.id] });
    await until('all arrive', () => english.pushes().length === 3 && french.pushes().length === 3);
    expect(texts(english).toSorted()).toEqual(
      ['answer', 'psst', expect.stringMatching(/^You were added to the room Den/)].toSorted(),
    );
    expect(texts(french)).toContainEqual(
      expect.stringMatching(/^Vous avez été ajouté au salon Den/),
    );
    expect(titles(english).filter((title) => title === 'Ann')).toHaveLength(2);
  });

  it('do not arrive if the notification was read elsewhere, in time', async () => {
    const browser = await browserOf(bob, service);
    const roomId = await roomOfBoth();
    const { seq } = await mention(roomId, 'read by marker');
    await elsewhere(bob).query(
      'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }',
      { input: { conversationId: roomId, upToSeq: seq } },
    );
    await sendPrivate(ann, bob, 'read in the list');
    await notified(bob, 2);
    await markNotificationsRead(elsewhere(bob), { all: true });
    await settled(browser);
    expect(withoutControls(browser)).toEqual([]);
  });

  it('do not arrive if the conversation was muted, the author blocked, the message deleted, or the membership ended meanwhile', async () => {
    const browser = await browserOf(bob, service);
    const [mutedId, leftId] = [await roomOfBoth(), await roomOfBoth()];
    await mention(mutedId);
    const { id } = await mention(mutedId, 'deleted');
    await mention(leftId);
    const cat = await person(nodes[0]!, `cat${count}`);
    await sendPrivate(cat, bob, 'from cat');
    await notified(bob, 3);
    await elsewhere(bob).query(
      `mutation { setNotificationLevel(input: { conversationId: "${mutedId}", level: NOTHING }) { member { role } } leaveRoom(input: { roomId: "${leftId}" }) { room { id } } }`,
    );
    await blockUser(elsewhere(bob), cat);
    await deleteMessage(ann, { messageId: id });
    await mention(mutedId, 'muted before');
    await sendPrivate(cat, bob, 'blocked before');
    await settled(browser);
    expect(withoutControls(browser)).toEqual([]);
  });

  it('wait while the user is active in the conversation, and come if it stays unread', async () => {
    const browser = await browserOf(bob, service);
    const roomId = await roomOfBoth();
    await using tab = elsewhere(bob);
    await follow(tab, roomId).until(({ events }) => events.length > 0);
    await send(bob, roomId, 'I am here');
    const sentAt = Date.now();
    await mention(roomId, 'you see this');
    await settled(browser);
    expect(Date.now() - sentAt).toBeLessThan(shortened.pushActiveMs!);
    expect(withoutControls(browser)).toEqual([]);
    await until('the push arrives', () => withoutControls(browser).length === 1);
    expect(service.accepted.at(-1)!.at - sentAt).toBeGreaterThan(shortened.pushActiveMs! - 500);
  });

  it.each([404, 410])('end a subscription when the push service answers %s', async (status) => {
    const [gone, browser] = [await browserOf(bob, service), await browserOf(bob, service)];
    const { pathname } = new URL(gone.subscription.endpoint);
    service.answerWith(({ path }) => (path === pathname ? status : 201));
    for (const body of ['one', 'two']) {
      await sendPrivate(ann, bob, body);
      await until(`${body} arrives`, () => texts(browser).includes(body));
      await until('the request', () => service.received.some(({ path }) => path === pathname));
    }
    await settled(browser);
    expect(service.received.filter(({ path }) => path === pathname)).toHaveLength(1);
  });

  it('honour Retry-After, and are repeated until the push service accepts them', async () => {
    const browser = await browserOf(bob, service);
    let refusals = 2;
    service.answerWith(() =>
      refusals-- > 0 ? { status: 429, headers: { 'retry-after': '2' } } : 201,
    );
    await sendPrivate(ann, bob, 'patience');
    await until('it arrives', () => texts(browser).includes('patience'));
    const times = service.received.map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect(times[1]! - times[0]!).toBeGreaterThan(1900);
    expect(times[2]! - times[1]!).toBeGreaterThan(1900);
  });

  it('are repeated after an error of the push service, and not after a refusal', async () => {
    const [failing, refusing] = [await browserOf(bob, service), await browserOf(bob, service)];
    const { pathname } = new URL(refusing.subscription.endpoint);
    let failures = 1;
    service.answerWith(({ path }) => (path === pathname ? 400 : failures-- > 0 ? 500 : 201));
    await sendPrivate(ann, bob, 'again');
    await until('it arrives', () => texts(failing).includes('again'));
    await delay(2000);
    expect(service.received.filter(({ path }) => path === pathname)).toHaveLength(1);
    expect(failing.pushes()).toHaveLength(1);
  });

  it('[P13] do not wait for those of a push service that does not answer', async () => {
    await using dead = await startPushService();
    dead.answerWith(() => new Promise(() => {}));
    const browser = await browserOf(bob, service);
    for (let i = 0; i < 12; i++) await browserOf(ann, dead);
    for (let i = 0; i < 8; i++) await sendPrivate(bob, ann, `to a dead service ${i}`);
    await until('requests hang', () => dead.received.length > 0);
    const sentAt = Date.now();
    await sendPrivate(ann, bob, 'in time');
    await until('it arrives', () => texts(browser).includes('in time'), 15_000);
    expect(service.accepted.at(-1)!.at - sentAt).toBeLessThan(5000);
    expect(dead.received.length).toBeLessThan(12 * 8);
  });

  it('[P13] do not wait because the push service wants to pause those of another user', async () => {
    const [ofMallory, ofBob] = [await browserOf(ann, service), await browserOf(bob, service)];
    const { pathname } = new URL(ofMallory.subscription.endpoint);
    service.answerWith(({ path }) =>
      path === pathname ? { status: 429, headers: { 'retry-after': '3600' } } : 201,
    );
    const toMallory = () => service.received.filter(({ path }) => path === pathname);
    await sendPrivate(bob, ann, 'refused');
    await until('the service refuses', () => toMallory().length > 0);
    await sendPrivate(ann, bob, 'in time');
    await until('it arrives', () => texts(ofBob).includes('in time'), 15_000);
    // The pause also concerns later pushes to the browser that it is about.
    await sendPrivate(bob, ann, 'later');
    await settled(ofBob);
    await delay(1000);
    expect(toMallory()).toHaveLength(1);
  });

  it('[P13] are limited to 20 subscriptions of a user, the newest', async () => {
    const browsers: TestBrowser[] = [];
    for (let i = 0; i < 21; i++) browsers.push(await browserOf(bob, service));
    await sendPrivate(ann, bob, 'to twenty');
    await until('they arrive', () => service.accepted.length === 20);
    await settled(browsers[20]!);
    expect(browsers[0]!.pushes()).toEqual([]);
  });

  it.each([
    ['signOut', (someone: Person) => someone.query('mutation { signOut { ok } }')],
    [
      'removePushSubscription',
      (someone: Person, { endpoint }: { endpoint: string }) =>
        someone.query(
          'mutation ($input: RemovePushSubscriptionInput!) { removePushSubscription(input: $input) { ok } }',
          { input: { endpoint } },
        ),
    ],
  ])('end with %s', async (_name, end) => {
    const { signIn } = await query(
      nodes[0]!.url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
      { input: { username: bob.username, password } },
    );
    const phone = Object.assign(Object.create(bob), { token: signIn.session.accessToken });
    const onPhone = (document: string, variables = {}) =>
      query(nodes[0]!.url, document, variables, signIn.session.accessToken);
    phone.query = onPhone;
    const [ended, browser] = [await browserOf(phone, service), await browserOf(bob, service)];
    await end(phone, ended.subscription);
    await settled(browser);
    expect(ended.pushes()).toEqual([]);
  });

  it('end with the other sessions when the password changes', async () => {
    const { signIn } = await query(
      nodes[0]!.url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
      { input: { username: bob.username, password } },
    );
    const [other, browser] = [await browserOf(bob, service), openBrowser(service)];
    const ask = (document: string, variables = {}) =>
      query(nodes[0]!.url, document, variables, signIn.session.accessToken);
    await ask(
      'mutation ($input: PushSubscriptionInput!) { registerPushSubscription(input: $input) { ok } }',
      { input: browser.subscription },
    );
    await ask(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken } } }',
      { input: { currentPassword: password, newPassword: `${password} too` } },
    );
    await settled(browser);
    expect(other.pushes()).toEqual([]);
  });

  it('follow a browser to the user who registered it last, and nobody else can take it', async () => {
    const browser = await browserOf(bob, service);
    const stolen = {
      ...openBrowser(service).subscription,
      endpoint: browser.subscription.endpoint,
    };
    await expect(register(ann, stolen)).rejects.toMatchObject({ code: 'CONFLICT' });
    await sendPrivate(ann, bob, 'before ann signed in here');
    await register(ann, browser.subscription);
    await sendPrivate(bob, ann, 'for ann');
    await until('it arrives', () => texts(browser).includes('for ann'));
    await delay(1000);
    expect(texts(browser)).toEqual(['for ann']);
  });

  it.each([
    ['not a URL', 'nowhere'],
    ['a password', 'https://a:b@push.example/x'],
    ['another protocol', 'ftp://push.example/x'],
  ])('need a valid endpoint: %s', async (_name, endpoint) => {
    const { subscription } = openBrowser(service);
    await expect(register(bob, { ...subscription, endpoint })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'endpoint' },
    });
  });

  it('need keys of the right form', async () => {
    const { subscription } = openBrowser(service);
    const offCurve = Buffer.alloc(65, 1).fill(4, 0, 1).toString('base64url');
    for (const wrong of [{ p256dh: 'x' }, { p256dh: offCurve }, { auth: 'AAAA' }])
      await expect(register(bob, { ...subscription, ...wrong })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: Object.keys(wrong)[0] },
      });
  });

  it('are in the export, without their keys', async () => {
    const { subscription } = await browserOf(bob, service, 'fr');
    const { exportMyData } = await bob.query('mutation { exportMyData { data } }');
    expect(exportMyData.data.pushSubscriptions).toEqual([
      expect.objectContaining({ endpoint: subscription.endpoint, language: 'fr' }),
    ]);
    expect(JSON.stringify(exportMyData.data)).not.toContain(subscription.auth);
  });
}
