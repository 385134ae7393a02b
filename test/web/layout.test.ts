import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/talk.ts';
import { until } from '../support/until.ts';
import { openWindow } from './window.ts';

describeWithChromium('the layout of the web client', () => {
  let browser: Browser;
  let node: TestNode;
  beforeAll(async () => {
    browser = await openBrowser();
    node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
  });

  it.each([
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ] as const)('does not jump on %s: while it opens, and while the connection goes and comes', { timeout: 60_000 }, async (device, options) => {
    await using wire = await startFaultProxy(Number(new URL(node.url).port));
    await using writer = await person(node, `writer-${device.at(-1)}`);
    const { id: roomId } = await createRoom(writer, { name: `Garden on ${device}` });
    for (let count = 1; count <= 40; count++) await send(writer, roomId, `message ${count}`);
    const window = await openWindow(browser, `http://127.0.0.1:${wire.port}/`, options);
    const { page } = window;
    await page.addInitScript(watchShifts);
    await window.signUp(`reader-${device.at(-1)}`);
    await page.getByRole('button', { name: `Join Garden on ${device}` }).click();
    await window.field.waitFor();

    await page.reload();
    await until('the room is open', async () => (await window.said()).at(-1) === 'message 40');
    await page.getByText('Private messages').waitFor({ state: 'attached' });
    wire.cut();
    await page.getByText(/Reconnecting|Back online/).first().waitFor();
    await page.getByText('Back online.').waitFor();
    await send(writer, roomId, 'one more');
    await until('it is there', async () => (await window.said()).at(-1) === 'one more');
    expect(await shiftsOf(page)).toEqual([]);

    await page.goto(`http://127.0.0.1:${wire.port}/#/`);
    await page.reload();
    await page.getByRole('listitem').filter({ hasText: 'online' }).first().waitFor();
    await page.getByRole('link', { name: 'Support' }).waitFor();
    expect(await shiftsOf(page)).toEqual([]);
    expect(window.faults).toEqual([]);
    await window.context.close();
  });
});

/** Records what the browser calls a layout shift. Scrolling is none. */
function watchShifts(): void {
  const page = globalThis as any;
  page.shifts = [];
  const describe = (shift: any) => shift.sources.map(({ node, previousRect, currentRect }: any) => `${node?.className || node?.nodeName}: ${previousRect.y} to ${currentRect.y}`);
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries() as any[]) if (shift.value > 0.0005) page.shifts.push(describe(shift));
  }).observe({ type: 'layout-shift', buffered: true });
}

const shiftsOf = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve((globalThis as any).shifts)))));
