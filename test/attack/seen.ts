/** What the process of the bystanders is started with. */
export interface Errand {
  readonly url: string;
  readonly roomId: string;
  readonly tokens: readonly string[];
  readonly everyMs: number;
}

/** One send of a bystander. */
export interface Sent {
  /** The time at which it was due, in ms since 1970. It belongs to the phase of this time. */
  readonly dueAt: number;
  /** From the due time to the answer, or until now while it waits. */
  readonly latencyMs: number;
  readonly outcome: 'stored' | 'waiting' | { readonly failure: string };
}

/** The failure of a send that was not answered in time. */
export const tooLate = 'no answer within 10 s';
