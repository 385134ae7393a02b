import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('people in the web client', () => {
  const web = webClient({ ADMIN_USERNAMES: 'root' });

  it('a name opens a card, from which one writes to a person, blocks and reports them', async () => {
    await using rex = await person(web.node, 'rex', 'Rex');
    const ann = await web.newcomer('ann', { displayName: 'Ann' });
    const { page } = ann;
    const { id: roomId } = await createRoom(ann.person, { name: 'Square' });
    await joinRoom(rex, { roomId });
    await send(rex, roomId, 'buy my watches');
    await ann.openRoom('Square');
    const message = page.locator('.message').first();
    await message.getByText('buy my watches').waitFor();

    await message.getByRole('button', { name: 'Rex', exact: true }).click();
    const card = page.getByRole('dialog', { name: 'Rex', exact: true });
    await card.getByText('@rex').waitFor();
    await card.getByText(/^Member since /).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await card.getByRole('button', { name: 'Report…' }).click();
    const report = page.getByRole('dialog', { name: 'Report Rex' });
    await report.getByRole('textbox').fill('sells watches');
    await report.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText('Report sent. An admin will review it.').waitFor();

    await card.getByRole('button', { name: 'Block…' }).click();
    const question = page.getByRole('dialog', { name: 'Block Rex?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await card.getByRole('button', { name: 'Block…' }).click();
    await question.getByRole('button', { name: 'Block', exact: true }).click();
    await card.getByText('You have blocked this person.').waitFor();
    await page.keyboard.press('Escape');
    await message.getByText('You have blocked this person.').waitFor();
    expect(await message.getByText('buy my watches').count()).toBe(0);
    await message.getByRole('button', { name: 'Show message' }).click();
    await message.getByText('buy my watches').waitFor();

    await ann.choose('Your account', 'Blocked people');
    const list = page.getByRole('dialog', { name: 'Blocked people' });
    expect(await hindrances(page)).toEqual([]);
    await list.getByRole('button', { name: 'Unblock Rex' }).click();
    await list.getByText('You have blocked nobody.').waitFor();
    await page.keyboard.press('Escape');

    await page
      .getByRole('complementary', { name: 'Members' })
      .getByRole('button', { name: 'Rex', exact: true })
      .click();
    await card.getByRole('button', { name: 'Message', exact: true }).click();
    await page.getByRole('textbox', { name: 'Message Rex' }).waitFor();

    const root = await web.newcomer('root');
    await root.page.getByRole('navigation').getByRole('link', { name: 'Reports 1 open' }).click();
    const reports = root.page.getByRole('region', { name: 'Reported people' });
    await reports.getByText('sells watches').waitFor();
    expect(await hindrances(root.page)).toEqual([]);
    await reports.getByRole('button', { name: 'Resolve: sells watches' }).click();
    await reports.waitFor({ state: 'detached' });
  });
});
