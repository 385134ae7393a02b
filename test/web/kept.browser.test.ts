import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { webClient } from './web-client.ts';

describeWithChromium('what a person wrote', () => {
  const client = webClient();

  it('[P18] keeps a draft and its reply through a reload, another room and a closed tab', async () => {
    const ann = await client.newcomer('ann');
    await createRoom(ann.person, { name: 'Garden' });
    await createRoom(ann.person, { name: 'Kitchen' });
    await ann.openRoom('Garden');
    await ann.say('the first');
    await until('it is stored', async () => (await ann.said()).includes('the first'));
    const message = ann.page.getByRole('listitem').filter({ hasText: 'the first' });
    await message.getByRole('button', { name: 'Reply to ann' }).press('Enter');
    await ann.field.fill('half a thought');
    await ann.openRoom('Kitchen');
    expect(await ann.field.inputValue()).toBe('');

    await ann.page.close();
    const page = await ann.context.newPage();
    await page.goto('/');
    await page.getByRole('link', { name: 'Garden' }).first().click();
    const field = page.getByRole('textbox', { name: 'Message Garden' });
    await expect.poll(() => field.inputValue()).toBe('half a thought');
    await page.getByText('Replying to').waitFor();
  });

  it('[P18] sends a message after a restart, once, also from two tabs', async () => {
    await using wire = await startFaultProxy(Number(new URL(client.node.url).port));
    const baseURL = `http://127.0.0.1:${wire.port}`;
    await createRoom(await person(client.node, 'bob'), { name: 'Balcony' });
    const bob = await client.open({ baseURL });
    await bob.signIn('bob');
    await bob.openRoom('Balcony');
    wire.refuse();
    wire.cut();
    await bob.say('written in a tunnel');
    await bob.page.getByText('Reconnecting…').waitFor();
    await bob.page.close();
    wire.heal();

    const tabs = [await bob.context.newPage(), await bob.context.newPage()];
    await Promise.all(tabs.map((tab) => tab.goto('/')));
    for (const tab of tabs) {
      await tab.getByRole('link', { name: 'Balcony' }).first().click();
      await tab.locator('.message:not(.is-pending) .body').first().waitFor();
      const said = tab.locator('.message .body');
      await expect.poll(() => said.allInnerTexts()).toEqual(['written in a tunnel']);
    }
  });

  it('forgets everything when the person signs out', async () => {
    const cleo = await client.newcomer('cleo');
    await createRoom(cleo.person, { name: 'Attic' });
    await cleo.openRoom('Attic');
    await cleo.field.fill('a secret');
    const kept = () =>
      cleo.page.evaluate(() =>
        Object.keys(localStorage).filter((key) => key.startsWith('causerie.kept.')),
      );
    expect(await kept()).toHaveLength(1);
    await cleo.choose('Your account', 'Sign out');
    await cleo.page.getByLabel('Password').waitFor();
    expect(await kept()).toEqual([]);
  });
});
