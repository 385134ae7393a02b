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
  /** The user who joined, who left, or who wrote the message. */
  readonly joined?: string;
  readonly left?: string;
  readonly author?: string;
}

/**
 * An observation of a follower of a topic, in order of arrival. `at` is in ms since 1970, by the
 * clock that also dates the log.
 */
export type Observation =
  /** A subscription or a connection began; `tokenEndsAt` is the expiry of its token. */
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
