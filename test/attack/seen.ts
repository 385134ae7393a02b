/** What the process of the bystanders is started with. */
export interface Errand {
  readonly url: string;
  readonly roomId: string;
  readonly tokens: readonly string[];
  readonly everyMs: number;
}

/**
 * What the bystanders have seen since the last question: the latency of each send, and the answers
 * to refused sends.
 */
export interface Seen {
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

/** The failure of a send that was not answered in time. */
export const tooLate = 'no answer within 10 s';
