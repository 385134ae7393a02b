import type { LogEntry, Violation } from './history.ts';

/** An event that the backend of the application received, by a subscription or a webhook. */
export interface AppObservation {
  readonly conversationId: string;
  readonly what: string;
}

/** The logs of conversations by id, from the first event that the application was to receive. */
export type ExpectedLogs = ReadonlyMap<string, readonly LogEntry[]>;

/**
 * Compares what the application received with the logs [P16]: each conversation has its order, and
 * each event comes once. `isSettled`: everything has arrived.
 */
export function checkApplication(
  observed: readonly AppObservation[],
  logs: ExpectedLogs,
  isSettled: boolean,
  follower: 'application' | 'webhook' = 'application',
): Violation[] {
  const violations: Violation[] = [];
  const positions = new Map<string, number>();
  for (const { conversationId, what } of observed) {
    const log = logs.get(conversationId);
    if (!log) continue;
    const position = positions.get(conversationId) ?? 0;
    const expected = log[position]?.what;
    if (what !== expected)
      violations.push({
        rule: `${follower} order`,
        detail: `in ${conversationId} came "${what}", and "${expected}" was next`,
      });
    positions.set(conversationId, position + 1);
  }
  if (isSettled)
    for (const [id, { length }] of logs)
      if ((positions.get(id) ?? 0) < length)
        violations.push({
          rule: `${follower} hole`,
          detail: `of ${length} events in ${id}, ${positions.get(id) ?? 0} arrived`,
        });
  return violations;
}
