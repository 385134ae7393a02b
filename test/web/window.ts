import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openContexts } from '../support/browser.ts';
import { password, query } from '../support/person.ts';

/** The web client in a separate browser, as one person uses it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  signUp(username: string, displayName?: string): Promise<void>;
  /** Signs in as a user of test/support/person.ts. */
  signIn(username: string): Promise<void>;
  openRoom(name: string): Promise<void>;
  readonly field: Locator;
  say(body: string): Promise<void>;
  /** The rendered messages from top to bottom, without unacknowledged ones. */
  said(): Promise<string[]>;
  /** Chooses an item of the menu that a button opens. */
  choose(button: string, item: string): Promise<void>;
  openMenuOf(message: Locator): Promise<void>;
  /** Whether no element is wider than the window. */
  fits(): Promise<boolean>;
}

type OpenWindow = (url: string, options?: BrowserContextOptions) => Promise<Window>;

/** Like `openContexts`, for windows. A URL can be a path. */
export function openWindows(): OpenWindow {
  const openContext = openContexts();
  return async (url, options) =>
    windowOf(
      await openContext({ viewport: { width: 1280, height: 800 }, baseURL: url, ...options }),
    );
}

/**
 * Opens a window in which this user of test/support/person.ts is signed in, with a session of its
 * own. It costs half as much as signing in by the form.
 */
export async function openSignedIn(
  openWindow: OpenWindow,
  url: string,
  username: string,
  options?: BrowserContextOptions,
): Promise<Window> {
  const { signIn } = await query(
    new URL('/graphql', url).href,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken expiresAt refreshToken user { id username displayName avatarUrl role isGuest } } } }',
    { input: { username, password } },
  );
  const localStorage = [{ name: 'causerie.session', value: JSON.stringify(signIn.session) }];
  const window = await openWindow(url, {
    storageState: { cookies: [], origins: [{ origin: new URL(url).origin, localStorage }] },
    ...options,
  });
  await window.page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
  return window;
}

async function windowOf(context: BrowserContext): Promise<Window> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
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
      // By the keyboard, because a row may move away from under the mouse.
      await message.getByRole('button', { name: 'More' }).press('Enter');
    },
    fits: () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
  };
}
