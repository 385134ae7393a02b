import type { Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { expect, it } from 'vitest';
import { openContexts } from '../support/browser.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { connectSdk } from '../support/sdk.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithChromium, postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const port = (node: TestNode) => Number(new URL(node.url).port);

/** The example as it is built, with the API at the same place as the page. */
async function serve(name: string, apiPort: number): Promise<PreviewServer> {
  const proxy = { '/graphql': { target: `http://127.0.0.1:${apiPort}`, ws: true } };
  const options = {
    root: `examples/${name}`,
    logLevel: 'silent',
    build: { outDir: temporaryDirectory(), emptyOutDir: false },
    preview: { port: 0, host: '127.0.0.1', proxy },
  } as const;
  await build(options);
  return preview(options);
}

describeWithChromium.each(['urql', 'apollo'])('the example with %s', (name) => {
  const openContext = openContexts();

  it(
    '[P2] shows every message once and in order, across cut connections and a restart of the server',
    { timeout: 120_000 },
    async () => {
      const first = await startNode({
        settings: { RATE_LIMITS: 'off', ...(!postgresUrl && { DATA_DIR: temporaryDirectory() }) },
      });
      await using proxy = await startFaultProxy(port(first));
      const ann = await person(first, 'ann');
      const causerie = connectSdk({
        url: `http://127.0.0.1:${proxy.port}/graphql`,
        token: ann.token,
      });
      const { id: conversationId } = (await causerie.room({ name: 'lobby' }))!;
      const say = (body: string) => causerie.sendMessage({ conversationId, body });
      await say('before');

      const site = await serve(name, proxy.port);
      const page = await (await openContext()).newPage();
      await page.goto(site.resolvedUrls!.local[0]!);
      await page.getByLabel('Your name').fill('Gina');
      await page.getByRole('button', { name: 'Continue as guest' }).click();
      await until('it shows what was said before', async () =>
        (await shown(page)).includes('before'),
      );

      for (let count = 1; count <= 12; count++) {
        await say(`${count}`);
        if (count % 4 === 2) proxy.cut();
      }
      await ann[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
      await page.getByText('reconnecting…').waitFor();
      await page
        .getByRole('textbox', { name: 'Message' })
        .fill('from the page, while the server was away');
      await page.getByRole('button', { name: 'Send' }).click();
      await using second = await startNode({ settings: first.settings });
      proxy.target = port(second);
      for (let count = 13; count <= 16; count++) await say(`${count}`);

      const stored = async () =>
        (await causerie.messages({ conversationId, last: 100 }))!.edges.map(
          ({ node }) => node.body,
        );
      await until('all is stored', async () => (await stored()).length === 18, 20_000);
      expect((await stored()).toSorted()).toEqual(
        [
          'before',
          'from the page, while the server was away',
          ...Array.from({ length: 16 }, (_, place) => `${place + 1}`),
        ].toSorted(),
      );
      await until('all is shown', async () => (await shown(page)).length >= 18, 20_000);
      expect(await shown(page)).toEqual(await stored());
      await page.getByText('reconnecting…').waitFor({ state: 'hidden' });

      // It is still signed in when it is loaded again.
      await page.reload();
      await until('all is shown again', async () => (await shown(page)).length >= 18);
      expect(await shown(page)).toEqual(await stored());
      if (process.env.TEST_SCREENSHOTS)
        await page.screenshot({ path: `${process.env.TEST_SCREENSHOTS}/${name}.png` });
      causerie.close();
      await site.close();
    },
  );
});

const shown = (page: Page): Promise<string[]> => page.locator('ol li span').allInnerTexts();
