import type { Subscribe } from './link.ts';
import { lifeOf, type Tokens } from './tokens.ts';

/** The only mutation over the socket. */
const extendConnection =
  'mutation($input:ExtendConnectionInput!){extendConnection(input:$input){expiresAt}}';
const longestTimerMs = 2 ** 31 - 1;

/**
 * Replaces the token of a connection before it ends, which spares a reconnection. One that is not replaced in time ends the connection,
 * which comes back with another. Returns what stops it.
 */
export function extendInTime(subscribe: Subscribe, tokens: Tokens, first: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function wait(token: string): void {
    const lastsMs = lastsFor(token);
    if (!isStopped && lastsMs > 0)
      timer = setTimeout(() => void extend(token), Math.min(lastsMs * 0.8, longestTimerMs));
  }

  async function extend(token: string): Promise<void> {
    const next = await tokens.get(token).catch(() => undefined);
    if (isStopped || !next || next === token) return;
    subscribe(
      { query: extendConnection, variables: { input: { token: next } } },
      { next: () => wait(next), error: () => {}, complete: () => {} },
    );
  }

  wait(first);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** For so many ms it is good from now on; a clock that is wrong shows too little or too much, and then it is taken for new. NaN when it does not say. */
function lastsFor(token: string): number {
  const { from, to } = lifeOf(token) ?? { from: NaN, to: NaN };
  const leftMs = to - Date.now();
  return leftMs > 0 && !(leftMs > to - from) ? leftMs : to - from;
}
