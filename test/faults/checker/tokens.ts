import type { Told, Violation } from './history.ts';

/** A timer may be late, and a token ends at a whole second. */
const graceMs = 1000;

/** What happens after a connection's token has ended is not told over it [P10]. */
export function checkTokens(
  told: readonly Told[],
  tokenEndsAt = Infinity,
): { violations: Violation[]; tokenEndsAt: number } {
  const violations: Violation[] = [];
  let endsAt = tokenEndsAt;
  for (const entry of told) {
    if (entry.type === 'began') endsAt = entry.tokenEndsAt ?? Infinity;
    if (entry.type === 'event' && entry.occurredAt > endsAt + graceMs)
      violations.push({
        rule: 'token',
        detail: `${entry.seq} happened ${entry.occurredAt - endsAt} ms after the token of its connection had ended`,
      });
  }
  return { violations, tokenEndsAt: endsAt };
}
