import { expect, it } from 'vitest';
import { describeWithChromium } from '../support/servers.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the web client in French', () => {
  const client = webClient();

  it('follows the language of the browser, in texts, dates and plurals', async () => {
    const { page } = await client.open({ locale: 'fr-CA' });
    await page.getByText('Des conversations qui arrivent.').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.getByText('Invité').click();
    await page.getByLabel('Votre nom').fill('Zoé');
    await page.getByRole('button', { name: 'Continuer en tant qu’invité' }).click();
    await page.getByRole('heading', { name: 'Accueil' }).waitFor();
    await page.getByText('1 salon').waitFor();
    expect(await hindrances(page)).toEqual([]);
  });

  it('shows the language that the viewer chooses in their profile, also after a reload', async () => {
    const { page } = await client.newcomer('yves');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Your profile' }).click();
    await page.getByLabel('Language').selectOption({ label: 'Français' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Accueil' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Accueil' }).waitFor();
  });
});
