import type { Rate } from '../../cluster/rates.ts';
import type { Limits } from '../../limits.ts';
import { rateLimited } from '../../errors.ts';
import type { Scope } from '../../scope.ts';

/**
 * The rate of each action. Sends are counted per user, attempts to sign in per username and per
 * address.
 */
export const rateTable = (limits: Limits) =>
  ({
    send: {
      points: limits.sendsPerWindow,
      burst: limits.sendsBurst,
      windowMs: limits.sendsWindowMs,
    },
    'sign-in-name': { points: 10, burst: 10, windowMs: 5 * 60_000 },
    'sign-in-address': { points: 100, burst: 100, windowMs: 5 * 60_000 },
    'sign-up-address': { points: 120, burst: 240, windowMs: 60_000 },
    'check-password': { points: 10, burst: 10, windowMs: 5 * 60_000 },
    'export-data': { points: 5, burst: 5, windowMs: 60 * 60_000 },
    edit: { points: 10, burst: 30, windowMs: 10_000 },
    delete: { points: 20, burst: 100, windowMs: 10_000 },
    react: { points: 20, burst: 40, windowMs: 10_000 },
    search: { points: 20, burst: 30, windowMs: 60_000 },
    report: { points: 10, burst: 20, windowMs: 60_000 },
    'mark-read': { points: 30, burst: 100, windowMs: 10_000 },
    'mark-notifications-read': { points: 30, burst: 100, windowMs: 10_000 },
    notify: { points: 50, burst: 200, windowMs: 10_000 },
    announce: { points: 10, burst: 10, windowMs: 60 * 60_000 },
    'open-conversation': { points: 20, burst: 60, windowMs: 60_000 },
    'create-room': { points: 20, burst: 60, windowMs: 60_000 },
    'invite-stranger': { points: 20, burst: 200, windowMs: 10 * 60_000 },
  }) satisfies Record<string, Rate>;

export type Action = keyof ReturnType<typeof rateTable>;

/**
 * Counts one action of this key. Throws RATE_LIMITED, with the time to wait, if there were too
 * many.
 */
export async function spend(scope: Scope, action: Action, key: string): Promise<void> {
  const waitMs = await scope.node.rates.take(action, key);
  if (waitMs > 0)
    throw rateLimited(
      `You are doing this too often. Try again in ${Math.ceil(waitMs / 1000)} s.`,
      waitMs,
    );
}
