import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openContexts } from '../support/browser.ts';
import { password } from '../support/person.ts';

/** The web client in a browser of its own, as one person has it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  signUp(username: string, displayName?: string): Promise<void>;
  /** As somebody of test/support/person.ts. */
  signIn(username: string): Promise<void>;
  openRoom(name: string): Promise<void>;
  readonly field: Locator;
  say(body: string): Promise<void>;
  /**
   * The messages in view and around it, from above; those that are not acknowledged are left out.
   */
  said(): Promise<string[]>;
  /** From the menu that a button opens. */
  choose(button: string, item: string): Promise<void>;
  openMenuOf(message: Locator): Promise<void>;
  /** Whether nothing is wider than the window. */
  fits(): Promise<boolean>;
}

/** As `openContexts`, for windows. What a page of one goes to may be a path. */
export function openWindows(): (url: string, options?: BrowserContextOptions) => Promise<Window> {
  const openContext = openContexts();
  return async (url, options) =>
    windowOf(
      await openContext({ viewport: { width: 1280, height: 800 }, baseURL: url, ...options }),
    );
}

async function windowOf(context: BrowserContext): Promise<Window> {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto('/');
  const field = page.getByRole('textbox', { name: /^Message / });
  return {
    page,
    context,
    field,
    async signUp(username, displayName = username) {
      await page.getByText('Sign up').click();
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Display name').fill(displayName);
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
      await page
        .getByRole('navigation')
        .getByRole('link', { name: new RegExp(`^${name}(\\s?\\d+\\+? unread)?$`) })
        .click();
      await field.waitFor();
    },
    async say(body) {
      await field.fill(body);
      await field.press('Enter');
    },
    said: () => page.locator('.message:not(.is-pending, .is-refused) .body').allInnerTexts(),
    async choose(button, item) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('menuitem', { name: item }).click();
    },
    async openMenuOf(message) {
      await message.hover();
      await message.getByRole('button', { name: 'More' }).click();
    },
    fits: () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
  };
}
