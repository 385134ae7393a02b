import type { Authenticated } from '../chat/people/authenticator.ts';
import { unauthenticated, unavailable, type Refusal } from '../errors.ts';
import type { Sink } from '../live/follower.ts';
import type { CloseReason } from './close-codes.ts';
import type { Connections, HeldConnection } from './connections.ts';

interface ResponseConnection extends HeldConnection {
  release(): void;
}

interface Options {
  readonly address: string;
  readonly authenticated: Authenticated | undefined;
  readonly sink: Sink;
  readonly connections: Connections;
}

/**
 * The longest timer that Node supports, about 24 days. A stream that lasts longer ends then, and
 * its client resumes.
 */
const timerMaxMs = 2 ** 31 - 1;

/**
 * Adds a streamed response to the open connections. It ends when its token expires [P10]. HTTP has
 * no close codes, so the last result is an error that gives the reason.
 */
export function holdResponse({
  address,
  authenticated,
  sink,
  connections,
}: Options): ResponseConnection {
  let isOpen = true;
  let expiry: NodeJS.Timeout | undefined;
  const held: ResponseConnection = {
    address,
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
  if (authenticated) {
    const remainingMs = authenticated.expiresAt.getTime() - Date.now();
    expiry = setTimeout(() => held.close('tokenExpired'), Math.min(remainingMs, timerMaxMs));
  }
  connections.add(held);
  return held;
}

function refusalOf(reason: CloseReason): Refusal {
  if (reason === 'tokenExpired')
    return unauthenticated(
      'The token has expired. Subscribe again with a new token, after your last cursor.',
    );
  if (reason === 'draining')
    return unavailable('This node is shutting down. Subscribe again, after your last cursor.');
  return unauthenticated('The session has ended. Sign in again.');
}
