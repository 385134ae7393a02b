import { it } from 'vitest';
import { describeWithChromium } from '../support/servers.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the web client of a server', () => {
  const closed = webClient({ SIGN_UP: 'off', GUESTS: 'off' });
  const half = webClient({ SIGN_UP: 'off' });

  it('without sign-up and guests offers only to sign in', { timeout: 120_000 }, async () => {
    const { page } = await closed.open();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByText('Sign up', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText('Guest', { exact: true }).waitFor({ state: 'detached' });
  });

  it('without sign-up offers to sign in, and guests', { timeout: 120_000 }, async () => {
    const { page } = await half.open();
    await page.getByText('Guest', { exact: true }).waitFor();
    await page.getByText('Sign up', { exact: true }).waitFor({ state: 'detached' });
  });
});
