import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { describeWithChromium } from '../support/servers.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('blocking in the web client', () => {
  const web = webClient();

  it('[P19] a menu blocks a person, so that nothing of them arrives, and unblocks them', async () => {
    await using mia = await person(web.node, 'mia', 'Mia');
    const ann = await web.newcomer('ann');
    const { page } = ann;
    await sendPrivate(mia, ann.person, 'before');
    await page.getByRole('navigation').getByRole('link', { name: /^Mia/ }).click();
    await page.getByText('before').first().waitFor();
    await ann.choose('More about Mia', 'Block…');
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByText('You blocked this person. Unblock them to write again.').waitFor();
    expect(await hindrances(page)).toEqual([]);
    await sendPrivate(mia, ann.person, 'unseen');
    await ann.choose('More about Mia', 'Unblock');
    await ann.field.waitFor();
    await sendPrivate(mia, ann.person, 'after');
    await page.getByText('after', { exact: true }).first().waitFor();
    expect(await page.getByText('unseen').count()).toBe(0);
  });
});
