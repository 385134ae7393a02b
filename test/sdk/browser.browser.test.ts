import type { BrowserContext, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, it } from 'vitest';
import type * as client from '../../client/src/index.ts';
import { openContexts } from '../support/browser.ts';
import { connectSdk, openHarbour, type Harbour } from '../support/sdk.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

declare global {
  /** The client, in the page. */
  var sdk: typeof client;
  /** What the page has received. */
  var received: {
    readonly bodies: string[];
    readonly states: string[];
    readonly causerie: client.Causerie;
  };
}

interface Tab {
  readonly page: Page;
  /** The bodies of the received messages, and the states of the connection. */
  received(): Promise<{ bodies: string[]; states: string[]; username: string | undefined }>;
}

/** Bundles the client and its dependencies into one script, as the global `sdk`. */
async function bundle(): Promise<string> {
  const built = await build({
    logLevel: 'silent',
    configFile: false,
    build: { write: false, lib: { entry: 'client/src/index.ts', formats: ['iife'], name: 'sdk' } },
  });
  return (built as Rollup.RolldownOutput[])[0]!.output[0].code;
}

describeWithChromium('the client in a browser', () => {
  const openContext = openContexts();
  let script: string;
  beforeAll(async () => {
    script = await bundle();
  }, 120_000);

  /** Opens a page of the server that follows a room. It signs up if no user is signed in. */
  async function openTab(
    context: BrowserContext,
    { url, roomId }: Harbour,
    timing: client.ConnectOptions['timing'] = {},
  ): Promise<Tab> {
    const page = await context.newPage();
    await page.goto(new URL('/health/live', url).href);
    await page.addScriptTag({ content: script });
    await page.evaluate(
      async ([address, room, times]) => {
        const { sdk } = globalThis;
        const causerie = sdk.connect({
          url: address,
          session: sdk.browserSession(),
          timing: times,
        });
        const received: typeof globalThis.received = { bodies: [], states: [], causerie };
        globalThis.received = received;
        causerie.onConnection(({ status }) => received.states.push(status));
        if (!causerie.session)
          await causerie.signUp({ username: 'bob', password: 'correct horse battery staple' });
        await causerie.joinRoom({ roomId: room });
        const following = causerie.roomMessages({ roomId: room });
        await following.next();
        void (async () => {
          for await (const event of following)
            if (event.__typename === 'MessageSent') received.bodies.push(event.message.body!);
        })();
      },
      [url, roomId, timing] as const,
    );
    return {
      page,
      received: () =>
        page.evaluate(() => {
          const { causerie, bodies, states } = globalThis.received;
          return { bodies, states, username: causerie.session?.user.username };
        }),
    };
  }

  it('[P10] keeps two tabs signed in with one session whose tokens expire repeatedly', async () => {
    await using harbour = await openHarbour({ limits: { accessTokenMs: 6000 } });
    const context = await openContext();
    const tabs = [await openTab(context, harbour), await openTab(context, harbour)];
    const writer = connectSdk({ url: harbour.url });
    await writer.signUp({ username: 'carl', password: 'correct horse battery staple' });
    await writer.joinRoom({ roomId: harbour.roomId });
    for (let count = 1; count <= 5; count++) {
      await writer.sendMessage({ conversationId: harbour.roomId, body: `${count}` });
      await tabs[0]!.page.waitForTimeout(2500);
    }
    for (const tab of tabs) {
      await until(
        'it has received everything',
        async () => (await tab.received()).bodies.length >= 5,
      );
      expect(await tab.received()).toEqual({
        bodies: ['1', '2', '3', '4', '5'],
        states: ['connecting', 'connected'],
        username: 'bob',
      });
    }
  });

  it('[P10] stays signed in beside GraphiQL, which refreshes the same session', async () => {
    await using harbour = await openHarbour({
      limits: { accessTokenMs: 4000, refreshRepeatMs: 0 },
    });
    const context = await openContext();
    const tab = await openTab(context, harbour);
    const graphiql = await context.newPage();
    await graphiql.goto(harbour.url);
    const askGraphiql = () =>
      graphiql.evaluate(async () => {
        const response = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ viewer { username } }"}',
        });
        return (await response.json()).data.viewer;
      });
    const rename = (displayName: string) =>
      tab.page.evaluate(
        (name) => globalThis.received.causerie.updateProfile({ displayName: name }),
        displayName,
      );
    for (let round = 1; round <= 5; round++) {
      expect(await askGraphiql()).toEqual({ username: 'bob' });
      expect(await rename(`Bob ${round}`)).toMatchObject({ displayName: `Bob ${round}` });
      await tab.page.waitForTimeout(1000);
    }
    expect(await tab.received()).toMatchObject({
      states: ['connecting', 'connected'],
      username: 'bob',
    });
  });

  it('checks the link at once when the network is back, and resumes', async () => {
    await using harbour = await openHarbour();
    const context = await openContext();
    const tab = await openTab(context, harbour, {
      pingMs: 60_000,
      pongMs: 200,
      connectMs: 500,
      retryMs: 50,
      retryMaxMs: 100,
    });
    harbour.proxy.stall();
    await send(harbour.ann, harbour.roomId, 'while it slept');
    await tab.page.evaluate(() => globalThis.dispatchEvent(new Event('online')));
    await until('it has noticed', async () => (await tab.received()).states.includes('waiting'));
    harbour.proxy.heal();
    await until('it has received a message', async () => (await tab.received()).bodies.length > 0);
    await send(harbour.ann, harbour.roomId, 'afterwards');
    await until('it receives again', async () =>
      (await tab.received()).bodies.includes('afterwards'),
    );
    expect((await tab.received()).bodies).toEqual(['while it slept', 'afterwards']);
  });
});
