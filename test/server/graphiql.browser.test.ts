import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { openGraphiQL, type GraphiQL } from '../support/graphiql.ts';
import { person } from '../support/person.ts';
import { describeWithChromium } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node[Symbol.asyncDispose]());

/** As the server sent it: `fetch` would unpack it. */
function get(headers: Record<string, string>, method = 'GET') {
  return new Promise<{
    status: number | undefined;
    headers: NodeJS.Dict<string | string[]>;
    body: Buffer;
  }>((resolve, reject) => {
    const request = httpRequest(node.url, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks),
      });
    });
    request.on('error', reject).end();
  });
}

describe('the page at /graphql', () => {
  it('is sent compressed if the client accepts that, otherwise plain', async () => {
    const packed = await get({ accept: 'text/html', 'accept-encoding': 'gzip, deflate, br' });
    const plain = await get({ accept: 'text/html,*/*;q=0.8' });
    expect(packed).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' },
    });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    expect(packed.body.length).toBeLessThan(3_000_000);
    expect(plain.body.subarray(0, 300).toString()).toContain('<title>Causerie</title>');
  });

  it('is created once, and not sent again to a client that has it', async () => {
    const { etag } = (await get({ accept: 'text/html' })).headers;
    const again = await get({ accept: 'text/html', 'if-none-match': String(etag) });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect((await get({ accept: 'text/html' }, 'HEAD')).body).toHaveLength(0);
  });

  it('[P14] runs its own scripts only, loads nothing, and may not be framed by another page', async () => {
    const { headers } = await get({ accept: 'text/html' }, 'HEAD');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const policy = String(headers['content-security-policy']);
    for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy.split('; ')).toContain(directive);
    const [, sources] = /script-src ([^;]*)/.exec(policy)!;
    expect(sources!.split(' ').every((source) => source.startsWith("'sha256-"))).toBe(true);
  });

  it('is not sent to other clients than browsers', async () => {
    const response = await fetch(`${node.url}?query={__typename}`, {
      headers: { accept: 'application/json', 'x-graphql-yoga-csrf': '1' },
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describeWithChromium('GraphiQL in a browser', () => {
  let browser: Browser;
  let page: Page;
  let graphiql: GraphiQL;
  const elsewhere: string[] = [];
  const faults: string[] = [];
  /** Violations of the content security policy of the page. */
  const refused: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => {
      if (
        !/^(blob|data):/.test(request.url()) &&
        new URL(request.url()).host !== new URL(node.url).host
      )
        elsewhere.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
    graphiql = await openGraphiQL(page, node.url);
  }, 120_000);
  afterAll(() => browser.close());

  const write = async (editor: 'Variables' | 'Headers', value: unknown) => {
    await page.getByRole('button', { name: editor, exact: true }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(JSON.stringify(value));
    // The editor adds closing quotes and brackets of its own.
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Delete');
  };
  const openTab = (name: string) =>
    page.getByRole('tab').getByRole('button', { name, exact: true }).click();

  it('opens with examples in tabs', async () => {
    expect((await page.getByRole('tab').allInnerTexts()).map((name) => name.trim())).toEqual([
      'SignUp',
      'Rooms',
      'Follow',
      'People',
      'Lobby',
      'Notifications',
    ]);
    await until('the variables of the first are there', async () =>
      (await page.locator('.graphiql-editor-tool').innerText()).includes('username'),
    );
    if (process.env.TEST_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.TEST_SCREENSHOTS}/graphiql-first.png` });
  });

  it(
    'uses the session of one tab in all tabs, follows a room over the socket, and receives its messages',
    { timeout: 30_000 },
    async () => {
      await write('Variables', { username: 'gina', password: 'correct horse battery staple' });
      await graphiql.run('SignUp');
      await until('the token is there', async () =>
        (await graphiql.answer()).includes('accessToken'),
      );

      await openTab('Rooms');
      await graphiql.run('Rooms');
      await until('the default room is there', async () =>
        (await graphiql.answer()).includes('"lobby"'),
      );
      const roomId = /"id":"([^"]+)"/.exec(await graphiql.answer())![1];

      await openTab('Follow');
      await write('Variables', { roomId });
      await graphiql.run('Follow');
      await until('it follows', async () => (await graphiql.answer()).includes('CaughtUp'));
      await using ann = await person(node, 'ann');
      await ann.query(
        'mutation ($roomId: ID!) { sendMessage(input: { conversationId: $roomId, body: "Hello, Gina!" }) { message { seq } } }',
        { roomId },
      );
      await until('it receives an event', async () =>
        (await graphiql.answer()).includes('"body":"Hello,Gina!"'),
      );
      if (process.env.TEST_SCREENSHOTS)
        await page.screenshot({ path: `${process.env.TEST_SCREENSHOTS}/graphiql.png` });
    },
  );

  it('keeps the written documents across a reload, but not the token', async () => {
    await until('the variables are kept', () =>
      page.evaluate(() =>
        globalThis.localStorage.getItem('graphiql:variables')?.includes('"roomId":"0'),
      ),
    );
    await page.reload();
    await page.waitForSelector('.graphiql-query-editor .monaco-editor');
    const written = async () =>
      (await page.locator('.graphiql-editor-tool').innerText()).replace(/\s/g, '');
    await until('the variables are there', async () => (await written()).includes('"roomId":"0'));
  });

  it('stores no token in the browser, and no password in the address', async () => {
    const kept = await page.evaluate(() => JSON.stringify(globalThis.localStorage));
    expect(kept).not.toContain('eyJ');
    expect(page.url()).not.toContain('correct');
  });

  it(
    '[P8] uses the token of the Headers without a session, also over the socket',
    { timeout: 30_000 },
    async () => {
      await using ann = await person(node, 'anna');
      await page.reload();
      await page.waitForSelector('.graphiql-query-editor .monaco-editor');
      await openTab('Lobby');
      await until('it is shown', async () =>
        (await page.locator('.graphiql-query-editor').innerText()).includes('LobbySnapshot'),
      );
      const execute = () => page.locator('.graphiql-execute-button').click();
      // Until it has read the operations of this tab it offers those of the one before.
      await until('it is refused', async () => {
        await execute();
        await page
          .waitForFunction(
            () =>
              document.querySelector('.result-window')?.textContent?.includes('UNAUTHENTICATED'),
            undefined,
            { timeout: 500 },
          )
          .catch(() => page.keyboard.press('Escape'));
        return (await graphiql.answer()).includes('UNAUTHENTICATED');
      });
      await write('Headers', { authorization: `Bearer ${ann.token}` });
      await execute();
      await until('she is there', async () => (await graphiql.answer()).includes('"anna"'));
    },
  );

  it('loads nothing from other origins, and logs no error', () => {
    expect(elsewhere).toEqual([]);
    expect(faults).toEqual([]);
    expect(refused).toEqual([]);
  });

  it('[P14] runs no injected script', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruded = true';
      document.body.append(script);
    });
    expect(await page.evaluate(() => 'intruded' in window)).toBe(false);
    expect(refused).not.toEqual([]);
  });
});
