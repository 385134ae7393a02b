import { revokedBy } from '../events/catalogue.ts';
import type { Position } from '../events/event.ts';
import { isNotice, isWithdrawal, type Entry } from './feed.ts';

/** What stands at a place of a feed, executed and encoded, once for all who follow with the same operation. */
export interface Encoded {
  readonly at: Position;
  /** The execution result as JSON. */
  readonly payload: Buffer;
  /** Whose permission this withdraws. */
  readonly revokes: string | undefined;
  /** Whether a viewer is told; undefined where all are. */
  readonly isFor: ((viewerId: string) => boolean) | undefined;
}

/** What follows each other, as it is handed to followers: the same object to all, so that what is made of it is made once. */
export interface Page {
  readonly events: readonly Encoded[];
  readonly payloads: readonly Buffer[];
  readonly bytes: number;
  /** Whether any of it withdraws somebody's permission. */
  readonly revokes: boolean;
  /** Whether all of it is told to everybody. */
  readonly isForAll: boolean;
}

const nothing = Buffer.alloc(0);

/** A withdrawal has no payload. */
export function encodedOf(entry: Entry, payload: Buffer = nothing): Encoded {
  const at = { seq: entry.seq, tag: entry.tag };
  if (isWithdrawal(entry)) return { at, payload, revokes: entry.data.userId, isFor: () => false };
  if (isNotice(entry)) return { at, payload, revokes: undefined, isFor: entry.isFor };
  return { at, payload, revokes: revokedBy(entry), isFor: undefined };
}

export function toPage(events: readonly Encoded[]): Page {
  const payloads = events.map(({ payload }) => payload);
  return {
    events,
    payloads,
    bytes: payloads.reduce((sum, { length }) => sum + length, 0),
    revokes: events.some(({ revokes }) => revokes !== undefined),
    isForAll: events.every(({ isFor }) => isFor === undefined),
  };
}

/** What of it this viewer is told. */
export function payloadsFor(page: Page, viewerId: string | undefined): readonly Buffer[] {
  if (page.isForAll) return page.payloads;
  return page.events
    .filter(({ isFor }) => !isFor || isFor(viewerId!))
    .map(({ payload }) => payload);
}
