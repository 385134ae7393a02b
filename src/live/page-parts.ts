import { everyone } from '../events/catalogue.ts';
import { toPage, type Encoded, type Page } from './page.ts';

/** The bytes that are written before the sink is asked again whether its reader keeps up. */
const writeBytes = 64 * 1024;

/** Whether the entry withdraws this viewer's permission. */
export const revokesFor = ({ revokes }: Encoded, viewerId: string | undefined): boolean =>
  revokes !== undefined && (revokes === viewerId || revokes === everyone);

/** Whether a page goes out to this viewer in more than one write. */
export function needsSplit(page: Page, viewerId: string | undefined): boolean {
  if (page.bytes > writeBytes) return true;
  return page.revokes && page.events.some((event) => revokesFor(event, viewerId));
}

/**
 * The entries that go out to this viewer in one write, up to one that withdraws their permission.
 */
export function nextPart(page: Page, from: number, viewerId: string | undefined): Page {
  if (from === 0 && !needsSplit(page, viewerId)) return page;
  const part: Encoded[] = [];
  let bytes = 0;
  for (let index = from; index < page.events.length && bytes < writeBytes; index++) {
    const event = page.events[index]!;
    part.push(event);
    bytes += event.payload.length;
    if (revokesFor(event, viewerId)) break;
  }
  return toPage(part);
}
