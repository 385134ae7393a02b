import { createHmac } from 'node:crypto';

/**
 * An HMAC of the first body of a message, stored when it is edited or deleted. It distinguishes a
 * repeat of the send from another send with the same key [P6]. It needs the node's key, so a reader
 * of the database cannot find even a short text by trying all of them.
 */
export const fingerprintOf = (signingKey: Uint8Array, messageId: string, body: string): string =>
  createHmac('sha256', signingKey)
    .update(`the body first sent as ${messageId}\n${body}`)
    .digest('base64url');
