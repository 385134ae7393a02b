import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { openWindows, type Window } from './window.ts';

/** Somebody with a new account, who is signed in to it in a window. */
export interface Newcomer extends Window {
  readonly person: Person;
}

export interface WebClient {
  /** There within tests, and hooks that come after. */
  readonly node: TestNode;
  open(options?: BrowserContextOptions): Promise<Window>;
  newcomer(username: string, options?: BrowserContextOptions): Promise<Newcomer>;
}

/**
 * Called in a block of `describeWithChromium`: a node that its tests share, and windows with its
 * web client, as `openWindows` has them.
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
