import { revokedBy } from '../events/catalogue.ts';
import type { TopicPosition } from '../events/cursor.ts';
import type { Position } from '../events/event.ts';
import { isNotice, isWithdrawal, type Entry } from './feed.ts';

/** An entry of a feed, executed and encoded once for all subscribers of a live operation. */
export interface Encoded {
  readonly at: Position;
  /** Where a client resumes after it. Undefined for notices and withdrawals. */
  readonly resumeAt: TopicPosition | undefined;
  /** The execution result as JSON. */
  readonly payload: Buffer;
  /** The user whose permission it withdraws, or `everyone`. */
  readonly revokes: string | undefined;
  /** Whether a viewer receives it. Undefined if all do. */
  readonly isFor: ((viewerId: string) => boolean) | undefined;
}

/**
 * Consecutive entries. All subscribers get the same object, so that whatever is derived from it is
 * derived once.
 */
export interface Page {
  readonly events: readonly Encoded[];
  readonly payloads: readonly Buffer[];
  /** Where a client resumes after each payload. Undefined for a page of notices. */
  readonly resumeAt: readonly TopicPosition[] | undefined;
  readonly bytes: number;
  /** Whether an entry withdraws a permission. */
  readonly revokes: boolean;
  /** Whether every viewer receives every entry. */
  readonly isForAll: boolean;
}

const noPayload = Buffer.alloc(0);
const forNobody = () => false;

/** An entry without a payload goes to nobody: a withdrawal, or an event that is not selected. */
export function encodedOf(entry: Entry, payload: Buffer = noPayload): Encoded {
  const resumeAt = undefined;
  const at = { seq: entry.seq, tag: entry.tag };
  if (isWithdrawal(entry))
    return { at, resumeAt, payload, revokes: entry.data.userId, isFor: forNobody };
  if (isNotice(entry)) return { at, resumeAt, payload, revokes: undefined, isFor: entry.isFor };
  const position = { ...at, topic: entry.topic };
  const isFor = payload === noPayload ? forNobody : undefined;
  return { at: position, resumeAt: position, payload, revokes: revokedBy(entry), isFor };
}

export function toPage(events: readonly Encoded[]): Page {
  const payloads = events.map(({ payload }) => payload);
  const resumeAt = events.map((event) => event.resumeAt).filter((at) => at !== undefined);
  return {
    events,
    payloads,
    resumeAt: resumeAt.length === events.length ? resumeAt : undefined,
    bytes: payloads.reduce((sum, { length }) => sum + length, 0),
    revokes: events.some(({ revokes }) => revokes !== undefined),
    isForAll: events.every(({ isFor }) => isFor === undefined),
  };
}

/** The payloads that this viewer receives, and where a client resumes after each. */
export function payloadsFor(
  page: Page,
  viewerId: string | undefined,
): Pick<Page, 'payloads' | 'resumeAt'> {
  if (page.isForAll) return page;
  return toPage(page.events.filter(({ isFor }) => !isFor || isFor(viewerId!)));
}
