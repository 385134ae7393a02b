import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { password } from '../support/person.ts';

/** The web client in a browser of its own, as one person has it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page threw, or wrote to the console as an error, without what it could not reach. */
  readonly faults: readonly string[];
  signUp(username: string, displayName?: string): Promise<void>;
  /** As somebody of test/support/person.ts. */
  signIn(username: string): Promise<void>;
  openRoom(name: string): Promise<void>;
  readonly field: Locator;
  say(body: string): Promise<void>;
  /** The messages in view and around it, from above; those that are not acknowledged are left out. */
  said(): Promise<string[]>;
}

export async function openWindow(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket|Failed to load resource|net::/.test(message.text())) faults.push(message.text());
  });
  await page.goto(url);
  const field = page.getByRole('textbox', { name: /^Message / });
  return {
    page,
    context,
    faults,
    field,
    async signUp(username, displayName = username) {
      await page.getByText('Sign up').click();
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Name others see').fill(displayName);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    },
    async signIn(username) {
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password').fill(password);
      await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    },
    async openRoom(name) {
      await page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}(\\s?\\d+\\+? unread)?$`) }).click();
      await field.waitFor();
    },
    async say(body) {
      await field.fill(body);
      await field.press('Enter');
    },
    said: () => page.locator('.message:not(.is-pending, .is-refused) .body').allInnerTexts(),
  };
}
