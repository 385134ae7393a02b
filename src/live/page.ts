import type { Position } from '../events/event.ts';

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
