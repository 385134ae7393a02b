import { expect, it } from 'vitest';
import { addRooms } from '../support/many-rooms.ts';
import { person } from '../support/person.ts';
import { describeWithChromium } from '../support/servers.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the lobby of the web client', () => {
  const web = webClient();

  it('counts the rooms that are not in use, and finds them', { timeout: 120_000 }, async () => {
    const rooms = Array.from({ length: 150 }, (_, place) => `Berth ${100 + place}`);
    await using owner = await person(web.node, 'harbour');
    await addRooms(web.node, owner, rooms);
    const { page } = await web.newcomer('lea');
    await page.getByText('100 rooms in use, and 51 more that you can find').waitFor();
    const card = page.getByRole('listitem').filter({ hasText: 'Berth 249' });
    expect(await card.count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Find a room' }).fill('berth 249');
    await card.getByRole('button', { name: 'Join Berth 249' }).click();
    await page.getByRole('heading', { name: 'Berth 249' }).waitFor();
    expect(await hindrances(page)).toEqual([]);
  });
});
