import type { Subscribe } from './link.ts';
import { lifetimeOf, type Tokens } from './tokens.ts';

/** The only mutation that goes over the socket. */
const extendConnection =
  'mutation($input:ExtendConnectionInput!){extendConnection(input:$input){expiresAt}}';
const longestTimerMs = 2 ** 31 - 1;

/**
 * Gives an open connection a fresh token before its own expires, which saves a reconnection. If
 * that fails, the server closes the connection at expiry, and the client reconnects with another
 * token. Returns a function that stops the renewal.
 */
export function extendInTime(subscribe: Subscribe, tokens: Tokens, first: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function schedule(token: string): void {
    const leftMs = timeLeftMs(token);
    if (!isStopped && leftMs > 0)
      timer = setTimeout(() => void extend(token), Math.min(leftMs * 0.8, longestTimerMs));
  }

  async function extend(token: string): Promise<void> {
    const next = await tokens.get(token).catch(() => undefined);
    if (isStopped || !next || next === token) return;
    subscribe(
      { query: extendConnection, variables: { input: { token: next } } },
      { next: () => schedule(next), error: () => {}, complete: () => {} },
    );
  }

  schedule(first);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/**
 * The time in ms until a token expires; NaN if it does not say. If the local clock is wrong, the
 * result is impossible, and the token counts as new.
 */
function timeLeftMs(token: string): number {
  const { from, to } = lifetimeOf(token) ?? { from: NaN, to: NaN };
  const leftMs = to - Date.now();
  return leftMs > 0 && !(leftMs > to - from) ? leftMs : to - from;
}
