import type { Identified } from '../chat/people/authenticator.ts';
import { unauthenticated, unavailable, type Refusal } from '../errors.ts';
import type { Sink } from '../live/follower.ts';
import type { CloseReason } from './close-codes.ts';
import type { Connections, HeldConnection } from './connections.ts';

interface ResponseConnection extends HeldConnection {
  release(): void;
}

interface Options {
  readonly address: string;
  readonly identified: Identified | undefined;
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
  identified,
  sink,
  connections,
}: Options): ResponseConnection {
  const viewer = identified && 'viewer' in identified ? identified.viewer : null;
  const service = identified && 'service' in identified ? identified.service : undefined;
  let isOpen = true;
  let expiry: NodeJS.Timeout | undefined;
  const held: ResponseConnection = {
    address,
    viewer,
    service,
    isBusy: false,
    get isOpen() {
      return isOpen;
    },
    speaksFor: (matches) => viewer !== null && matches(viewer),
    close: (reason) => sink.end(refusalOf(reason)),
    release() {
      isOpen = false;
      clearTimeout(expiry);
      connections.remove(held);
    },
  };
  if (identified) {
    const remainingMs = identified.expiresAt.getTime() - Date.now();
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
