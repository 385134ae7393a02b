import type { Observation, Violation } from './history.ts';

/** A timer may be late, and a token ends at a whole second. */
const graceMs = 1000;

/** No event after the expiry of a connection's token is delivered over it [P10]. */
export function checkTokens(
  observed: readonly Observation[],
  tokenEndsAt = Infinity,
): { violations: Violation[]; tokenEndsAt: number } {
  const violations: Violation[] = [];
  let endsAt = tokenEndsAt;
  for (const entry of observed) {
    if (entry.type === 'began') endsAt = entry.tokenEndsAt ?? Infinity;
    if (entry.type === 'event' && entry.occurredAt > endsAt + graceMs)
      violations.push({
        rule: 'token',
        detail: `${entry.seq} happened ${entry.occurredAt - endsAt} ms after the token of its connection had ended`,
      });
  }
  return { violations, tokenEndsAt: endsAt };
}
