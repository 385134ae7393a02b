import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { assign, mySupport, resolve } from '../support/desk.ts';
import { person, type Person } from '../support/person.ts';
import { describeWithChromium, describeWithPostgres } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { openSignedIn, openWindows } from './window.ts';

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,chief' };
const nav = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true });
const row = (page: Page, name: RegExp) =>
  page.getByRole('main').getByRole('listitem').getByRole('link', { name });
const button = (page: Page, name: string) =>
  page.getByRole('main').getByRole('button', { name, exact: true });
const below = (page: Page, text: string) => page.locator('.head-title', { hasText: text });

describeWithChromium('support in the web client', () => {
  const openWindow = openWindows();

  const openAs = (node: TestNode, username: string, options?: BrowserContextOptions) =>
    openSignedIn(openWindow, node.url, username, options);

  it(
    'shows a message of a customer to the whole desk, and the answer to the customer',
    { timeout: 120_000 },
    async () => {
      await using node = await startNode({ settings });
      for (const name of ['ann', 'root', 'chief']) await person(node, name);
      const [ann, root, chief] = [
        await openAs(node, 'ann'),
        await openAs(node, 'root'),
        await openAs(node, 'chief'),
      ];
      expect(await nav(ann.page, 'All conversations').count()).toBe(0);
      await nav(root.page, 'All conversations').click();
      await root.page.getByText('No open conversations.').waitFor();
      await nav(chief.page, 'All conversations').click();

      await nav(ann.page, 'Support').click();
      await below(ann.page, 'Write here if you need help').waitFor();
      await ann.page.getByText('How can we help?').waitFor();
      await ann.say('I am locked out.');
      for (const { page } of [root, chief]) {
        await nav(page, 'ann 1 unread').waitFor();
        await row(page, /ann.*Not assigned.*I am locked out\..*1 unread/).waitFor();
      }
      expect(await root.page.title()).toBe('(1) Causerie');
      expect(await hindrances(root.page)).toEqual([]);

      await row(root.page, /ann/).click();
      await nav(root.page, 'ann').waitFor();
      await ann.page.getByText('Read', { exact: true }).waitFor();
      await button(root.page, 'Assign to me').click();
      await below(root.page, 'Assigned to you').waitFor();
      await below(ann.page, 'root is helping you').waitFor();
      await row(chief.page, /ann.*Assigned to root/).waitFor();
      expect(await hindrances(root.page)).toEqual([]);
      expect(await hindrances(ann.page)).toEqual([]);
      // The desk cannot delete or edit messages of a customer.
      await root.page.getByRole('button', { name: 'More', exact: true }).press('Enter');
      expect(
        (await root.page.getByRole('menuitem').allInnerTexts()).map((text) => text.trim()),
      ).toEqual(['Copy link']);
      await root.page.keyboard.press('Escape');

      await ann.page.getByRole('link', { name: 'Lobby', exact: true }).click();
      await root.say('Try again now.');
      await nav(ann.page, 'Support 1 unread').waitFor();
      await ann.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
      await ann.page.getByRole('button', { name: /root answered you.*Try again now\./ }).click();
      await until('the answer is there', async () => (await ann.said()).includes('Try again now.'));
      await nav(ann.page, 'Support').waitFor();
      await ann.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();

      await button(root.page, 'Resolve').click();
      await below(root.page, 'Resolved by you').waitFor();
      expect(await button(root.page, 'Resolve').count()).toBe(0);
      await below(ann.page, 'Resolved. Write again if you need more help.').waitFor();
      await chief.page.getByText('No open conversations.').waitFor();
      await chief.page.getByText('Resolved', { exact: true }).click();
      await row(chief.page, /ann.*Resolved by root/).waitFor();

      await ann.say('Still locked out!');
      await below(root.page, 'Assigned to you').waitFor();
      await chief.page.getByText('No resolved conversations yet.').waitFor();
      await chief.page.getByText('Open', { exact: true }).click();
      await row(chief.page, /ann.*Assigned to root.*Still locked out!/).waitFor();
      await root.choose('More about ann', 'Unassign');
      await below(ann.page, 'Write here if you need help').waitFor();
      await row(chief.page, /ann.*Not assigned/).waitFor();
    },
  );

  it('lists more conversations than fit a page, and opens each', { timeout: 120_000 }, async () => {
    await using node = await startNode({ settings });
    await using root = await person(node, 'root');
    const ids: string[] = [];
    const customers: Person[] = [];
    for (let count = 1; count <= 120; count++) {
      const customer = await person(node, `customer${count}`);
      const { id } = await mySupport(customer);
      await send(customer, id, `question ${count}`);
      customers.push(customer);
      ids.push(id);
    }
    for (const id of ids.slice(0, 55)) await resolve(root, id);
    const desk = await openAs(node, 'root', {
      viewport: { width: 360, height: 640 },
      colorScheme: 'dark',
    });
    await nav(desk.page, 'customer120 1 unread').waitFor();
    // The sidebar does not list resolved conversations.
    expect(
      await desk.page
        .getByRole('navigation')
        .getByRole('link', { name: /^customer/ })
        .count(),
    ).toBe(10);
    await nav(desk.page, 'All conversations').click();
    const rows = desk.page.getByRole('main').getByRole('listitem');
    for (const [tab, count, oldest] of [
      ['Open', 65, 'question 56'],
      ['Resolved', 55, 'question 1'],
    ] as const) {
      await desk.page.getByText(tab, { exact: true }).click();
      await until('a page is there', async () => (await rows.count()) === 50);
      await button(desk.page, 'Show older').click();
      await until('all are there', async () => (await rows.count()) === count);
      expect(await rows.last().locator('.words').innerText()).toBe(oldest);
      expect(await button(desk.page, 'Show older').count()).toBe(0);
    }
    expect(await hindrances(desk.page)).toEqual([]);
    expect(await desk.fits()).toBe(true);

    // A conversation that is on no loaded page: it appears with its unread count.
    await desk.page.reload();
    await until('a page is there', async () => (await rows.count()) === 50);
    await send(customers[0]!, ids[0]!, 'and another');
    await row(desk.page, /customer1\b.*and another.*2 unread/).waitFor();
    await desk.page.goto(`/#/support/${ids[1]}`);
    await desk.page.getByRole('heading', { name: 'customer2' }).waitFor();
    await until('its messages are there', async () => (await desk.said()).includes('question 2'));
  });

  describeWithPostgres('while roles change', () => {
    it(
      'hides the desk from a former admin, and shows it to a new one, without a reload',
      { timeout: 120_000 },
      async () => {
        await using node = await startNode({ settings });
        const setAdmins = (names: string) =>
          startNode({ settings: { ...node.settings, ADMIN_USERNAMES: names } });
        await using ann = await person(node, 'ann');
        await using root = await person(node, 'root');
        await using _ben = await person(node, 'ben');
        const { id } = await mySupport(ann);
        await send(ann, id, 'Help!');
        const chief = await openWindow(node.url);
        await chief.signUp('chief');
        await nav(chief.page, 'ann 1 unread').click();
        await button(chief.page, 'Assign to me').click();
        await below(chief.page, 'Assigned to you').waitFor();
        const ben = await openAs(node, 'ben');
        await nav(ben.page, 'Support').click();
        await ben.say('I have a question, too.');
        await nav(chief.page, 'ben 1 unread').waitFor();
        await ben.field.fill('a draft');

        await using _second = await setAdmins('root,ben');
        await ben.page.getByText('You are now an admin and on the support desk.').waitFor();
        await nav(ben.page, 'ann 1 unread').waitFor();
        await nav(ben.page, 'All conversations').waitFor();
        await chief.page.getByText('You are no longer an admin.').waitFor();
        await chief.page
          .getByText('This conversation does not exist, or you do not have access to it.')
          .waitFor();
        expect(await nav(chief.page, 'All conversations').count()).toBe(0);
        expect(await nav(chief.page, /^ann/).count()).toBe(0);
        await nav(chief.page, 'Support').waitFor();

        await nav(ben.page, 'ann 1 unread').click();
        await until('it is read', async () => (await ben.said()).includes('Help!'));
        await ben.say('Hello, I am new here.');
        await until('it is sent', async () => (await ben.said()).includes('Hello, I am new here.'));
        // The same holds after a reload, although the session is older.
        await ben.page.reload();
        await nav(ben.page, 'All conversations').waitFor();
        await nav(ben.page, /^ann/).waitFor();
        expect(await ben.page.getByText('You are now an admin').count()).toBe(0);
        await using _third = await setAdmins('root');
        await ben.page.getByText('You are no longer an admin.').waitFor();
        await assign(root, id, root.id);
      },
    );
  });

  it('lets guests write to support, and shows the desk where they come from', async () => {
    await using node = await startNode({ settings: { ...settings, GUEST_SUPPORT: 'on' } });
    await person(node, 'root');
    const root = await openAs(node, 'root');
    const gus = await openWindow(node.url, { locale: 'en-GB' });
    await gus.page.getByText('Guest', { exact: true }).click();
    await gus.page.getByLabel('Your name').fill('Gus');
    await gus.page.getByRole('button', { name: 'Continue as guest' }).click();
    await nav(gus.page, 'Support').click();
    await gus.say('Hello!');
    await nav(root.page, 'Gus 1 unread').click();
    await root.page.getByText('Hello!').waitFor();
    await below(root.page, 'Not assigned · en-GB').waitFor();
  });
});
