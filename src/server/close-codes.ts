/**
 * The close codes of sockets. Stock graphql-ws clients reconnect only after some codes; the
 * comments say which.
 */
export const closeCodes = {
  /** Clients reconnect, with a new token from their `connectionParams`. */
  tokenExpired: [4403, 'Token expired'],
  /** Clients reconnect. The clock of the issuer is ahead. */
  tokenNotYetValid: [1013, 'Token not yet valid'],
  /** Clients reconnect, with the permissions of the new role. */
  roleChanged: [4403, 'Role changed'],
  /** Clients reconnect, to another node. */
  draining: [1012, 'Service restart'],
  /** Clients reconnect and resume. */
  tooSlow: [1013, 'Reading too slowly'],
  /** Clients reconnect. The token could not be checked because the database is unavailable. */
  unavailable: [1013, 'Try again later'],
  /** Clients reconnect. */
  initTimeout: [4408, 'Connection initialisation timeout'],
  /** Clients give up: the user has to sign in again. */
  unauthorized: [4401, 'Unauthorized'],
  signedOut: [4401, 'Signed out'],
  suspended: [4401, 'Account suspended'],
  /** Clients reconnect later, and perhaps to a node that has room for them. */
  tooManyConnections: [1013, 'Too many connections'],
  /** Clients give up: they do not follow the graphql-transport-ws protocol. */
  malformed: [4400, 'Invalid message received'],
  /** Clients give up. The cause is a fault of the server. */
  internal: [4500, 'Internal server error'],
} as const satisfies Record<string, readonly [code: number, reason: string]>;

export type CloseReason = keyof typeof closeCodes;

/** The greatest length of a reason (RFC 6455 §5.5). */
const reasonMaxBytes = 123;
/** Of one UTF-16 code unit in UTF-8. */
const bytesPerCodeUnit = 3;

/** Shortens a reason that quotes a client's text to the length that a close frame can carry. */
export const closeReasonWithin = (reason: string): string =>
  Buffer.byteLength(reason) <= reasonMaxBytes
    ? reason
    : reason.slice(0, reasonMaxBytes / bytesPerCodeUnit);
