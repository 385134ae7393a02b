/** An event executed and encoded, once for all who follow with the same operation. */
export interface Encoded {
  readonly seq: number;
  /** The execution result as JSON. */
  readonly payload: Buffer;
  /** Whose permission this event withdraws. */
  readonly revokes: string | undefined;
}

/** Events that follow each other, as they are handed to followers: the same object to all, so that what is made of it is made once. */
export interface Page {
  readonly events: readonly Encoded[];
  readonly payloads: readonly Buffer[];
  readonly bytes: number;
  /** Whether any of it withdraws somebody's permission. */
  readonly revokes: boolean;
}

export function toPage(events: readonly Encoded[]): Page {
  const payloads = events.map(({ payload }) => payload);
  return {
    events,
    payloads,
    bytes: payloads.reduce((sum, { length }) => sum + length, 0),
    revokes: events.some(({ revokes }) => revokes !== undefined),
  };
}
