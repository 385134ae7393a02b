import type { Authenticated } from '../chat/people/authenticator.ts';
import { unauthenticated, unavailable, type Refusal } from '../errors.ts';
import type { Sink } from '../live/follower.ts';
import type { CloseReason } from './close-codes.ts';
import type { Connections, HeldConnection } from './connections.ts';

/** A streamed response counts among what its user holds open, and ends when its token does [P10]. It has no close codes: a last error says why it ends. */
export function holdResponse(
  authenticated: Authenticated | undefined,
  sink: Sink,
  connections: Connections,
): HeldConnection & { release(): void } {
  let isOpen = true;
  const held: HeldConnection & { release(): void } = {
    viewer: authenticated?.viewer ?? null,
    isBusy: false,
    get isOpen() {
      return isOpen;
    },
    speaksFor: (matches) => authenticated !== undefined && matches(authenticated.viewer),
    close: (reason) => sink.end(refusalOf(reason)),
    release() {
      isOpen = false;
      clearTimeout(expiry);
      connections.remove(held);
    },
  };
  const remaining = authenticated ? authenticated.expiresAt.getTime() - Date.now() : undefined;
  const expiry =
    remaining === undefined
      ? undefined
      : setTimeout(() => held.close('tokenExpired'), Math.min(remaining, 2 ** 31 - 1));
  connections.add(held);
  return held;
}

function refusalOf(reason: CloseReason): Refusal {
  if (reason === 'tokenExpired')
    return unauthenticated(
      'The token has expired. Subscribe again with a new one, after your last cursor.',
    );
  if (reason === 'draining')
    return unavailable('This node is going away. Subscribe again, after your last cursor.');
  return unauthenticated('The session has ended. Sign in again.');
}
