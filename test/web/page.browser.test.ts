import { expect, it } from 'vitest';
import { openGraphiQL } from '../support/graphiql.ts';
import { deleteMessage, editMessage } from '../support/messages.ts';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { markRead } from '../support/reading.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { documentOf } from './document-of.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the web client in a browser', () => {
  const web = webClient();

  it('shows markup as text', async () => {
    const eve = await web.newcomer('eve', { displayName: '<b>Eve</b>' });
    await eve.openRoom('lobby');
    const texts = [
      '<img src=x onerror="document.title=\'broken\'">',
      '<script>document.title="broken"</script>',
      'javascript:alert(1) https://example.com/?a=<b>',
      '[x](javascript:alert(1))',
    ];
    for (const text of texts) await eve.say(text);
    await until('all is said', async () => (await eve.said()).length === texts.length);
    expect(await eve.said()).toEqual(texts);
    expect(await eve.page.locator('.messages img, .messages script, .messages b').count()).toBe(0);
    expect(
      await eve.page
        .locator('.body a')
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)),
    ).toEqual(['https://example.com/?a=']);
    expect(await eve.page.title()).not.toContain('broken');
  });

  it('shows why a message was refused, and retries on request', async () => {
    await using owner = await person(web.node, 'olga');
    const { id: roomId } = await createRoom(owner, { name: 'Slow' });
    const fay = await web.newcomer('fay');
    await fay.page.getByRole('button', { name: 'Join Slow' }).click();
    await fay.field.waitFor();
    await owner.query(
      'mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { id } } }',
      { input: { roomId, slowModeSeconds: 60 } },
    );
    await fay.page.getByText('slow mode').waitFor();
    await fay.say('one');
    await fay.say('two');
    await fay.page.getByText(/^Not sent\. /).waitFor();
    expect(await fay.said()).toEqual(['one']);
    await owner.query(
      'mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { id } } }',
      { input: { roomId, slowModeSeconds: 0 } },
    );
    await fay.page.getByRole('button', { name: 'Try again' }).click();
    await until('it is sent', async () => (await fay.said()).length === 2);
    expect(await fay.page.getByText(/^Not sent\. /).count()).toBe(0);
  });

  it(
    'reacts to, edits and deletes a message, and shows the changes to others',
    { timeout: 120_000 },
    async () => {
      const pia = await web.newcomer('pia');
      const quin = await web.newcomer('quin');
      await pia.openRoom('lobby');
      await quin.openRoom('lobby');
      await pia.say('Tea at four?');
      const [mine, theirs] = [
        pia.page.locator('.message', { hasText: 'Tea at' }),
        quin.page.locator('.message', { hasText: 'Tea at' }),
      ];
      // By the keyboard, because a row may move away from under the mouse.
      await theirs.getByRole('button', { name: 'React' }).press('Enter');
      await quin.page.getByRole('menuitem', { name: '🎉' }).click();
      await theirs.getByRole('button', { name: '🎉, 1', pressed: true }).waitFor();
      await mine.getByRole('button', { name: '🎉, 1', pressed: false }).click();
      await theirs.getByRole('button', { name: '🎉, 2', pressed: true }).click();
      await mine.getByRole('button', { name: '🎉, 1', pressed: true }).waitFor();
      await theirs.getByRole('button', { name: '🎉, 1', pressed: false }).waitFor();

      // The same holds in another tab of hers that was open before.
      const tab = await quin.context.newPage();
      await tab.goto(quin.page.url());
      const inTab = tab.locator('.message', { hasText: 'Tea at' });
      await inTab.getByRole('button', { name: '🎉, 1', pressed: false }).waitFor();
      await theirs.getByRole('button', { name: '🎉, 1' }).click();
      await inTab.getByRole('button', { name: '🎉, 2', pressed: true }).waitFor();
      await inTab.getByRole('button', { name: '🎉, 2' }).click();
      await theirs.getByRole('button', { name: '🎉, 1', pressed: false }).waitFor();
      await tab.close();

      await pia.openMenuOf(mine);
      await pia.page.getByRole('menuitem', { name: 'Edit' }).click();
      await pia.page.getByText('Editing your message').waitFor();
      await pia.say('Tea at five?');
      await quin.page.locator('.body', { hasText: 'Tea at five?' }).waitFor();
      await theirs.getByText('(edited)').waitFor();
      await pia.openMenuOf(mine);
      await pia.page.getByRole('menuitem', { name: 'Delete' }).click();
      await pia.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await quin.page.getByText('This message was deleted.').waitFor();
      expect(await theirs.count()).toBe(0);
    },
  );

  it('closes a room with a notice when the user is removed', async () => {
    const gus = await web.newcomer('gus', { displayName: 'Gus' });
    const hal = await web.newcomer('hal', { displayName: 'Hal' });
    await gus.page.getByRole('button', { name: 'New room' }).click();
    await gus.page.getByRole('dialog').getByLabel('Name').fill('Workshop');
    await gus.page.getByRole('button', { name: 'Create room' }).click();
    await gus.field.waitFor();
    await hal.page.getByRole('button', { name: 'Join Workshop' }).click();
    await hal.field.waitFor();
    await gus.choose('More about Hal', 'Remove');
    await hal.page.getByText('You were removed from Workshop.').waitFor();
    await hal.page.getByRole('button', { name: 'Join', exact: true }).waitFor();
    expect(await hal.field.count()).toBe(0);
    await gus.page.getByText('Hal was removed', { exact: false }).first().waitFor();
  });

  it('works with the keyboard alone', async () => {
    const ivy = await web.open();
    const { keyboard } = ivy.page;
    const tabTo = async (name: RegExp) => {
      for (let steps = 0; steps < 60; steps++) {
        const focused = await ivy.page.evaluate(
          () =>
            `${document.activeElement?.getAttribute('aria-label') ?? ''} ${document.activeElement?.textContent ?? ''}`,
        );
        if (name.test(focused)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach ${name}`);
    };
    await ivy.page.getByRole('radio', { name: 'Sign in' }).focus();
    await keyboard.press('ArrowRight');
    await ivy.page.getByLabel('Username').focus();
    await keyboard.type('ivy');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.type('correct horse battery staple');
    await keyboard.press('Enter');
    await ivy.page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    await ivy.page
      .getByRole('navigation')
      .getByRole('link', { name: 'lobby', exact: true })
      .waitFor();
    await tabTo(/^ lobby/);
    await keyboard.press('Enter');
    await ivy.field.waitFor();
    await until('one can write at once', () =>
      ivy.field.evaluate((field) => field === document.activeElement),
    );
    await keyboard.type('first');
    await keyboard.press('Enter');
    await until('it is sent', async () => (await ivy.said()).includes('first'));
    await keyboard.press('ArrowUp');
    await until('the message is reached', () =>
      ivy.page.evaluate(() => document.activeElement?.classList.contains('message')),
    );
    await tabTo(/^Reply to ivy/);
    await keyboard.press('Enter');
    await ivy.page.getByText('Replying to ivy').waitFor();
    await keyboard.type('second');
    await keyboard.press('Enter');
    await ivy.page.locator('.quote', { hasText: 'first' }).waitFor();
    await keyboard.press('ArrowUp');
    await keyboard.press('Escape');
    await until('one is back where one writes', () =>
      ivy.field.evaluate((field) => field === document.activeElement),
    );
  });

  it('keeps the focus at a message while it is sent', async () => {
    const una = await web.newcomer('una');
    await una.openRoom('lobby');
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await una.page.route('**/graphql', async (route) => {
      if (documentOf(route.request()).includes('sendMessage')) await held;
      await route.continue();
    });
    await una.say('on its way');
    await una.page.locator('.is-pending').waitFor();
    await una.page.keyboard.press('ArrowUp');
    const focused = () => una.page.evaluate(() => document.activeElement?.className ?? '');
    await until('it is reached', async () => (await focused()).includes('is-pending'));
    release();
    await until('it is stored', async () => (await una.said()).includes('on its way'));
    expect(await focused()).toMatch(/\bmessage\b/);
  });

  it.each([
    ['light', 1280, 800],
    ['dark', 390, 844],
  ] as const)(
    'is accessible, in %s, %i px wide',
    { timeout: 120_000 },
    async (colorScheme, width, height) => {
      const jo = await web.open({
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      });
      expect(await hindrances(jo.page)).toEqual([]);
      await jo.signUp(`jo-${colorScheme}`, `Jo ${colorScheme}`);
      await jo.page.getByRole('listitem').first().waitFor();
      expect(await hindrances(jo.page)).toEqual([]);
      await jo.openRoom('lobby');
      await jo.say('A word to @jo-light, and https://example.com/ `code`.');
      await until('it is said', async () => (await jo.said()).length > 0);
      expect(await hindrances(jo.page)).toEqual([]);
      expect(await jo.fits()).toBe(true);
      await jo.page.getByRole('button', { name: 'More about lobby' }).click();
      await jo.page.getByRole('menu').waitFor();
      expect(await hindrances(jo.page)).toEqual([]);
    },
  );

  it(
    'waits for an unreachable server, and does not claim that a room does not exist',
    { timeout: 120_000 },
    async () => {
      await using ben = await person(web.node, 'ben');
      const wendy = await web.newcomer('wendy');
      const { page } = wendy;
      const asked: string[] = [];
      let isAway = true;
      await page.route('/graphql', (route) => {
        asked.push(/query (\w+)/.exec(documentOf(route.request()))?.[1] ?? '');
        return isAway ? route.abort() : route.continue();
      });
      await page.clock.install();
      /** Waits with short pauses, because those of `until` grow. */
      const passes = (what: string, holds: () => unknown) =>
        until(what, async () => (await page.clock.runFor(10_000), holds()));
      const times = (query: string) => asked.filter((name) => name === query).length;
      const heading = (name: string) => page.getByRole('heading', { name, exact: true }).count();

      await page.reload();
      await passes('it asks for the rooms again and again', () => times('Rooms') > 8);
      isAway = false;
      await passes('they are there', () => heading('Lobby'));
      await page
        .getByRole('navigation')
        .getByRole('link', { name: 'lobby', exact: true })
        .waitFor();

      isAway = true;
      await page.goto(`/#/direct/${ben.id}`);
      const before = times('User');
      await passes('it asks for him again and again', () => times('User') > before + 12);
      expect(await page.getByText('This user does not exist.').count()).toBe(0);
      isAway = false;
      await passes('he is there', () => heading('ben'));
    },
  );

  it('shows changes of messages that arrive while their page is loading', async () => {
    await using ben = await person(web.node, 'benny');
    const { id: roomId } = await createRoom(ben, { name: 'Dock' });
    const [edited, deleted] = [
      await send(ben, roomId, 'Tee at five'),
      await send(ben, roomId, 'Oops'),
    ];
    const kim = await web.newcomer('kimmy');
    await joinRoom(kim.person, { roomId });
    let arrive = () => {};
    const isReleased = new Promise<void>((resolve) => (arrive = resolve));
    let isRead = false;
    await kim.page.route('/graphql', async (route) => {
      if (!documentOf(route.request()).includes('query Messages(')) return route.continue();
      const response = await route.fetch();
      isRead = true;
      await isReleased;
      return route.fulfill({ response });
    });
    await kim.page.getByRole('navigation').getByRole('link', { name: /^Dock/ }).click();
    await until('the page was read', () => isRead);
    await editMessage(ben, { messageId: edited.id, body: 'Tea at five' });
    await deleteMessage(ben, { messageId: deleted.id });
    await send(ben, roomId, 'See you');
    await until('the next message is received', async () => (await kim.said()).includes('See you'));
    arrive();
    await until('the page is there', async () => (await kim.said()).length === 3);
    expect((await kim.said()).map((body) => body.replace(/\s*\(edited\)/, ''))).toEqual([
      'Tea at five',
      'This message was deleted.',
      'See you',
    ]);
  });

  it('misses no message that is sent after the page was read and before the subscription starts', async () => {
    await using ben = await person(web.node, 'benno');
    const [{ id: shownId }, { id: otherId }] = [
      await createRoom(ben, { name: 'Pier' }),
      await createRoom(ben, { name: 'Jetty' }),
    ];
    await send(ben, shownId, 'before');
    const lin = await web.newcomer('lin');
    for (const roomId of [shownId, otherId]) await joinRoom(lin.person, { roomId });
    await lin.openRoom('Pier');
    await until('all is there', async () => (await lin.said()).includes('before'));

    let follow = () => {};
    const mayFollow = new Promise<void>((resolve) => (follow = resolve));
    await lin.page.routeWebSocket('/graphql', (socket) => {
      const server = socket.connectToServer();
      socket.onMessage(async (message) => {
        await mayFollow;
        server.send(message);
      });
    });
    await lin.page.reload();
    await until('the page is read', async () => (await lin.said()).includes('before'));
    await send(ben, shownId, 'meanwhile');
    await send(ben, otherId, 'elsewhere');
    await sendPrivate(ben, lin.person, 'in private');
    follow();
    await until('it is read', async () => (await lin.said()).includes('meanwhile'));
    expect(await lin.said()).toEqual(['before', 'meanwhile']);
    await lin.page.getByRole('link', { name: 'Jetty 1 unread' }).waitFor();
    await lin.page.getByRole('link', { name: 'benno 1 unread' }).waitFor();
  });

  it('counts the unread messages after another device has read a part', async () => {
    await using ben = await person(web.node, 'benita');
    const { id: roomId } = await createRoom(ben, { name: 'Buoy' });
    const zoe = await web.newcomer('zoe');
    await joinRoom(zoe.person, { roomId });
    const link = (name: string) =>
      zoe.page.getByRole('navigation').getByRole('link', { name, exact: true });
    for (const body of ['1', '2', '3']) await send(ben, roomId, body);
    await link('Buoy 3 unread').waitFor();
    await markRead(zoe.person, roomId, 2);
    await link('Buoy 1 unread').waitFor();
    // Sending a message marks the earlier ones as read.
    await send(zoe.person, roomId, '4');
    await link('Buoy').waitFor();
    await send(ben, roomId, '5');
    await link('Buoy 1 unread').waitFor();
    await markRead(zoe.person, roomId, 5);
    await link('Buoy').waitFor();
  });

  it('counts no deleted messages as unread, live and after a reload', async () => {
    await using ben = await person(web.node, 'bertram');
    const { id: roomId } = await createRoom(ben, { name: 'Lighthouse' });
    const una = await web.newcomer('ulrike');
    await joinRoom(una.person, { roomId });
    const link = (name: string) =>
      una.page.getByRole('navigation').getByRole('link', { name, exact: true });
    const sent = [];
    for (const body of ['1', '2', '3']) sent.push(await send(ben, roomId, body));
    await link('Lighthouse 3 unread').waitFor();
    await deleteMessage(ben, { messageId: sent[0]!.id });
    await link('Lighthouse 2 unread').waitFor();
    await deleteMessage(ben, { messageId: sent[2]!.id });
    await link('Lighthouse 1 unread').waitFor();
    await send(ben, roomId, '4');
    await link('Lighthouse 2 unread').waitFor();
    await markRead(una.person, roomId, 2);
    await link('Lighthouse 1 unread').waitFor();
    await una.page.reload();
    await link('Lighthouse 1 unread').waitFor();
  });

  it('keeps the text of a refused edit', async () => {
    const vic = await web.newcomer('vic');
    await vic.openRoom('lobby');
    await vic.say('Befour');
    const mine = vic.page.locator('.message:not(.is-pending)', { hasText: 'Befour' });
    await mine.waitFor();
    await vic.page.route('/graphql', (route) =>
      documentOf(route.request()).includes('editMessage') ? route.abort() : route.continue(),
    );
    await vic.openMenuOf(mine);
    await vic.page.getByRole('menuitem', { name: 'Edit' }).click();
    await vic.page.getByText('Editing your message').waitFor();
    await vic.say('Before');
    await vic.page.getByText('The server cannot be reached. Check your connection.').waitFor();
    expect(await vic.field.inputValue()).toBe('Before');
    await vic.page.unroute('/graphql');
    await vic.field.press('Enter');
    await until('it is changed', async () =>
      (await vic.said()).some((body) => body.startsWith('Before')),
    );
    await until('one writes something new', async () => (await vic.field.inputValue()) === '');
  });

  it('fits a phone, and switches between the list of rooms and a room', async () => {
    const kim = await web.newcomer('kim', {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    expect(await kim.fits()).toBe(true);
    await kim.openRoom('lobby');
    expect(await kim.fits()).toBe(true);
    expect(await kim.page.getByRole('navigation').isVisible()).toBe(false);
    await kim.field.fill('a word that is much longer than a phone is wide: '.repeat(6));
    await kim.page.getByRole('button', { name: 'Send' }).tap();
    await until('it is said', async () =>
      (await kim.said()).some((body) => body.startsWith('a word that')),
    );
    expect(await kim.fits()).toBe(true);
    const box = await kim.field.boundingBox();
    expect(box!.y + box!.height).toBeLessThan(640);
    await kim.page.getByRole('button', { name: /^Members/ }).tap();
    await kim.page.getByRole('complementary', { name: 'Members' }).waitFor();
    expect(await kim.fits()).toBe(true);
    await kim.page.getByRole('button', { name: 'Close members' }).tap();
    await kim.page.getByRole('link', { name: 'Back to the lobby' }).tap();
    await kim.page.getByRole('navigation').waitFor();
  });

  it('shares its session with GraphiQL', { timeout: 120_000 }, async () => {
    const rob = await web.open();
    await rob.signUp('rob');
    const page = await rob.context.newPage();
    const query = 'query Me { viewer { username } } subscription There { lobby { __typename } }';
    const graphiql = await openGraphiQL(page, `${web.node.url}?query=${encodeURIComponent(query)}`);
    for (const [operation, answer] of [
      ['Me', '"username":"rob"'],
      ['There', '"__typename":"LobbySnapshot"'],
    ] as const) {
      await graphiql.run(operation);
      await until(`${operation} is answered`, async () =>
        (await graphiql.answer()).includes(answer),
      );
    }
  });

  it('admits a guest to public rooms, and signs out in all tabs', async () => {
    const lee = await web.open();
    await lee.page.getByText('Guest', { exact: true }).click();
    await lee.page.getByLabel('Your name').fill('Lee');
    await lee.page.getByRole('button', { name: 'Continue as guest' }).click();
    await lee.page
      .getByRole('button', { name: /^Join / })
      .first()
      .click();
    await lee.field.waitFor();
    expect(await lee.page.getByText('Private messages').count()).toBe(0);
    const second = await lee.context.newPage();
    await second.goto('/');
    await second.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    await lee.choose('Your account', 'Sign out');
    await lee.page.getByLabel('Username').waitFor();
    await second.getByLabel('Username').waitFor();
    expect(await second.evaluate(() => JSON.stringify(localStorage))).not.toContain('eyJ');
  });
});
