import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithChromium, describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { openSignedIn, openWindows } from './window.ts';

const port = (node: TestNode) => Number(new URL(node.url).port);

describeWithServers('at two nodes', () => {
  describeWithChromium('the web client in two windows', () => {
    const openWindow = openWindows();

    it(
      '[P1, P2] shows the same messages to both users, also after a restart of the server and an absence',
      { timeout: 120_000 },
      async () => {
        const [first, second] = (await startCluster(2, {
          settings: { RATE_LIMITS: 'off' },
        })) as unknown as [TestNode, TestNode];
        await using annsWire = await startFaultProxy(port(first));
        await using bensWire = await startFaultProxy(port(second));
        const ann = await openWindow(`http://127.0.0.1:${annsWire.port}/`);
        const ben = await openWindow(`http://127.0.0.1:${bensWire.port}/`);
        await ann.signUp('ann', 'Ann Archer');
        await ben.signUp('ben', 'Ben Baker');
        await ann.openRoom('lobby');
        await ben.openRoom('lobby');

        await ann.say('Hello, Ben!');
        await until('Ben reads it', async () => (await ben.said()).includes('Hello, Ben!'));
        await ben.field.pressSequentially('Hello, @an');
        await ann.page.getByText('Ben Baker is typing…').waitFor();
        await ben.page.getByRole('option', { name: 'Ann Archer' }).waitFor();
        await ben.field.press('Enter');
        await ben.field.press('Enter');
        await until('Ann reads it', async () => (await ann.said()).includes('Hello, @ann'));
        await ann.page.locator('.message.is-to-me').waitFor();

        // The server restarts as another process on the same port.
        await first[Symbol.asyncDispose]();
        await ann.page.getByText('Reconnecting…').waitFor();
        await ann.say('Written while the server was away.');
        await ann.page
          .locator('.is-pending', { hasText: 'Written while the server was away.' })
          .waitFor();
        for (let count = 1; count <= 3; count++) await ben.say(`Are you there? ${count}`);
        await using third = await startNode({ settings: first.settings });
        annsWire.target = port(third);
        await ann.page
          .getByText(/Back online\. Caught up on \d+ events?\./)
          .waitFor({ timeout: 20_000 });
        await until(
          'both are complete',
          async () => (await ben.said()).length === 6 && (await ann.said()).length === 6,
          30_000,
        );
        expect(await ann.said()).toEqual(await ben.said());

        // One window goes offline and reconnects.
        await ben.context.setOffline(true);
        bensWire.cut();
        await ben.page.getByText('Reconnecting…').waitFor();
        await ben.say('From the tunnel.');
        for (let count = 1; count <= 4; count++) await ann.say(`Ben? ${count}`);
        await until('Ann has said it', async () => (await ann.said()).includes('Ben? 4'));
        await ben.context.setOffline(false);
        await until(
          'both are complete again',
          async () => (await ben.said()).length === 11 && (await ann.said()).length === 11,
          30_000,
        );
        expect(await ben.said()).toEqual(await ann.said());
        expect(new Set(await ben.said()).size).toBe(11);
        expect(await ben.page.locator('.is-pending').count()).toBe(0);

        // The same holds after a reload, still signed in.
        await ann.page.reload();
        await until('all is there', async () => (await ann.said()).length === 11);
        expect(await ann.said()).toEqual(await ben.said());
        await second[Symbol.asyncDispose]();
      },
    );

    it(
      'shows joins and departures, counts unread messages, and delivers private messages',
      { timeout: 120_000 },
      async () => {
        await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
        await using _ann = await person(node, 'ann', 'Ann Archer');
        await using _ben = await person(node, 'ben', 'Ben Baker');
        const ann = await openSignedIn(openWindow, node.url, 'ann');
        await using cleo = await person(node, 'cleo');
        const { id } = await createRoom(cleo, { name: 'Garden' });
        await ann.page.getByRole('button', { name: 'Join Garden' }).click();
        await ann.field.waitFor();
        const ben = await openSignedIn(openWindow, node.url, 'ben');
        await ben.page.getByRole('button', { name: 'Join Garden' }).click();
        await ann.page.getByText('Ben Baker joined').waitFor();
        await ann.page.getByRole('link', { name: 'Lobby', exact: true }).click();
        await cleo.query(
          'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }',
          { input: { conversationId: id, body: 'Roses!' } },
        );
        await ann.page.getByRole('link', { name: 'Garden 1 unread' }).waitFor();
        await ann.page.getByRole('link', { name: 'Garden 1 unread' }).click();
        await ann.page.getByText('Roses!').waitFor();
        await ann.page.getByRole('link', { name: 'Garden', exact: true }).waitFor();

        await ben.page.getByRole('button', { name: 'New private message' }).click();
        await ben.page.getByRole('dialog').getByRole('searchbox').fill('ann');
        await ben.page.getByRole('dialog').getByRole('button', { name: 'Ann Archer' }).click();
        await ben.say('Between us.');
        await ann.page.getByRole('link', { name: 'Ben Baker 1 unread' }).click();
        await ann.page.locator('.body', { hasText: 'Between us.' }).waitFor();
        await ben.page.getByText('Read', { exact: true }).waitFor();
        await ann.say('Nobody else reads this.');
        await until('Ben reads it', async () =>
          (await ben.said()).includes('Nobody else reads this.'),
        );

        await ben.openRoom('Garden');
        await ben.choose('More about Garden', 'Leave room…');
        await ben.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
        await ann.openRoom('Garden');
        await ann.page.getByText('Ben Baker left').waitFor();
      },
    );
  });
});
