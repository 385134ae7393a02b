import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { banMember, inSeconds, moderationLog, muteMember, setMemberRole } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest, joinRoom, updateRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/talk.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { openWindow, type Window } from './window.ts';

const dialog = (page: Page) => page.getByRole('dialog');
const items = async (page: Page) => (await page.getByRole('menuitem').allInnerTexts()).map((text) => text.trim());
const isFocused = (page: Page, name: string) => page.getByRole('button', { name }).evaluate((button) => button === document.activeElement);

describeWithChromium('moderation in the web client', () => {
  let browser: Browser;
  let node: TestNode;
  let url: string;
  let olga: Person;
  beforeAll(async () => {
    browser = await openBrowser();
    node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
    url = new URL('/', node.url).href;
    olga = await person(node, 'olga');
  }, 60_000);
  afterAll(async () => {
    await olga[Symbol.asyncDispose]();
    await browser.close();
    await node[Symbol.asyncDispose]();
  });

  /** A room of Olga's, and others in it, each in a window that shows it. */
  async function gather<Name extends string>(roomName: string, ...usernames: Name[]): Promise<{ roomId: string; windows: Record<Name, Window>; people: Record<Name, Person> }> {
    const { id: roomId } = await createRoom(olga, { name: roomName });
    const windows: Partial<Record<Name, Window>> = {};
    const people: Partial<Record<Name, Person>> = {};
    for (const username of usernames) {
      people[username] = await person(node, username);
      await joinRoom(people[username], { roomId });
      windows[username] = await openWindow(browser, url);
      await windows[username].signIn(username);
      await windows[username].openRoom(roomName);
    }
    return { roomId, windows: windows as Record<Name, Window>, people: people as Record<Name, Person> };
  }

  async function close(windows: Record<string, Window>): Promise<void> {
    for (const { faults, context } of Object.values(windows)) {
      expect(faults).toEqual([]);
      await context.close();
    }
  }

  it('takes a report to those who keep order, and settles it for all of them', { timeout: 90_000 }, async () => {
    const { roomId, windows, people } = await gather('Market', 'mona', 'max', 'rita', 'spam');
    for (const name of ['mona', 'max'] as const) await setMemberRole(olga, { roomId, userId: people[name].id, role: 'MODERATOR' });
    const { mona, max, rita } = windows;
    await mona.page.getByText('You are a moderator of Market now.').waitFor();
    await windows.spam.say('Buy my watches');
    const offer = rita.page.locator('.message', { hasText: 'Buy my watches' });
    await offer.hover();
    await offer.getByRole('button', { name: 'More' }).click();
    await rita.page.getByRole('menuitem').first().waitFor();
    // Of what others wrote, who keeps no order may report, and no more.
    expect(await items(rita.page)).toEqual(['Copy link', 'Report…']);
    await rita.page.getByRole('menuitem', { name: 'Report…' }).click();
    await dialog(rita.page).getByText('Buy my watches').waitFor();
    expect(await hindrances(rita.page)).toEqual([]);
    await rita.page.keyboard.type('An advertisement');
    await rita.page.keyboard.press('Enter');
    await rita.page.getByText('Reported. It will be looked at.').waitFor();
    expect(await rita.page.getByRole('button', { name: 'More about Market' }).getAttribute('aria-label')).toBe('More about Market');

    for (const { page } of [mona, max]) {
      await page.getByRole('button', { name: 'More about Market, 1 open report' }).waitFor();
      await page.getByRole('button', { name: 'Notifications, 1 unread' }).waitFor();
    }
    await mona.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    await mona.page.getByRole('button', { name: /A message was reported in Market.*An advertisement/ }).waitFor();
    await mona.page.keyboard.press('Escape');
    await mona.page.getByRole('button', { name: 'More about Market, 1 open report' }).click();
    await mona.page.getByRole('menuitem', { name: 'Moderation, 1 open report' }).click();
    const report = dialog(mona.page).getByRole('list', { name: 'Open reports' }).getByRole('listitem');
    await report.getByText('Buy my watches').waitFor();
    await report.getByText('rita').waitFor();
    expect(await hindrances(mona.page)).toEqual([]);
    await report.getByRole('button', { name: 'Dealt with' }).click();
    await dialog(mona.page).getByText('None. All is well.').waitFor();
    await dialog(mona.page).getByText('dealt with a report about spam').waitFor();
    await until('the keyboard is still in the dialog', () => mona.page.evaluate(() => document.activeElement?.closest('dialog') !== null));
    await mona.page.keyboard.press('Escape');
    for (const { page } of [mona, max]) {
      await page.getByRole('button', { name: 'More about Market', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
    }
    await close(windows);
  });

  it('mutes with an end that is said, and lets write again when it has come', { timeout: 90_000 }, async () => {
    const { roomId, windows, people } = await gather('Quiet', 'nina', 'loud');
    const { nina, loud } = windows;
    await setMemberRole(olga, { roomId, userId: people.nina.id, role: 'MODERATOR' });
    await loud.field.fill('a draft');
    await nina.page.getByRole('button', { name: 'More about loud' }).click();
    await nina.page.getByRole('menuitem', { name: 'Mute…' }).click();
    await dialog(nina.page).getByLabel('For how long').selectOption('10 minutes');
    expect(await hindrances(nina.page)).toEqual([]);
    await dialog(nina.page).getByLabel('Why').fill('Too loud');
    await nina.page.keyboard.press('Enter');
    await nina.page.getByText(/^loud is muted until \d/).waitFor();
    await until('the focus is back', () => isFocused(nina.page, 'More about loud'));
    await loud.page.getByText(/^You are muted here until \d.* You can read meanwhile\.$/).waitFor();
    expect(await loud.field.count()).toBe(0);
    expect(await hindrances(loud.page)).toEqual([]);
    await nina.page.getByRole('complementary').getByText('muted', { exact: true }).waitFor();
    await nina.page.getByRole('button', { name: 'More about loud' }).click();
    await nina.page.getByRole('menuitem', { name: 'Lift the mute' }).click();
    await loud.field.waitFor();
    // What was begun is still there.
    expect(await loud.field.inputValue()).toBe('a draft');

    await muteMember(people.nina, { roomId, userId: people.loud.id, until: inSeconds(5) });
    await loud.page.getByText(/^You are muted here until/).waitFor();
    await loud.field.waitFor();
    await until('the badge goes by itself, too', async () => (await nina.page.getByRole('complementary').getByText('muted', { exact: true }).count()) === 0);
    expect((await moderationLog(olga, roomId)).edges.map(({ node }: any) => [node.action, node.reason])).toEqual([['mute', null], ['unmute', null], ['mute', 'Too loud'], ['set_role', null]]);
    await close(windows);
  });

  it('keeps who is banned out, says why and until when, and lets them in again', { timeout: 90_000 }, async () => {
    const { roomId, windows, people } = await gather('Salon', 'otto', 'rude');
    const { otto, rude } = windows;
    await setMemberRole(olga, { roomId, userId: people.otto.id, role: 'MODERATOR' });
    await otto.page.getByRole('button', { name: 'More about rude' }).click();
    await otto.page.getByRole('menuitem', { name: 'Ban…' }).click();
    await dialog(otto.page).getByLabel('For how long').selectOption('a week');
    await dialog(otto.page).getByLabel('Why').fill('Insults');
    await dialog(otto.page).getByRole('button', { name: 'Ban' }).click();
    await otto.page.getByText(/^rude is banned until /).waitFor();
    await until('the focus is where the person was', () => otto.page.evaluate(() => document.activeElement?.classList.contains('panel')));
    await rude.page.getByText('You are banned from Salon.').waitFor();
    await rude.page.getByText(/^You are banned from this room until .*\. Why: Insults$/).waitFor();
    expect(await rude.page.getByRole('button', { name: 'Join', exact: true }).count()).toBe(0);
    expect(await hindrances(rude.page)).toEqual([]);
    await rude.page.getByRole('link', { name: 'Lobby', exact: true }).click();
    await rude.page.getByRole('button', { name: 'Join Salon' }).click();
    await rude.page.getByText(/Why: Insults$/).waitFor();

    await otto.page.getByRole('button', { name: 'More about Salon' }).click();
    await otto.page.getByRole('menuitem', { name: 'Moderation' }).click();
    await dialog(otto.page).getByText(/^otto banned rude until /).waitFor();
    await dialog(otto.page).getByRole('button', { name: 'Let in again: rude' }).click();
    await dialog(otto.page).getByText('Nobody.').waitFor();
    await otto.page.getByText('rude may come back.').waitFor();
    expect(await hindrances(otto.page)).toEqual([]);
    await otto.page.keyboard.press('Escape');
    await until('the focus is back', () => isFocused(otto.page, 'More about Salon'));
    // They find out when they look at the page again.
    await rude.page.evaluate(() => dispatchEvent(new Event('focus')));
    await rude.page.getByRole('button', { name: 'Join', exact: true }).click();
    await rude.field.waitFor();

    await banMember(people.otto, { roomId, userId: people.rude.id, until: inSeconds(5) });
    await rude.page.getByText(/^You are banned from this room until/).waitFor();
    await rude.page.getByRole('button', { name: 'Join', exact: true }).click();
    await rude.field.waitFor();
    await close(windows);
  });

  it('shows a role at once, with what it allows, and offers nothing else', { timeout: 90_000 }, async () => {
    const { roomId, windows, people } = await gather('Guild', 'pam', 'sue');
    const { pam, sue } = windows;
    await joinRoom(await guest(node, 'Gina'), { roomId });
    await using root = await person(node, 'root');
    await joinRoom(root, { roomId });
    await send(olga, roomId, 'by the owner');
    await send(people.sue, roomId, 'by a member');
    const offered = async (name: string) => {
      await pam.page.getByRole('button', { name: `More about ${name}` }).click();
      await pam.page.getByRole('menuitem').first().waitFor();
      const found = await items(pam.page);
      await pam.page.keyboard.press('Escape');
      return found;
    };
    const onMessage = async (body: string) => {
      const message = pam.page.locator('.message', { hasText: body });
      await message.hover();
      await message.getByRole('button', { name: 'More' }).click();
      await pam.page.getByRole('menuitem').first().waitFor();
      const found = await items(pam.page);
      await pam.page.keyboard.press('Escape');
      return found;
    };
    for (const name of ['sue', 'olga', 'root']) expect(await offered(name)).toEqual(['Write privately']);
    expect(await offered('Guild')).toEqual(['Invite somebody', 'Leave the room']);
    expect(await onMessage('by a member')).toEqual(['Copy link', 'Report…']);

    await setMemberRole(olga, { roomId, userId: people.pam.id, role: 'MODERATOR' });
    await pam.page.getByText('You are a moderator of Guild now.').waitFor();
    expect(await offered('Guild')).toEqual(['Invite somebody', 'Settings', 'Moderation', 'Leave the room']);
    expect(await offered('sue')).toEqual(['Write privately', 'Mute…', 'Show out', 'Ban…']);
    for (const name of ['olga', 'root']) expect(await offered(name)).toEqual(['Write privately']);
    expect(await onMessage('by a member')).toEqual(['Copy link', 'Report…', 'Delete']);
    expect(await onMessage('by the owner')).toEqual(['Copy link', 'Report…']);
    await pam.page.getByRole('button', { name: 'More about Guild' }).click();
    await pam.page.getByRole('menuitem', { name: 'Settings' }).click();
    expect(await dialog(pam.page).getByText('Archived').count()).toBe(0);
    await dialog(pam.page).getByLabel('Slow mode').selectOption('30');
    expect(await hindrances(pam.page)).toEqual([]);
    await dialog(pam.page).getByRole('button', { name: 'Save' }).click();
    for (const { page } of [pam, sue]) await page.getByText('slow mode, 30 s').waitFor();
    await until('the focus is back', () => isFocused(pam.page, 'More about Guild'));
    await pam.page.getByRole('button', { name: 'More about Guild' }).click();
    await pam.page.getByRole('menuitem', { name: 'Settings' }).click();
    expect(await dialog(pam.page).getByLabel('Slow mode').inputValue()).toBe('30');
    await pam.page.keyboard.press('Escape');

    await setMemberRole(olga, { roomId, userId: people.pam.id, role: 'OWNER' });
    await pam.page.getByText('You are an owner of Guild now.').waitFor();
    expect(await offered('sue')).toEqual(['Write privately', 'Make owner', 'Make moderator', 'Mute…', 'Show out', 'Ban…']);
    expect(await offered('Gina')).toEqual(['Mute…', 'Show out', 'Ban…']);
    await pam.page.getByRole('button', { name: 'More about sue' }).click();
    await pam.page.getByRole('menuitem', { name: 'Make moderator' }).click();
    await sue.page.getByText('You are a moderator of Guild now.').waitFor();
    await setMemberRole(olga, { roomId, userId: people.sue.id, role: 'MEMBER' });
    await sue.page.getByText('You are a member of Guild now.').waitFor();
    await sue.page.getByRole('button', { name: 'More about Guild' }).click();
    await sue.page.getByRole('menuitem').first().waitFor();
    expect(await items(sue.page)).toEqual(['Invite somebody', 'Leave the room']);
    await sue.page.keyboard.press('Escape');
    await pam.page.getByRole('button', { name: 'More about pam' }).click();
    await pam.page.getByRole('menuitem', { name: 'Step down' }).click();
    await pam.page.getByText('You are a member of Guild now.').waitFor();
    expect(await offered('Guild')).toEqual(['Invite somebody', 'Leave the room']);
    await close(windows);
  });

  it('is all there on a phone, in the dark', { timeout: 90_000 }, async () => {
    const { id: roomId } = await createRoom(olga, { name: 'Pocket' });
    await updateRoom(olga, { roomId, slowModeSeconds: 60 });
    const target = await person(node, 'target');
    await joinRoom(target, { roomId });
    const phone = await openWindow(browser, url, { viewport: { width: 360, height: 640 }, colorScheme: 'dark', isMobile: true, hasTouch: true, reducedMotion: 'reduce' });
    const fits = () => phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    await phone.signIn('olga');
    await phone.openRoom('Pocket');
    await phone.page.getByText('slow mode, 60 s').waitFor();
    expect(await fits()).toBe(true);
    await phone.page.getByRole('button', { name: /^Members/ }).tap();
    await phone.page.getByRole('button', { name: 'More about target' }).tap();
    await phone.page.getByRole('menuitem', { name: 'Ban…' }).tap();
    expect(await hindrances(phone.page)).toEqual([]);
    expect(await fits()).toBe(true);
    await dialog(phone.page).getByRole('button', { name: 'Ban' }).tap();
    await phone.page.getByText('target is banned.').waitFor();
    await phone.page.getByRole('button', { name: 'Close members' }).tap();
    await phone.page.getByRole('button', { name: 'More about Pocket' }).tap();
    await phone.page.getByRole('menuitem', { name: 'Moderation' }).tap();
    await dialog(phone.page).getByText('olga banned target for ever').waitFor();
    expect(await fits()).toBe(true);
    expect(await hindrances(phone.page)).toEqual([]);
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  });
});
