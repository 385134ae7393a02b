import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findProgram } from './server-process.ts';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Debian's Chromium, for suites of `describeWithChromium`. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: `${findProgram('chromium')}/chromium`, args: quiet });

/**
 * Opens a browser before the tests of a block of `describeWithChromium`. Closes the contexts of a
 * test after it. The test fails if a page threw an error, or wrote one to the console that is not
 * about an unreachable server.
 */
export function openContexts(): (options?: BrowserContextOptions) => Promise<BrowserContext> {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(faults.splice(0), 'faults of the pages').toEqual([]);
  });
  afterAll(() => browser.close());

  return async (options) => {
    const context = await browser.newContext(options);
    contexts.push(context);
    context.on('weberror', (fault) => faults.push(fault.error().message));
    context.on('console', (line) => {
      if (line.type() === 'error' && !/WebSocket|Failed to load resource|net::/.test(line.text()))
        faults.push(line.text());
    });
    return context;
  };
}
