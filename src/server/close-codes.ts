/** Why a socket is closed. Stock graphql-ws clients come back after those marked so, and give up after the others. */
export const closeCodes = {
  /** They come back, with a fresh token from their `connectionParams`. */
  tokenExpired: [4403, 'Token expired'],
  /** They come back, with what they may do now. */
  roleChanged: [4403, 'Role changed'],
  /** They come back, to another node. */
  draining: [1012, 'Service restart'],
  /** They come back and resume. */
  tooSlow: [1013, 'Reading too slowly'],
  /** They come back: the database cannot be asked who they are. */
  unavailable: [1013, 'Try again later'],
  /** They come back. */
  initTimeout: [4408, 'Connection initialisation timeout'],
  /** They give up: signing in again is for the person. */
  unauthorized: [4401, 'Unauthorized'],
  signedOut: [4401, 'Signed out'],
  /** They give up. */
  tooManyConnections: [4429, 'Too many connections'],
  /** They give up: the client speaks another language than graphql-transport-ws. */
  malformed: [4400, 'Invalid message received'],
  /** A fault of ours; they give up. */
  internal: [4500, 'Internal server error'],
} as const satisfies Record<string, readonly [code: number, reason: string]>;

export type CloseReason = keyof typeof closeCodes;

/** RFC 6455 §5.5 leaves a reason so many bytes. */
const reasonMaxBytes = 123;
const bytesOfCharacter = 3;

/** A reason that quotes a client's text, cut to what a close frame can carry. */
export const closeReasonWithin = (reason: string): string =>
  Buffer.byteLength(reason) <= reasonMaxBytes
    ? reason
    : reason.slice(0, reasonMaxBytes / bytesOfCharacter);
