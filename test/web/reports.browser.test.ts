import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { reportMessage } from '../support/moderating.ts';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

const link = (page: Page, count = '') =>
  page
    .getByRole('navigation')
    .getByRole('link', { name: count ? `Reports ${count} open` : 'Reports', exact: true });
const rows = (page: Page) => page.getByRole('main').getByRole('listitem');
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });
const isInList = (page: Page) =>
  page
    .getByRole('region', { name: 'Open reports' })
    .evaluate((list) => list === document.activeElement);

describeWithChromium('reports in the web client', () => {
  const web = webClient({ ADMIN_USERNAMES: 'root,chief,boss,warden,keeper' });

  it(
    'shows reported private messages to all admins, until one of them resolves the report',
    { timeout: 120_000 },
    async () => {
      const [root, chief, rita] = [
        await web.newcomer('root'),
        await web.newcomer('chief'),
        await web.newcomer('rita'),
      ];
      await using spam = await person(web.node, 'spam');
      await link(root.page).click();
      await root.page.getByText('No open reports.').waitFor();
      expect(await hindrances(root.page)).toEqual([]);

      await sendPrivate(spam, rita.person, 'Buy my watches');
      await rita.page.getByRole('navigation').getByRole('link', { name: /^spam/ }).click();
      await rita.openMenuOf(rita.page.locator('.message', { hasText: 'Buy my watches' }));
      await rita.page.getByRole('menuitem', { name: 'Report…' }).click();
      await rita.page
        .getByRole('dialog')
        .getByLabel('What is wrong with this message?')
        .fill('An advertisement');
      await rita.page.keyboard.press('Enter');
      for (const { page } of [root, chief]) await link(page, '1').waitFor();
      const report = row(root.page, 'Private message');
      for (const text of ['spam', 'Buy my watches', 'rita: An advertisement'])
        await report.getByText(text).first().waitFor();
      // Only its author can delete it.
      expect(await report.locator('.deeds').getByRole('button').allInnerTexts()).toEqual([
        'Resolve',
      ]);
      expect(await hindrances(root.page)).toEqual([]);

      await link(chief.page, '1').click();
      await row(chief.page, 'Buy my watches')
        .getByRole('button', { name: /^Resolve/ })
        .focus();

      await report.getByRole('button', { name: 'Resolve: An advertisement' }).focus();
      await root.page.keyboard.press('Enter');
      await root.page.getByText('Report resolved.').waitFor();
      for (const { page } of [root, chief]) {
        await page.getByText('No open reports.').waitFor();
        await link(page).waitFor();
        await until('the keyboard is not lost', () => isInList(page));
      }
      await chief.page.getByText('Resolved', { exact: true }).click();
      await row(chief.page, 'An advertisement')
        .getByText(/^Resolved by root/)
        .waitFor();
      expect(await rows(chief.page).locator('.deeds button').count()).toBe(0);
      expect(await hindrances(chief.page)).toEqual([]);

      // Users can delete their own private messages, also reported ones.
      const { message: own } = await sendPrivate(root.person, rita.person, 'Well, buy mine');
      await reportMessage(rita.person, { messageId: own.id, reason: 'You, too?' });
      await row(root.page, 'Well, buy mine')
        .getByRole('button', { name: 'Delete the message by root' })
        .waitFor();
      // A notification leads to the page.
      await chief.page.getByRole('link', { name: 'Lobby', exact: true }).click();
      await chief.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
      await chief.page.getByRole('button', { name: /A message was reported.*You, too\?/ }).click();
      await row(chief.page, 'Well, buy mine').waitFor();
      expect(
        await row(chief.page, 'Well, buy mine')
          .locator('.deeds')
          .getByRole('button')
          .allInnerTexts(),
      ).toEqual(['Resolve']);

      // Other users have no such page.
      expect(await link(rita.page).count()).toBe(0);
      await rita.page.goto('/#/reports');
      await rita.page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    },
  );

  it(
    'leads to a reported message in a room, and deletes it there',
    { timeout: 120_000 },
    async () => {
      const boss = await web.newcomer('boss');
      await using olga = await person(web.node, 'olga');
      await using noah = await person(web.node, 'noah');
      await using warden = await person(web.node, 'warden');
      const { id: roomId } = await createRoom(olga, { name: 'Market' });
      for (const someone of [noah, warden]) await joinRoom(someone, { roomId });
      const [offer, word] = [
        await send(noah, roomId, 'Buy my boots'),
        await send(warden, roomId, 'No selling here'),
      ];
      for (let count = 1; count <= 60; count++) await send(olga, roomId, `message ${count}`);
      await boss.page
        .getByRole('navigation')
        .getByRole('link', { name: /^Reports/ })
        .click();
      await boss.page.getByRole('heading', { name: 'Reports' }).waitFor();
      await reportMessage(warden, { messageId: offer.id, reason: 'Boots' });
      await reportMessage(noah, { messageId: word.id, reason: 'Rude' });
      // Its owner is notified; the admins see it when they open the page again.
      await boss.page.evaluate(() => dispatchEvent(new Event('focus')));
      await row(boss.page, 'Rude').waitFor();
      expect(
        await row(boss.page, 'Rude').locator('.deeds').getByRole('button').allInnerTexts(),
      ).toEqual(['Resolve']);

      await row(boss.page, 'Boots').getByRole('link', { name: 'Market' }).click();
      await boss.page.locator('.message', { hasText: 'Buy my boots' }).waitFor();
      await boss.page.goBack();
      await row(boss.page, 'Boots')
        .getByRole('button', { name: 'Delete the message by noah' })
        .click();
      await boss.page.getByRole('dialog').getByText('Buy my boots').waitFor();
      expect(await hindrances(boss.page)).toEqual([]);
      await boss.page.keyboard.press('Enter');
      await row(boss.page, 'Boots').getByText('This message was deleted.').waitFor();
      expect(
        await row(boss.page, 'Boots').locator('.deeds').getByRole('button').allInnerTexts(),
      ).toEqual(['Resolve']);
      await until('the keyboard is not lost', () => isInList(boss.page));
    },
  );

  it(
    'lists more reports than fit a page, and keeps the scroll position',
    { timeout: 120_000 },
    async () => {
      const keeper = await web.newcomer('keeper', {
        viewport: { width: 360, height: 640 },
        colorScheme: 'dark',
        isMobile: true,
        hasTouch: true,
      });
      await using pia = await person(web.node, 'pia');
      await using quin = await person(web.node, 'quin');
      for (let count = 1; count <= 55; count++) {
        const { message } = await sendPrivate(pia, quin, `insult ${count}`);
        await reportMessage(quin, { messageId: message.id, reason: `reason ${count}` });
      }
      await link(keeper.page, '50+').tap();
      await row(keeper.page, 'reason 55').waitFor();
      expect(await rows(keeper.page).count()).toBe(50);
      expect(await rows(keeper.page).first().getByText('insult 55').count()).toBe(1);
      await keeper.page.getByRole('button', { name: 'Show older' }).tap();
      await keeper.page.getByRole('button', { name: 'Resolve: reason 1', exact: true }).tap();
      await until(
        'it is gone',
        async () =>
          (await row(keeper.page, 'insult 1')
            .filter({ hasNotText: /insult 1\d/ })
            .count()) === 0,
      );
      await keeper.page.getByRole('button', { name: 'Resolve: reason 2', exact: true }).waitFor();
      expect(await keeper.fits()).toBe(true);
      expect(await hindrances(keeper.page)).toEqual([]);
    },
  );
});
