import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('notification levels in the web client', () => {
  const web = webClient();

  it('silences a room in all windows of the viewer, until they change it', async () => {
    await using bob = await person(web.node, 'bob');
    const ann = await web.newcomer('ann');
    const { id: roomId } = await createRoom(ann.person, { name: 'Market' });
    await joinRoom(bob, { roomId });
    await ann.openRoom('Market');
    const other = await web.openAs(ann.person);
    const inOther = other.page.getByRole('navigation').getByRole('link', { name: /^Market/ });
    await inOther.waitFor();

    await ann.choose('More about Market', 'Notifications…');
    const dialog = ann.page.getByRole('dialog', { name: 'Notifications from Market' });
    expect(await dialog.getByRole('radio', { name: 'Mentions' }).isChecked()).toBe(true);
    expect(await hindrances(ann.page)).toEqual([]);
    await dialog.getByRole('radio', { name: 'Nothing' }).check();
    await dialog.getByLabel('How long').selectOption('For an hour');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await inOther.getByText('notifications are off').waitFor();
    expect(await hindrances(other.page)).toEqual([]);

    // Nobody is looking at the room, whichever window has the focus.
    const toLobby = () =>
      ann.page.getByRole('navigation').getByRole('link', { name: 'Lobby', exact: true }).click();
    await toLobby();
    await send(bob, roomId, 'quiet');
    await inOther.getByText('1 unread', { exact: true }).waitFor();
    expect(await other.page.title()).toBe('Causerie');

    await ann.page
      .getByRole('navigation')
      .getByRole('link', { name: /^Market/ })
      .click();
    await ann.choose('More about Market', 'Notifications…');
    await dialog
      .getByText(/^Until /)
      .first()
      .waitFor({ state: 'attached' });
    await dialog.getByRole('radio', { name: 'All messages' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await inOther.getByText('notifications are off').waitFor({ state: 'detached' });
    await toLobby();
    await send(bob, roomId, 'loud');
    await expect.poll(() => other.page.title()).toMatch(/^\(\d\) Causerie$/);
  });

  it('silences private messages, and Cancel changes nothing', async () => {
    await using mia = await person(web.node, 'mia', 'Mia');
    const dan = await web.newcomer('dan');
    await sendPrivate(mia, dan.person, 'hello');
    const link = dan.page.getByRole('navigation').getByRole('link', { name: /^Mia/ });
    await link.click();
    await dan.choose('More about Mia', 'Notifications…');
    const dialog = dan.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Nothing' }).check();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dan.choose('More about Mia', 'Notifications…');
    expect(await dialog.getByRole('radio', { name: 'All messages' }).isChecked()).toBe(true);
    await dialog.getByRole('radio', { name: 'Nothing' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await link.getByText('notifications are off').waitFor();
  });
});
