import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { openSignedIn, openWindows, type Window } from './window.ts';

/** A user with a new account, signed in to it in a window. */
export interface Newcomer extends Window {
  readonly person: Person;
}

export interface WebClient {
  /** Available within tests, and in later hooks. */
  readonly node: TestNode;
  /** Nobody is signed in. */
  open(options?: BrowserContextOptions): Promise<Window>;
  /** The user is signed in, by a session of the window's own. */
  openAs(user: Person, options?: BrowserContextOptions): Promise<Window>;
  newcomer(
    username: string,
    options?: BrowserContextOptions & { displayName?: string },
  ): Promise<Newcomer>;
}

/**
 * Starts a node that the tests of a block of `describeWithChromium` share. Opens windows with its
 * web client, like `openWindows`.
 */
export function webClient(settings: Record<string, string> = {}): WebClient {
  let node: TestNode;
  const openWindow = openWindows();
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off', ...settings } });
  }, 60_000);
  afterAll(() => node[Symbol.asyncDispose]());

  const open = (options?: BrowserContextOptions) => openWindow(node.url, options);
  const openAs = ({ username }: Person, options?: BrowserContextOptions) =>
    openSignedIn(openWindow, node.url, username, options);
  return {
    get node() {
      return node;
    },
    open,
    openAs,
    async newcomer(username, { displayName, ...options } = {}) {
      const someone = await person(node, username, displayName);
      return { ...(await openAs(someone, options)), person: someone };
    },
  };
}
