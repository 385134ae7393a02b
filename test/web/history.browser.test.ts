import { expect, it } from 'vitest';
import { addPastMessages } from '../support/past-messages.ts';
import { person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { webClient } from './web-client.ts';

const count = 4000;
const firstBody = 'the first of all';
/**
 * The most rendered rows at a time, for any length of the history: a screen, and some above and
 * below it.
 */
const mostRows = 120;
/** The px by which a row visibly moves. Less is rounding. */
const jump = 4;

describeWithChromium('a history of thousands of messages in the web client', () => {
  const web = webClient();

  it(
    'scrolls through a history without a jump or a gap, and keeps the visible rows in place',
    { timeout: 240_000 },
    async () => {
      await using mia = await person(web.node, 'mia');
      await using ned = await person(web.node, 'ned');
      const { id: roomId } = await createRoom(mia, { name: 'Archive' });
      await joinRoom(ned, { roomId });
      const messages = Array.from({ length: count }, (_, number) => ({
        author: number % 7 < 4 ? mia : ned,
        body: number === 0 ? firstBody : `number ${number} ${'and so on '.repeat(number % 23)}`,
      }));
      await addPastMessages(web.node, roomId, messages);
      const window = await web.openAs(ned);
      await window.openRoom('Archive');
      await until('the newest are there', async () => (await window.said()).length > 0);
      const scroller = window.page.locator('.scroller');
      const atEnd = () =>
        scroller.evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop < 2);
      await until('it begins at the end', atEnd);

      const up = await scroller.evaluate(scrollThrough, { px: -600, until: firstBody });
      expect(up.furthest).toBeLessThan(jump);
      expect(up.gaps).toBe(0);
      expect(up.rows).toBeLessThan(mostRows);

      // A new message at the end does not move the visible rows.
      const place = () =>
        scroller.evaluate((list) => [
          list.scrollTop,
          list.querySelector('.body')!.getBoundingClientRect().top,
        ]);
      const before = await place();
      await send(mia, roomId, 'news');
      await window.page.getByRole('link', { name: 'Archive 1 unread' }).waitFor();
      expect(await place()).toEqual(before);

      const down = await scroller.evaluate(scrollThrough, { px: 600, until: 'news' });
      expect(down.furthest).toBeLessThan(jump);
      expect(down.gaps).toBe(0);
      expect(down.rows).toBeLessThan(mostRows);
      await window.page.getByRole('link', { name: 'Archive', exact: true }).waitFor();

      // After a jump to any position, it shows the messages there.
      for (const part of [0.5, 0.1, 0.9, 0]) {
        await scroller.evaluate(
          (list, share) => void (list.scrollTop = share * list.scrollHeight),
          part,
        );
        await until(`it is full at ${part}`, () => scroller.evaluate(isFull));
      }
      await window.page.getByRole('button', { name: 'Jump to the newest messages' }).click();
      await until('it is at the end', atEnd);
      expect((await window.said()).at(-1)).toBe('news');

      // Close to the end, the position stays until the user scrolls to the end; then new messages
      // are followed.
      await scroller.evaluate((list) => void (list.scrollTop = list.scrollHeight / 2));
      await window.page.getByRole('button', { name: 'Jump to the newest messages' }).waitFor();
      await scroller.evaluate(
        (list) => void (list.scrollTop = list.scrollHeight - list.clientHeight - 40),
      );
      await window.page
        .getByRole('button', { name: 'Jump to the newest messages' })
        .waitFor({ state: 'detached' });
      const belowView = () =>
        scroller.evaluate((list) =>
          Math.round(list.scrollHeight - list.clientHeight - list.scrollTop),
        );
      expect(await belowView()).toBe(40);
      await send(mia, roomId, 'more news');
      await until('it is followed', atEnd);
      expect((await window.said()).at(-1)).toBe('more news');
    },
  );
});

/** Whether messages fill the list from its upper to its lower edge. */
function isFull(list: Element): boolean {
  const { top, bottom } = list.getBoundingClientRect();
  const rows = [...list.querySelectorAll('.row')].map((row) => row.getBoundingClientRect());
  return rows.some((row) => row.top <= top + 60) && rows.some((row) => row.bottom >= bottom - 60);
}

/**
 * Scrolls this many px in each frame until a message is visible. Returns by how many px a row moved
 * otherwise than it was scrolled, in how many frames no message was visible, and the largest number
 * of rows.
 */
async function scrollThrough(
  list: Element,
  { px, until: last }: { px: number; until: string },
): Promise<{ furthest: number; gaps: number; rows: number }> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // The oldest row shows its author's name above it, which disappears when an older message of the
  // author arrives. It is another row then.
  const nameOf = (row: HTMLElement) => `${row.dataset.key} ${row.classList.contains('is-first')}`;
  const places = () =>
    new Map(
      Array.from(list.querySelectorAll<HTMLElement>('.message'), (row) => [
        nameOf(row),
        row.getBoundingClientRect(),
      ]),
    );
  const seen = { furthest: 0, gaps: 0, rows: 0 };
  const isThere = () =>
    [...list.querySelectorAll('.body')].some((body) => body.textContent === last) &&
    (px < 0 ? list.scrollTop === 0 : list.scrollHeight - list.clientHeight - list.scrollTop < 2);
  for (let frames = 0; frames < 20_000; frames++) {
    if (isThere()) return seen;
    const before = places();
    const from = list.scrollTop;
    list.scrollTop += px;
    const scrolled = list.scrollTop - from;
    await frame();
    const { top, bottom } = list.getBoundingClientRect();
    let isCovered = false;
    const now = places();
    for (const [name, row] of now) {
      isCovered ||= row.bottom > top + 200 && row.top < bottom - 200;
      const was = before.get(name);
      if (was && row.top > top && row.top < bottom)
        seen.furthest = Math.max(seen.furthest, Math.abs(row.top - was.top + scrolled));
    }
    if (!isCovered) seen.gaps++;
    seen.rows = Math.max(seen.rows, now.size);
  }
  throw new Error(`“${last}” was not reached`);
}
