/**
 * One event of a topic as the database holds it. A log is an array of them in the order of their
 * numbers, which begin with 1.
 */
export interface LogEntry {
  readonly seq: number;
  /** A description of the event, the same for the database and for a follower. */
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /** The user who became a member, is no longer one, or wrote the message. */
  readonly joined?: string;
  readonly left?: string;
  readonly author?: string;
}

/**
 * What a follower of a topic was told, in the order of being told; `at` in ms since 1970, by the
 * clock that also dates the log.
 */
export type Observation =
  /** A subscription began, or began again on another connection, whose token ends then. */
  | { readonly type: 'began'; readonly at: number; readonly tokenEndsAt?: number }
  | {
      readonly type: 'event';
      readonly at: number;
      readonly seq: number;
      readonly what: string;
      readonly occurredAt: number;
    }
  | {
      readonly type: 'caught-up';
      readonly at: number;
      readonly seq: number;
      readonly replayed: number;
    }
  | { readonly type: 'reset'; readonly at: number; readonly seq: number; readonly reason: string }
  | { readonly type: 'ended'; readonly at: number; readonly code: string | undefined };

/** A promise that was not kept. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** The number in a cursor. To clients cursors are opaque; a checker looks into them. */
export const seqOf = (cursor: string): number => Number.parseInt(cursor.slice(8), 36);
