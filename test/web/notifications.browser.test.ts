import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { announce, notify } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { webClient, type Newcomer } from './web-client.ts';

declare global {
  /**
   * The notifications of the browser: how often the page asked for permission since it was loaded,
   * whether that was answered, the shown ones, and the title of the last closed one.
   */
  var ownNotifications: {
    asked: number;
    isAnswered?: true;
    readonly shown: Notification[];
    closed?: string;
  };
}

const bell = (page: Page, unread: number) =>
  page.getByRole('button', {
    name: unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`,
    exact: true,
  });
const panel = (page: Page) => page.getByRole('dialog', { name: 'Notifications' });

async function openPanel(page: Page, unread: number) {
  await bell(page, unread).click();
  await panel(page).waitFor();
  return panel(page);
}

const isOn = (page: Page) =>
  page.getByRole('switch', { name: 'Desktop notifications while I am away' });

describeWithChromium('notifications in the web client', () => {
  const web = webClient({ ADMIN_USERNAMES: 'root' });
  let root: Person;
  let mia: Person;
  beforeAll(async () => {
    root = await person(web.node, 'root');
    mia = await person(web.node, 'mia');
  });
  afterAll(async () => {
    await root[Symbol.asyncDispose]();
    await mia[Symbol.asyncDispose]();
  });

  /** A new user in a window, and a room of Mia that they are in. */
  async function arrive(
    username: string,
    options?: BrowserContextOptions,
  ): Promise<Newcomer & { roomId: string; roomName: string }> {
    const newcomer = await web.newcomer(username, options);
    const roomName = `Room of ${username}`;
    const { id: roomId } = await createRoom(mia, { name: roomName });
    await joinRoom(newcomer.person, { roomId });
    await newcomer.page.getByRole('navigation').getByRole('link', { name: roomName }).waitFor();
    return { ...newcomer, roomId, roomName };
  }

  it(
    'notifies of a mention in another room, leads to it, and marks it as read in all windows',
    { timeout: 120_000 },
    async () => {
      const ann = await arrive('ann');
      const second = await ann.context.newPage();
      await second.goto('/');
      await bell(second, 0).waitFor();
      await ann.page.bringToFront();
      await send(mia, ann.roomId, 'Look at this, @ann!');
      await bell(ann.page, 1).waitFor();
      await bell(second, 1).waitFor();
      const list = await openPanel(ann.page, 1);
      const row = list.getByRole('button', {
        name: /mia mentioned you in Room of ann.*Look at this, @ann!/,
      });
      await row.waitFor();
      expect(await hindrances(ann.page)).toEqual([]);
      await row.click();
      await ann.page.getByRole('heading', { name: ann.roomName }).waitFor();
      await ann.page.locator('.message.is-to-me', { hasText: 'Look at this, @ann!' }).waitFor();
      expect(await list.isVisible()).toBe(false);
      await bell(ann.page, 0).waitFor();
      await bell(second, 0).waitFor();
    },
  );

  it('does not notify of messages in the visible conversation', { timeout: 120_000 }, async () => {
    const ben = await arrive('ben');
    await ben.openRoom(ben.roomName);
    // All changes of the bell from now on.
    const labels = await ben.page.evaluateHandle(() => {
      const bell = document.querySelector('.bell')!;
      const seen: (string | null)[] = [];
      new MutationObserver(() => seen.push(bell.getAttribute('aria-label'))).observe(bell, {
        attributes: true,
        childList: true,
        subtree: true,
      });
      return seen;
    });
    for (let count = 1; count <= 5; count++) await send(mia, ben.roomId, `@ben, ${count}`);
    await until('all is read', async () => (await ben.said()).includes('@ben, 5'));
    // The control, which also shows that the earlier events have arrived.
    await announce(root, { title: 'Closed', message: 'Tomorrow we are closed.' });
    await bell(ben.page, 1).waitFor();
    expect(new Set((await labels.jsonValue()).filter(Boolean))).toEqual(
      new Set(['Notifications, 1 unread']),
    );
  });

  it(
    'shows notifications of admins and backends, and marks one or all of them as read',
    { timeout: 120_000 },
    async () => {
      const cleo = await arrive('cleo');
      await announce(root, { title: 'Maintenance', message: 'Tonight at ten.' });
      await bell(cleo.page, 1).waitFor();
      await notify(root, [cleo.person.id], {
        type: 'payment_completed',
        title: 'Paid',
        message: 'Your invoice 17 is paid.',
      });
      await notify(root, [cleo.person.id], {
        type: 'backup_done',
        title: 'Backup',
        message: 'Done.',
      });
      await bell(cleo.page, 3).waitFor();
      const list = await openPanel(cleo.page, 3);
      expect(await list.getByRole('listitem').locator('.words').allInnerTexts()).toEqual([
        'Done.',
        'Your invoice 17 is paid.',
        'Tonight at ten.',
      ]);
      await list.getByRole('button', { name: /Paid.*Your invoice 17 is paid\./ }).click();
      await bell(cleo.page, 2).waitFor();
      expect(await list.isVisible()).toBe(true);
      // It has no link, so there is no button.
      await until(
        'it is only text',
        async () => (await list.getByRole('button', { name: /Paid/ }).count()) === 0,
      );
      await list.getByText('to everyone').waitFor();
      await list.getByRole('button', { name: 'Mark all as read' }).click();
      await bell(cleo.page, 0).waitFor();
      expect(await list.getByRole('button', { name: 'Mark all as read' }).count()).toBe(0);
      // The keyboard focus is still in it, and Escape closes it.
      await cleo.page.keyboard.press('Escape');
      await list.waitFor({ state: 'hidden' });
      await until('the bell is focused again', () =>
        bell(cleo.page, 0).evaluate((button) => button === document.activeElement),
      );
    },
  );

  it(
    'lets admins announce to all users, and shows the number of recipients or the error',
    { timeout: 120_000 },
    async () => {
      const gia = await arrive('gia');
      const admin = await web.openAs(root);
      await admin.choose('Your account', 'Announce…');
      const form = admin.page.getByRole('dialog', { name: 'New announcement' });
      await form.getByText(/You cannot undo this\.$/).waitFor();
      await admin.page.keyboard.type('Moving day');
      await form.getByLabel('Message').fill('  \n ');
      expect(await hindrances(admin.page)).toEqual([]);
      await form.getByRole('button', { name: 'Send announcement' }).click();
      await form
        .getByRole('alert')
        .getByText('A message has at least 1 visible character.')
        .waitFor();
      await form.getByLabel('Message').fill('At noon,\nfor an hour,\nor two,\nor three.');
      await form.getByRole('button', { name: 'Send announcement' }).click();
      await admin.page.getByText(/^Announcement sent to \d+ users\.$/).waitFor();
      expect(await form.count()).toBe(0);
      await bell(gia.page, 1).waitFor();
      const list = await openPanel(gia.page, 1);
      await list.getByText('Moving day to everyone').waitFor();
      // It is shown nowhere else.
      const text = list.locator('.words');
      expect(await text.innerText()).toBe('At noon,\nfor an hour,\nor two,\nor three.');
      expect(await text.evaluate((words) => words.scrollHeight <= words.clientHeight)).toBe(true);
      expect(await hindrances(gia.page)).toEqual([]);
      await gia.page.keyboard.press('Escape');
      await gia.page.getByRole('button', { name: 'Your account' }).click();
      await gia.page.getByRole('menuitem', { name: 'Your profile' }).waitFor();
      expect(await gia.page.getByRole('menuitem', { name: 'Announce…' }).count()).toBe(0);
    },
  );

  it('counts all notifications, and lists older ones on demand', { timeout: 120_000 }, async () => {
    const dora = await arrive('dora');
    for (let count = 1; count <= 70; count++)
      await notify(root, [dora.person.id], { title: `Number ${count}` });
    await bell(dora.page, 70).waitFor();
    await dora.page.reload();
    await bell(dora.page, 70).waitFor();
    await notify(root, [dora.person.id], { title: 'Number 71' });
    await bell(dora.page, 71).waitFor();
    const list = await openPanel(dora.page, 71);
    const titles = () => list.getByRole('listitem').locator('strong').allInnerTexts();
    await until('a page is there', async () => (await titles()).length === 50);
    await list.getByRole('button', { name: 'Show older' }).click();
    await until('all are there', async () => (await titles()).length === 71);
    expect(await titles()).toEqual(
      Array.from({ length: 71 }, (_, place) => `Number ${71 - place}`),
    );
    expect(await list.getByRole('button', { name: 'Show older' }).count()).toBe(0);
    await list.getByRole('button', { name: /^Number 1[ ,]/ }).click();
    await bell(dora.page, 70).waitFor();
    // A notification that is on no loaded page.
    await dora.page.reload();
    await bell(dora.page, 70).waitFor();
    await openPanel(dora.page, 70);
    await list.getByRole('button', { name: 'Mark all as read' }).click();
    await bell(dora.page, 0).waitFor();
    expect(await list.locator('.is-unread').count()).toBe(0);
  });

  it(
    'shows notifications of the browser only with permission, and only while the page is hidden',
    { timeout: 120_000 },
    async () => {
      const self = await person(web.node, 'emil');
      const { id: roomId } = await createRoom(mia, { name: 'Tower' });
      await joinRoom(self, { roomId });
      const emil = await web.open();
      const { page, context } = emil;
      // The notifications of the browser are recorded, and still shown.
      await page.addInitScript(() => {
        globalThis.ownNotifications = { asked: 0, shown: [] };
        const Own = globalThis.Notification;
        globalThis.Notification = class extends Own {
          constructor(title: string, options?: NotificationOptions) {
            super(title, options);
            globalThis.ownNotifications.shown.push(this);
          }
          override close() {
            globalThis.ownNotifications.closed = this.title;
            super.close();
          }
          // The viewer allows them in the settings of the browser, and closes its question.
          static override async requestPermission(): Promise<NotificationPermission> {
            globalThis.ownNotifications.asked++;
            while (Own.permission !== 'granted')
              await new Promise((resolve) => setTimeout(resolve, 50));
            globalThis.ownNotifications.isAnswered = true;
            return 'default';
          }
        };
      });
      await page.reload();
      await emil.signIn('emil');
      // Headless browsers give the focus to any window at any time.
      // So the document says who has it.
      const setFocus = async (isFocused: boolean) => {
        await page.evaluate((isFocused) => {
          document.hasFocus = () => isFocused;
          dispatchEvent(new Event(isFocused ? 'focus' : 'blur'));
        }, isFocused);
        // Other pages notice it by a lock, which is taken and released a moment later.
        await until('the lock follows', () =>
          page.evaluate(
            async (isFocused) =>
              (await navigator.locks.query()).held!.length === (isFocused ? 1 : 0),
            isFocused,
          ),
        );
      };
      const notices = () =>
        page.evaluate(async () => {
          // The page asks for the locks before it shows one.
          await navigator.locks.query();
          return globalThis.ownNotifications.shown.map(({ title, body }) => `${title}: ${body}`);
        });
      await bell(page, 0).waitFor();
      expect(await page.evaluate(() => globalThis.ownNotifications.asked)).toBe(0);
      await openPanel(page, 0);
      await until('it is off', async () => !(await isOn(page).isChecked()));
      await isOn(page).click();
      await until('it asks', () => page.evaluate(() => globalThis.ownNotifications.asked === 1));
      await context.grantPermissions(['notifications'], { origin: new URL(web.node.url).origin });
      await until('its question is closed', () =>
        page.evaluate(() => globalThis.ownNotifications.isAnswered === true),
      );
      await until('it is on', async () => await isOn(page).isChecked());
      expect(await hindrances(page)).toEqual([]);
      await page.keyboard.press('Escape');

      await setFocus(true);
      await send(mia, roomId, 'Seen, @emil');
      await bell(page, 1).waitFor();
      await setFocus(false);
      await send(mia, roomId, 'Unseen, @emil');
      await bell(page, 2).waitFor();
      await until('it is shown', async () => (await notices()).length > 0);
      expect(await notices()).toEqual(['mia: Unseen, @emil']);

      // A click leads there, and reading removes it.
      await setFocus(true);
      await page.evaluate(() =>
        globalThis.ownNotifications.shown[0]!.dispatchEvent(new Event('click')),
      );
      await page.getByRole('heading', { name: 'Tower' }).waitFor();
      await bell(page, 0).waitFor();
      await until('it is closed', () =>
        page.evaluate(() => globalThis.ownNotifications.closed === 'mia'),
      );

      // Switched off in the client, regardless of the permission.
      await openPanel(page, 0);
      await isOn(page).click();
      await page.keyboard.press('Escape');
      await setFocus(false);
      await notify(root, [self.id], { title: 'Silent' });
      await bell(page, 1).waitFor();
      expect(await notices()).toHaveLength(1);
      await page.reload();
      await openPanel(page, 1);
      expect(await isOn(page).isChecked()).toBe(false);
    },
  );

  it.each([
    ['light', 1280, 800],
    ['dark', 360, 640],
  ] as const)(
    'works with the keyboard, in %s, %i px wide',
    { timeout: 120_000 },
    async (colorScheme, width, height) => {
      const fay = await arrive(`fay-${colorScheme}`, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      });
      await send(
        mia,
        fay.roomId,
        `A word for @${fay.person.username} that is longer than the panel is wide: ${'and on '.repeat(30)}`,
      );
      await bell(fay.page, 1).focus();
      await fay.page.keyboard.press('Enter');
      await panel(fay.page)
        .getByRole('button', { name: /mia mentioned you/ })
        .waitFor();
      expect(await hindrances(fay.page)).toEqual([]);
      const box = (await panel(fay.page).boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      await fay.page.keyboard.press('Tab');
      await fay.page.keyboard.press('Tab');
      await fay.page.keyboard.press('Enter');
      await fay.page.getByRole('heading', { name: fay.roomName }).waitFor();
    },
  );
});
