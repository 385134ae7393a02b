import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { deleteMessage } from '../support/messages.ts';
import { addPastMessages } from '../support/past-messages.ts';
import { person, query, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { standingOf } from '../support/reading.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium, postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { documentOf } from './document-of.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';
import { openSignedIn, openWindows, type Window } from './window.ts';

describeWithChromium('the search of the web client', () => {
  const web = webClient({ ADMIN_USERNAMES: 'grace' });
  let olga: Person;
  beforeAll(async () => {
    olga = await person(web.node, 'olga');
  });
  afterAll(() => olga[Symbol.asyncDispose]());

  it(
    'finds messages in all visible conversations or in one, newest first, and no private messages of others',
    { timeout: 120_000 },
    async () => {
      const ann = await web.newcomer('ann');
      const { id: open } = await createRoom(olga, { name: 'Kitchen' });
      const { id: hidden } = await createRoom(olga, { name: 'Cellar', visibility: 'PRIVATE' });
      await joinRoom(ann.person, { roomId: open });
      await send(olga, hidden, 'marmalade in the cellar');
      await send(olga, open, 'Marmalade for all');
      await sendPrivate(olga, ann.person, 'my marmalade, for you');
      await send(ann.person, (await mySupport(ann.person)).id, 'Help: marmalade!');
      await ann.openRoom('Kitchen');
      await ann.page.keyboard.press('Control+k');
      await typeQuery(ann.page, 'marmalade');
      await status(ann.page, '3 found');
      expect(await results(ann.page)).toEqual([
        'Help: marmalade!',
        'my marmalade, for you',
        'Marmalade for all',
      ]);
      expect(await ann.page.locator('.found-place').allInnerTexts()).toEqual(
        ['Support', 'olga', 'Kitchen'].map((name) =>
          expect.stringMatching(new RegExp(`^\\s*in\\s+${name}$`)),
        ),
      );
      expect(await ann.page.locator('mark').allInnerTexts()).toEqual([
        'marmalade',
        'marmalade',
        'Marmalade',
      ]);

      await ann.page.getByText('In Kitchen', { exact: true }).click();
      await status(ann.page, '1 found');
      expect(await results(ann.page)).toEqual(['Marmalade for all']);
      await closeSearch(ann.page);
      await ann.page.getByRole('button', { name: 'Search in Kitchen' }).click();
      expect(await ann.page.getByRole('radio', { name: 'In Kitchen' }).isChecked()).toBe(true);
      await typeQuery(ann.page, 'cellar');
      await ann.page.getByText('No messages found.').waitFor();
      await closeSearch(ann.page);

      const bea = await web.newcomer('bea');
      await bea.page.getByRole('button', { name: 'Search messages' }).click();
      await typeQuery(bea.page, 'marmalade');
      await status(bea.page, '1 found');
      expect(await results(bea.page)).toEqual(['Marmalade for all']);
    },
  );

  it('shows markup in results as text', async () => {
    const cat = await web.newcomer('cat');
    const { id: roomId } = await createRoom(olga, { name: '<b>Room</b>' });
    const texts = [
      '<img src=x onerror="document.title=\'broken\'"> xylophone',
      '<mark>xylophone</mark> <script>document.title="broken"</script>',
    ];
    for (const text of texts) await send(olga, roomId, text);
    await cat.page.keyboard.press('Control+k');
    await typeQuery(cat.page, 'xylophone <b>');
    await cat.page.getByText('No messages found.').waitFor();
    await typeQuery(cat.page, 'xylophone');
    await status(cat.page, '2 found');
    expect(await results(cat.page)).toEqual(texts.toReversed());
    expect(await cat.page.locator('mark').allInnerTexts()).toEqual(['xylophone', 'xylophone']);
    expect(await cat.page.locator('.found :is(img, script, b)').count()).toBe(0);
    expect(await cat.page.title()).not.toContain('broken');
  });

  const count = 650;
  it(
    'leads to a message hundreds of messages back, and does not mark unseen messages as read',
    { timeout: 120_000 },
    async () => {
      const dan = await web.newcomer('dan');
      const { id: roomId } = await createRoom(olga, { name: 'Archive' });
      await joinRoom(dan.person, { roomId });
      const { seq } = await send(olga, roomId, 'a needle in it');
      const later = Array.from({ length: count }, (_, number) => ({
        author: olga,
        body: `number ${number} ${'and so on '.repeat(number % 23)}`,
      }));
      await addPastMessages(web.node, roomId, later);
      await dan.page.getByRole('button', { name: 'Search messages' }).click();
      await typeQuery(dan.page, 'needle');
      await status(dan.page, '1 found');
      await dan.page.locator('.found').click();
      const found = dan.page.locator('.message.is-shown', { hasText: 'a needle in it' });
      await found.waitFor();
      await until('it is focused', () => found.evaluate((row) => row === document.activeElement));
      expect(await isInView(dan.page, 'a needle in it')).toBe(true);
      expect(new URL(dan.page.url()).hash).toBe(`#/room/${roomId}/${seq}`);
      await until(
        'nobody looks for it any more',
        async () => (await dan.page.getByText('Looking for the message').count()) === 0,
      );
      expect(
        await dan.page
          .getByRole('link', { name: 'Archive 99+ unread' })
          .getAttribute('aria-current'),
      ).toBe('page');
      expect(await standingOf(dan.person, roomId)).toMatchObject({ readUpTo: 0 });

      await dan.page.getByRole('button', { name: 'Jump to the newest messages' }).click();
      await dan.page.getByRole('link', { name: 'Archive', exact: true }).waitFor();
      expect(await isInView(dan.page, 'a needle in it')).toBe(false);
      // Once more, from the current page.
      await dan.page.keyboard.press('Control+k');
      await dan.page.locator('.found').click();
      await until('it is in view again', () => isInView(dan.page, 'a needle in it'));
    },
  );

  it('works with the keyboard alone, and continues where it was left', async () => {
    const eli = await web.newcomer('eli');
    const { id: roomId } = await createRoom(olga, { name: 'Harbour' });
    for (const text of ['lighthouse one', 'lighthouse two', 'lighthouse three'])
      await send(olga, roomId, text);
    const { keyboard } = eli.page;
    const focused = () =>
      eli.page.evaluate(
        () =>
          document.activeElement?.querySelector('.found-text, .body')?.textContent ??
          document.activeElement?.tagName,
      );
    expect(
      await eli.page.getByRole('button', { name: 'Search messages' }).getAttribute('title'),
    ).toContain('Ctrl+K');
    await eli.page.getByRole('button', { name: 'Search messages' }).focus();
    await keyboard.press('Control+k');
    await until('one can write at once', async () => (await focused()) === 'INPUT');
    await closeSearch(eli.page);
    expect(await focused()).toBe('BUTTON');
    await keyboard.press('Control+k');
    await keyboard.type('lighthouse');
    await keyboard.press('Enter');
    await status(eli.page, '3 found');
    await keyboard.press('ArrowDown');
    expect(await focused()).toBe('lighthouse three');
    await keyboard.press('ArrowUp');
    expect(await focused()).toBe('INPUT');
    for (let steps = 0; steps < 9; steps++) await keyboard.press('ArrowDown');
    expect(await focused()).toBe('lighthouse one');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await until('the message has the focus', async () => (await focused()) === 'lighthouse two');
    expect(await eli.page.getByRole('dialog').count()).toBe(0);

    await keyboard.press('Control+k');
    expect(await eli.page.getByLabel('Search terms').inputValue()).toBe('lighthouse');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await until('the other has it', async () => (await focused()) === 'lighthouse three');
    await keyboard.press('Control+k');
    await keyboard.type('harbour');
    expect(await eli.page.getByLabel('Search terms').inputValue()).toBe('harbour');
  });

  it('reopens at once after it was closed', async () => {
    const kit = await web.newcomer('kit');
    for (let times = 0; times < 5; times++) {
      await kit.page.keyboard.press('Control+k');
      await kit.page.getByLabel('Search terms').waitFor();
      // In one turn of the event loop, so nothing is rendered in between.
      await kit.page.evaluate(() => {
        document.querySelector('dialog')!.close();
        dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
      });
      await kit.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
      await kit.page.getByLabel('Search terms').waitFor();
      await closeSearch(kit.page);
    }
  });

  it('sends one query after a pause, not one for every letter', async () => {
    const eve = await web.newcomer('eve');
    const { id: roomId } = await createRoom(olga, { name: 'Meadow' });
    await send(olga, roomId, 'heliotrope');
    const asked: string[] = [];
    eve.page.on('request', (request) => {
      if (documentOf(request).includes('searchMessages'))
        asked.push(request.postDataJSON().variables.query);
    });
    await eve.page.keyboard.press('Control+k');
    await eve.page.clock.install();
    await eve.page.clock.pauseAt(Date.now() + 60_000);
    for (const words of ['heliotrope', ' flowers']) {
      await eve.page.keyboard.type(words);
      await eve.page.clock.runFor(1000);
      await status(
        eve.page,
        words === 'heliotrope'
          ? '1 found'
          : 'No messages found. Only the last word may be incomplete.',
      );
      await eve.page.keyboard.press('Enter');
    }
    expect(asked).toEqual(['heliotrope', 'heliotrope flowers']);
  });

  it(
    'leads to rooms without membership, private messages and support, and so do URLs',
    { timeout: 120_000 },
    async () => {
      const fay = await web.newcomer('fay', { reducedMotion: 'reduce' });
      const { id: roomId } = await createRoom(olga, { name: 'Orchard' });
      await send(olga, roomId, 'quince in the orchard');
      await sendPrivate(olga, fay.person, 'quince between us');
      const { id: supportId } = await mySupport(fay.person);
      await send(fay.person, supportId, 'quince for the desk');
      await openResult(fay.page, 'quince', 'quince in the orchard');
      await shows(fay.page, 'quince in the orchard');
      await fay.page.getByText('You are previewing this room.').waitFor();
      // Sent after the preview was opened; a preview receives no events.
      await send(olga, roomId, 'medlar in the orchard');
      await openResult(fay.page, 'medlar', 'medlar in the orchard');
      await shows(fay.page, 'medlar in the orchard');
      await fay.page.getByRole('button', { name: 'Search in Orchard' }).click();
      await typeQuery(fay.page, 'medlar or quince');
      await status(fay.page, '2 found');
      await closeSearch(fay.page);
      await openResult(fay.page, 'quince', 'quince between us');
      await shows(fay.page, 'quince between us');
      await openResult(fay.page, 'quince', 'quince for the desk');
      await shows(fay.page, 'quince for the desk');

      for (const [address, text] of [
        [`room/${roomId}/1`, 'quince in the orchard'],
        [`direct/${olga.id}/1`, 'quince between us'],
        [`support/${supportId}/1`, 'quince for the desk'],
      ] as const) {
        const tab = await fay.context.newPage();
        await tab.goto(`/#/${address}`);
        await shows(tab, text);
        await tab.close();
      }
      await fay.page.goto(`/#/room/${roomId}/77`);
      await fay.page.getByText('This message does not exist here.').waitFor();

      // More newer conversations than the first page of the list.
      const customers = await Promise.all(
        Array.from({ length: 51 }, (_, place) => person(web.node, `customer-${place}`)),
      );
      for (const customer of customers)
        await send(customer, (await mySupport(customer)).id, 'Hello?');
      const grace = await web.newcomer('grace');
      await openResult(grace.page, '"for the desk"', 'quince for the desk');
      await shows(grace.page, 'quince for the desk');
      expect(await grace.page.getByRole('heading', { name: 'fay', exact: true }).count()).toBe(1);
    },
  );

  it('opens a message from its copied link', async () => {
    const hugo = await web.newcomer('hugo', { permissions: ['clipboard-read', 'clipboard-write'] });
    await hugo.openRoom('lobby');
    await hugo.say('a message to point at');
    const message = hugo.page.locator('.message:not(.is-pending)', {
      hasText: 'a message to point at',
    });
    await hugo.openMenuOf(message);
    await hugo.page.getByRole('menuitem', { name: 'Copy link' }).click();
    await hugo.page.getByText('Link copied.').waitFor();
    const link = await hugo.page.evaluate(() => navigator.clipboard.readText());
    const tab = await hugo.context.newPage();
    await tab.goto(link);
    await shows(tab, 'a message to point at');
  });

  it('reports a message that was deleted meanwhile', async () => {
    const gil = await web.newcomer('gil');
    const { id: roomId } = await createRoom(olga, { name: 'Attic' });
    const { id: messageId } = await send(olga, roomId, 'ephemeral');
    await gil.page.keyboard.press('Control+k');
    await typeQuery(gil.page, 'ephemeral');
    await status(gil.page, '1 found');
    await deleteMessage(olga, { messageId });
    await gil.page.locator('.found').click();
    await gil.page.locator('.toast', { hasText: 'This message was deleted.' }).waitFor();
    await gil.page.locator('.message.is-shown', { hasText: 'This message was deleted.' }).waitFor();
  });

  it('shows more results on request', async () => {
    const hue = await web.newcomer('hue');
    const { id: roomId } = await createRoom(olga, { name: 'Aviary' });
    const messages = Array.from({ length: 45 }, (_, place) => ({
      author: olga,
      body: `budgerigar ${place + 1}`,
    }));
    await addPastMessages(web.node, roomId, messages);
    await hue.page.keyboard.press('Control+k');
    await typeQuery(hue.page, 'budgerigar');
    await status(hue.page, 'The newest 20');
    for (let steps = 0; steps < 21; steps++) await hue.page.keyboard.press('ArrowDown');
    await hue.page.keyboard.press('Enter');
    await status(hue.page, 'The newest 40');
    await until('one goes on with the first of them', () =>
      hue.page.evaluate(() => document.activeElement?.textContent?.endsWith('budgerigar 25')),
    );
    await hue.page.getByRole('button', { name: 'Show more' }).click();
    await status(hue.page, '45 found');
    expect(await results(hue.page)).toEqual(
      Array.from({ length: 45 }, (_, place) => `budgerigar ${45 - place}`),
    );
    expect(await hue.page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)(
    'is accessible, in %s, %i px wide',
    { timeout: 120_000 },
    async (colorScheme, width, height) => {
      const ida = await web.newcomer(`ida-${colorScheme}-${width}`, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      });
      await send(
        ida.person,
        (await mySupport(ida.person)).id,
        `dirigible, ${'and so on, '.repeat(40)}`,
      );
      await ida.openRoom('lobby');
      await ida.page.getByRole('button', { name: 'Search in lobby' }).click();
      expect(await hindrances(ida.page)).toEqual([]);
      await ida.page.getByText('Everywhere').click();
      await typeQuery(ida.page, 'dirigible');
      await status(ida.page, '1 found');
      await ida.page.keyboard.press('ArrowDown');
      expect(await hindrances(ida.page)).toEqual([]);
      expect(
        await ida.page.evaluate(
          () =>
            document.documentElement.scrollWidth <= innerWidth &&
            document.querySelector('dialog')!.scrollWidth <=
              document.querySelector('dialog')!.clientWidth,
        ),
      ).toBe(true);
      await typeQuery(ida.page, '-dirigible');
      await ida.page.getByText('Search for at least one word that the messages contain.').waitFor();
      expect(await hindrances(ida.page)).toEqual([]);
      await closeSearch(ida.page);
      expect(await hindrances(ida.page)).toEqual([]);
    },
  );
});

describeWithChromium('a search that is refused', () => {
  const openWindow = openWindows();

  it(
    'reports an unreachable server, and continues when it is reachable',
    { timeout: 120_000 },
    async () => {
      await using node = await startNode();
      await using wire = await startFaultProxy(port(node));
      const window = await windowAt(node, wire.port);
      wire.refuse();
      wire.cut();
      await typeQuery(window.page, 'pelican');
      await window.page
        .getByText(
          'The server cannot be reached. Check your connection. The search continues when you are online again.',
        )
        .waitFor();
      wire.heal();
      await window.page.locator('.found').waitFor({ timeout: 20_000 });
    },
  );

  it.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
    'reports a search that is too general, and too many searches, and continues when it is allowed',
    { timeout: 120_000 },
    async () => {
      const node = await startNode();
      await using wire = await startFaultProxy(port(node));
      const window = await windowAt(node, wire.port);
      const { page } = window;
      const database = new pg.Client(node.settings.DATABASE_URL);
      await database.connect();
      await database.query('begin');
      await database.query('lock table messages in access exclusive mode');
      await typeQuery(page, 'pelican');
      await page.getByText('Searching…').waitFor();
      await page.getByText('Too many messages have these words. Add rarer ones').waitFor();
      await database.end();
      await page.getByRole('button', { name: 'Search again' }).click();
      await status(page, '1 found');

      const token = await page.evaluate(() => JSON.stringify(localStorage).match(/eyJ[\w.-]+/)![0]);
      const spend = () =>
        query(node.url, '{ searchMessages(query: "anything") { edges { cursor } } }', {}, token);
      const spent = await Promise.allSettled(Array.from({ length: 40 }, spend));
      expect(spent.some(({ status: fate }) => fate === 'rejected')).toBe(true);
      // Uses up the rate again, so that a slow page is refused, too.
      let isRefused = false;
      const spending = (async () => {
        while (!isRefused) await spend().catch(() => {});
      })();
      await page.clock.install();
      await typeQuery(page, 'a pelican');
      await page
        .getByText(
          /doing this too often\. Try again in \d+ s\. The search continues automatically\./,
        )
        .waitFor()
        .finally(() => (isRefused = true));
      await spending;
      // A restarted server has counted nothing. The wait is measured by the clock of the page.
      await node[Symbol.asyncDispose]();
      await using second = await startNode({ settings: node.settings });
      wire.target = port(second);
      await page.clock.fastForward(61_000);
      await page.getByText('No messages found.').waitFor();
    },
  );

  /** A window of a user who has written of a pelican, with the search open. */
  async function windowAt(node: TestNode, wirePort: number): Promise<Window> {
    await using zoe = await person(node, 'zoe');
    const { id: roomId } = await createRoom(zoe, { name: 'Quay' });
    await send(zoe, roomId, 'pelican');
    const window = await openSignedIn(openWindow, `http://127.0.0.1:${wirePort}/`, 'zoe');
    await window.page.keyboard.press('Control+k');
    return window;
  }
});

const port = (node: TestNode) => Number(new URL(node.url).port);

/** Replaces the query and searches at once. */
async function typeQuery(page: Page, words: string): Promise<void> {
  const field = page.getByLabel('Search terms');
  await field.fill(words);
  await field.press('Enter');
}

async function closeSearch(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Search messages' }).waitFor({ state: 'detached' });
}

const status = (page: Page, text: string): Promise<void> =>
  page.getByRole('dialog').getByRole('status').getByText(text, { exact: true }).waitFor();
const results = (page: Page): Promise<string[]> => page.locator('.found-text').allInnerTexts();

async function openResult(page: Page, words: string, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await typeQuery(page, words);
  await page.locator('.found', { hasText: text }).click();
}

/** Waits until the message is visible and highlighted. */
async function shows(page: Page, text: string): Promise<void> {
  await page.locator('.message.is-shown', { hasText: text }).waitFor();
  await until('it is in view', () => isInView(page, text));
}

const isInView = (page: Page, text: string): Promise<boolean> =>
  page.evaluate((wanted) => {
    const row = [...document.querySelectorAll('.message')].find(
      (one) => one.querySelector('.body')?.textContent === wanted,
    );
    const frame = document.querySelector('.scroller')!.getBoundingClientRect();
    const { top, bottom } = row?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
    return row !== undefined && top >= frame.top && bottom <= frame.bottom;
  }, text);
