import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the layout of the web client', () => {
  const web = webClient();

  it.each([
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ] as const)(
    'does not shift on %s while the page loads, or while the connection is lost and restored',
    { timeout: 120_000 },
    async (device, options) => {
      await using wire = await startFaultProxy(Number(new URL(web.node.url).port));
      await using writer = await person(web.node, `writer-${device.at(-1)}`);
      const { id: roomId } = await createRoom(writer, { name: `Garden on ${device}` });
      for (let count = 1; count <= 40; count++) await send(writer, roomId, `message ${count}`);
      const window = await web.open({ ...options, baseURL: `http://127.0.0.1:${wire.port}` });
      const { page } = window;
      await page.addInitScript(recordShifts);
      await window.signUp(`reader-${device.at(-1)}`);
      await page.getByRole('button', { name: `Join Garden on ${device}` }).click();
      await window.field.waitFor();

      await page.reload();
      await until('the room is open', async () => (await window.said()).at(-1) === 'message 40');
      await page.getByText('Private messages').waitFor({ state: 'attached' });
      wire.cut();
      await page
        .getByText(/Reconnecting|Back online/)
        .first()
        .waitFor();
      await page.getByText('Back online.').waitFor();
      await send(writer, roomId, 'one more');
      await until('it is there', async () => (await window.said()).at(-1) === 'one more');
      expect(await shiftsOf(page)).toEqual([]);

      await page.goto('/#/');
      await page.reload();
      await page.getByRole('listitem').filter({ hasText: 'online' }).first().waitFor();
      await page.getByRole('link', { name: 'Support' }).waitFor();
      expect(await shiftsOf(page)).toEqual([]);
    },
  );
});

declare global {
  /** The layout shifts since the page was loaded. */
  var layoutShifts: string[];
}

/** A type of the browser that TypeScript lacks. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}

/** Records the layout shifts that the browser reports. Scrolling does not count. */
function recordShifts(): void {
  globalThis.layoutShifts = [];
  const nameOf = (node: Node | null) =>
    (node instanceof Element && node.className) || node?.nodeName;
  const describe = ({ sources }: LayoutShift) =>
    sources
      .map(
        ({ node, previousRect, currentRect }) =>
          `${nameOf(node)}: ${previousRect.y} to ${currentRect.y}`,
      )
      .join(', ');
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries() as LayoutShift[])
      if (shift.value > 0.0005) globalThis.layoutShifts.push(describe(shift));
  }).observe({ type: 'layout-shift', buffered: true });
}

const shiftsOf = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.layoutShifts))),
      ),
  );
