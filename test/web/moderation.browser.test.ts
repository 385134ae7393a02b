import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  banMember,
  inSeconds,
  moderationLog,
  muteMember,
  setMemberRole,
} from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest, joinRoom, updateRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { webClient, type Newcomer } from './web-client.ts';

const dialog = (page: Page) => page.getByRole('dialog');

async function items(page: Page): Promise<string[]> {
  await page.getByRole('menuitem').first().waitFor();
  return (await page.getByRole('menuitem').allInnerTexts()).map((text) => text.trim());
}

const isFocused = (page: Page, name: string) =>
  page.getByRole('button', { name }).evaluate((button) => button === document.activeElement);

describeWithChromium('moderation in the web client', () => {
  const web = webClient({ ADMIN_USERNAMES: 'root' });
  let olga: Person;
  beforeAll(async () => {
    olga = await person(web.node, 'olga');
  });
  afterAll(() => olga[Symbol.asyncDispose]());

  /** A room of Olga with other members, each with a window that shows it. */
  async function gather<Name extends string>(
    roomName: string,
    ...usernames: Name[]
  ): Promise<{ roomId: string } & Record<Name, Newcomer>> {
    const { id: roomId } = await createRoom(olga, { name: roomName });
    const gathered: Partial<Record<Name, Newcomer>> = {};
    for (const username of usernames) {
      const newcomer = await web.newcomer(username);
      await joinRoom(newcomer.person, { roomId });
      await newcomer.openRoom(roomName);
      gathered[username] = newcomer;
    }
    return { roomId, ...(gathered as Record<Name, Newcomer>) };
  }

  it(
    'shows a report to the moderators, and resolves it for all of them',
    { timeout: 120_000 },
    async () => {
      const { roomId, mona, max, rita, spam } = await gather(
        'Market',
        'mona',
        'max',
        'rita',
        'spam',
      );
      for (const moderator of [mona, max])
        await setMemberRole(olga, { roomId, userId: moderator.person.id, role: 'MODERATOR' });
      await mona.page.getByText('You are now a moderator of Market.').waitFor();
      await spam.say('Buy my watches');
      const offer = rita.page.locator('.message', { hasText: 'Buy my watches' });
      await rita.openMenuOf(offer);
      // A member without a role can only report messages of others.
      expect(await items(rita.page)).toEqual(['Copy link', 'Report…']);
      await rita.page.getByRole('menuitem', { name: 'Report…' }).click();
      await dialog(rita.page).getByText('Buy my watches').waitFor();
      expect(await hindrances(rita.page)).toEqual([]);
      await rita.page.keyboard.type('An advertisement');
      await rita.page.keyboard.press('Enter');
      await rita.page.getByText('Report sent. A moderator will review it.').waitFor();
      expect(
        await rita.page
          .getByRole('button', { name: 'More about Market' })
          .getAttribute('aria-label'),
      ).toBe('More about Market');

      for (const { page } of [mona, max]) {
        await page.getByRole('button', { name: 'More about Market, 1 open report' }).waitFor();
        await page.getByRole('button', { name: 'Notifications, 1 unread' }).waitFor();
      }
      await mona.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
      await mona.page
        .getByRole('button', { name: /A message was reported in Market.*An advertisement/ })
        .waitFor();
      await mona.page.keyboard.press('Escape');
      await mona.choose('More about Market, 1 open report', 'Moderation, 1 open report');
      const report = dialog(mona.page)
        .getByRole('list', { name: 'Open reports' })
        .getByRole('listitem');
      await report.getByText('Buy my watches').waitFor();
      await report.getByText('rita').waitFor();
      expect(await hindrances(mona.page)).toEqual([]);
      await report.getByRole('button', { name: 'Resolve' }).click();
      await dialog(mona.page).getByText('No open reports.').waitFor();
      await dialog(mona.page).getByText('resolved a report about spam').waitFor();
      await until('the keyboard is still in the dialog', () =>
        mona.page.evaluate(() => document.activeElement?.closest('dialog') !== null),
      );
      await mona.page.keyboard.press('Escape');
      for (const { page } of [mona, max]) {
        await page.getByRole('button', { name: 'More about Market', exact: true }).waitFor();
        await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
      }
    },
  );

  it(
    'mutes a member, shows the end, and allows writing afterwards',
    { timeout: 120_000 },
    async () => {
      const { roomId, nina, loud } = await gather('Quiet', 'nina', 'loud');
      await setMemberRole(olga, { roomId, userId: nina.person.id, role: 'MODERATOR' });
      await loud.field.fill('a draft');
      await nina.choose('More about loud', 'Mute…');
      await dialog(nina.page).getByLabel('Duration').selectOption('For 10 minutes');
      expect(await hindrances(nina.page)).toEqual([]);
      await dialog(nina.page).getByLabel('Reason').fill('Too loud');
      await nina.page.keyboard.press('Enter');
      await nina.page.getByText(/^loud is muted until \d/).waitFor();
      await until('the focus is back', () => isFocused(nina.page, 'More about loud'));
      await loud.page
        .getByText(/^You are muted in this room until \d.* You can still read\.$/)
        .waitFor();
      expect(await loud.field.count()).toBe(0);
      expect(await hindrances(loud.page)).toEqual([]);
      await nina.page.getByRole('complementary').getByText('muted', { exact: true }).waitFor();
      await nina.choose('More about loud', 'Unmute');
      await loud.field.waitFor();
      // The unfinished message is still there.
      expect(await loud.field.inputValue()).toBe('a draft');

      await muteMember(nina.person, { roomId, userId: loud.person.id, until: inSeconds(5) });
      await loud.page.getByText(/^You are muted in this room until/).waitFor();
      await loud.field.waitFor();
      await until(
        'the badge goes by itself, too',
        async () =>
          (await nina.page
            .getByRole('complementary')
            .getByText('muted', { exact: true })
            .count()) === 0,
      );
      expect(
        (await moderationLog(olga, roomId)).edges.map(({ node }: any) => [
          node.action,
          node.reason,
        ]),
      ).toEqual([
        ['mute', null],
        ['unmute', null],
        ['mute', 'Too loud'],
        ['set_role', null],
      ]);
    },
  );

  it(
    'keeps a banned user out, shows the reason and the end, and admits the user after the ban was lifted',
    { timeout: 120_000 },
    async () => {
      const { roomId, otto, rude } = await gather('Salon', 'otto', 'rude');
      await setMemberRole(olga, { roomId, userId: otto.person.id, role: 'MODERATOR' });
      await otto.choose('More about rude', 'Ban…');
      await dialog(otto.page).getByLabel('Duration').selectOption('For a week');
      await dialog(otto.page).getByLabel('Reason').fill('Insults');
      await dialog(otto.page).getByRole('button', { name: 'Ban' }).click();
      await otto.page.getByText(/^rude is banned until /).waitFor();
      await until('the focus is where the person was', () =>
        otto.page.evaluate(() => document.activeElement?.classList.contains('panel')),
      );
      await rude.page.getByText('You are banned from Salon.').waitFor();
      await rude.page
        .getByText(/^You are banned from this room until .*\. Reason: Insults$/)
        .waitFor();
      expect(await rude.page.getByRole('button', { name: 'Join', exact: true }).count()).toBe(0);
      expect(await hindrances(rude.page)).toEqual([]);
      await rude.page.getByRole('link', { name: 'Lobby', exact: true }).click();
      await rude.page.getByRole('button', { name: 'Join Salon' }).click();
      await rude.page.getByText(/Reason: Insults$/).waitFor();

      await otto.choose('More about Salon', 'Moderation');
      await dialog(otto.page)
        .getByText(/^otto banned rude until /)
        .waitFor();
      await dialog(otto.page).getByRole('button', { name: 'Unban rude' }).click();
      await dialog(otto.page).getByText('No banned users.').waitFor();
      await otto.page.getByText('rude was unbanned. They can join again.').waitFor();
      expect(await hindrances(otto.page)).toEqual([]);
      await otto.page.keyboard.press('Escape');
      await until('the focus is back', () => isFocused(otto.page, 'More about Salon'));
      // They see it when they open the page again.
      await rude.page.evaluate(() => dispatchEvent(new Event('focus')));
      await rude.page.getByRole('button', { name: 'Join', exact: true }).click();
      await rude.field.waitFor();

      await banMember(otto.person, { roomId, userId: rude.person.id, until: inSeconds(5) });
      await rude.page.getByText(/^You are banned from this room until/).waitFor();
      await rude.page.getByRole('button', { name: 'Join', exact: true }).click();
      await rude.field.waitFor();
    },
  );

  it(
    'shows a new role at once, with the actions that it allows and no others',
    { timeout: 120_000 },
    async () => {
      const { roomId, pam, sue } = await gather('Guild', 'pam', 'sue');
      await joinRoom(await guest(web.node, 'Gina'), { roomId });
      await using root = await person(web.node, 'root');
      await joinRoom(root, { roomId });
      await send(olga, roomId, 'by the owner');
      await send(sue.person, roomId, 'by a member');
      const offered = async (name: string) => {
        await pam.page.getByRole('button', { name: `More about ${name}` }).click();
        const found = await items(pam.page);
        await pam.page.keyboard.press('Escape');
        return found;
      };
      const onMessage = async (body: string) => {
        const message = pam.page.locator('.message', { hasText: body });
        await pam.openMenuOf(message);
        const found = await items(pam.page);
        await pam.page.keyboard.press('Escape');
        return found;
      };
      for (const name of ['sue', 'olga', 'root'])
        expect(await offered(name)).toEqual(['Send private message']);
      expect(await offered('Guild')).toEqual([
        'Invite…',
        'Invite links…',
        'Notifications…',
        'Leave room…',
      ]);
      expect(await onMessage('by a member')).toEqual(['Copy link', 'Report…']);

      await setMemberRole(olga, { roomId, userId: pam.person.id, role: 'MODERATOR' });
      await pam.page.getByText('You are now a moderator of Guild.').waitFor();
      expect(await offered('Guild')).toEqual([
        'Invite…',
        'Invite links…',
        'Notifications…',
        'Settings',
        'Moderation',
        'Leave room…',
      ]);
      expect(await offered('sue')).toEqual(['Send private message', 'Mute…', 'Remove', 'Ban…']);
      for (const name of ['olga', 'root'])
        expect(await offered(name)).toEqual(['Send private message']);
      expect(await onMessage('by a member')).toEqual(['Copy link', 'Pin', 'Report…', 'Delete']);
      expect(await onMessage('by the owner')).toEqual(['Copy link', 'Pin', 'Report…']);
      await pam.choose('More about Guild', 'Settings');
      expect(await dialog(pam.page).getByText('Archived').count()).toBe(0);
      await dialog(pam.page).getByLabel('Slow mode').selectOption('30');
      expect(await hindrances(pam.page)).toEqual([]);
      await dialog(pam.page).getByRole('button', { name: 'Save' }).click();
      for (const { page } of [pam, sue]) await page.getByText('slow mode, 30 s').waitFor();
      await until('the focus is back', () => isFocused(pam.page, 'More about Guild'));
      await pam.choose('More about Guild', 'Settings');
      expect(await dialog(pam.page).getByLabel('Slow mode').inputValue()).toBe('30');
      await pam.page.keyboard.press('Escape');

      await setMemberRole(olga, { roomId, userId: pam.person.id, role: 'OWNER' });
      await pam.page.getByText('You are now an owner of Guild.').waitFor();
      expect(await offered('sue')).toEqual([
        'Send private message',
        'Make owner',
        'Make moderator',
        'Mute…',
        'Remove',
        'Ban…',
      ]);
      expect(await offered('Gina')).toEqual(['Mute…', 'Remove', 'Ban…']);
      await pam.choose('More about sue', 'Make moderator');
      await sue.page.getByText('You are now a moderator of Guild.').waitFor();
      await setMemberRole(olga, { roomId, userId: sue.person.id, role: 'MEMBER' });
      await sue.page.getByText('You are now a member of Guild.').waitFor();
      await sue.page.getByRole('button', { name: 'More about Guild' }).click();
      expect(await items(sue.page)).toEqual([
        'Invite…',
        'Invite links…',
        'Notifications…',
        'Leave room…',
      ]);
      await sue.page.keyboard.press('Escape');
      await pam.choose('More about pam', 'Step down');
      await pam.page.getByText('You are now a member of Guild.').waitFor();
      expect(await offered('Guild')).toEqual([
        'Invite…',
        'Invite links…',
        'Notifications…',
        'Leave room…',
      ]);
    },
  );

  it('has all actions on a phone, in dark mode', { timeout: 120_000 }, async () => {
    const { id: roomId } = await createRoom(olga, { name: 'Pocket' });
    await updateRoom(olga, { roomId, slowModeSeconds: 60 });
    const target = await person(web.node, 'target');
    await joinRoom(target, { roomId });
    const phone = await web.openAs(olga, {
      viewport: { width: 360, height: 640 },
      colorScheme: 'dark',
      isMobile: true,
      hasTouch: true,
      reducedMotion: 'reduce',
    });
    await phone.openRoom('Pocket');
    await phone.page.getByText('slow mode, 60 s').waitFor();
    expect(await phone.fits()).toBe(true);
    await phone.page.getByRole('button', { name: /^Members/ }).tap();
    await phone.page.getByRole('button', { name: 'More about target' }).tap();
    await phone.page.getByRole('menuitem', { name: 'Ban…' }).tap();
    expect(await hindrances(phone.page)).toEqual([]);
    expect(await phone.fits()).toBe(true);
    await dialog(phone.page).getByRole('button', { name: 'Ban' }).tap();
    await phone.page.getByText('target is banned.').waitFor();
    await phone.page.getByRole('button', { name: 'Close members' }).tap();
    await phone.page.getByRole('button', { name: 'More about Pocket' }).tap();
    await phone.page.getByRole('menuitem', { name: 'Moderation' }).tap();
    await dialog(phone.page).getByText('olga banned target permanently').waitFor();
    expect(await phone.fits()).toBe(true);
    expect(await hindrances(phone.page)).toEqual([]);
  });
});
