import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { password, person } from '../support/person.ts';
import { describeWithChromium } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the account of who is signed in to the web client', () => {
  const web = webClient();

  it('shows a profile to other users', { timeout: 120_000 }, async () => {
    await using _other = await person(web.node, 'taken');
    const ada = await web.newcomer('ada');
    const ben = await web.newcomer('ben');
    await ada.openRoom('lobby');
    await ben.openRoom('lobby');

    await ada.choose('Your account', 'Your profile');
    const dialog = ada.page.getByRole('dialog', { name: 'Your profile' });
    await dialog.getByLabel('Display name').fill('Countess');
    await dialog.getByLabel('Username').fill('taken');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The username taken is taken.').waitFor();
    expect(await hindrances(ada.page)).toEqual([]);
    await dialog.getByLabel('Username').fill('lovelace');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await ada.page.getByRole('navigation').getByText('@lovelace').waitFor();
    await ada.say('Under another name.');
    await ben.page
      .locator('.message', { hasText: 'Under another name.' })
      .getByText('Countess')
      .waitFor();

    await ada.page.reload();
    await ada.page.getByRole('navigation').getByText('Countess').waitFor();
  });

  it('exports an account as JSON, and deletes it in all tabs', { timeout: 120_000 }, async () => {
    const cleo = await web.newcomer('cleo');
    await cleo.openRoom('lobby');
    await cleo.say('Remember me.');
    await until('it is sent', async () => (await cleo.said()).includes('Remember me.'));
    const download = cleo.page.waitForEvent('download');
    await cleo.choose('Your account', 'Download my data');
    const data = await readFile(await (await download).path(), 'utf8');
    expect(JSON.parse(data)).toBeTypeOf('object');
    expect(data).toContain('Remember me.');

    const second = await cleo.context.newPage();
    await second.goto('/');
    await second.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    await cleo.choose('Your account', 'Delete my account…');
    const dialog = cleo.page.getByRole('dialog', { name: 'Delete your account?' });
    await dialog.getByLabel('Password').fill('not this one');
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await dialog.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    expect(await hindrances(cleo.page)).toEqual([]);
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await cleo.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await second.getByRole('button', { name: 'Sign in' }).waitFor();
  });
});
