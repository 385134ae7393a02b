import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { openWindows, type Window } from './window.ts';

/** A user with a new account, signed in to it in a window. */
export interface Newcomer extends Window {
  readonly person: Person;
}

export interface WebClient {
  /** Available within tests, and in later hooks. */
  readonly node: TestNode;
  open(options?: BrowserContextOptions): Promise<Window>;
  newcomer(username: string, options?: BrowserContextOptions): Promise<Newcomer>;
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
  return {
    get node() {
      return node;
    },
    open,
    async newcomer(username, options) {
      const someone = await person(node, username);
      const window = await open(options);
      await window.signIn(username);
      return { ...window, person: someone };
    },
  };
}
