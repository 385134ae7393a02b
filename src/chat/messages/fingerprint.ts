import { createHmac } from 'node:crypto';

/**
 * What is kept of the first body of a message when it is edited or deleted, so that a repeat of the send is still told from another send
 * under its key [P6]. Nobody who reads the database learns the text from it, not even by trying short ones: it needs the node's key.
 */
export const fingerprintOf = (signingKey: Uint8Array, messageId: string, body: string): string =>
  createHmac('sha256', signingKey)
    .update(`the body first sent as ${messageId}\n${body}`)
    .digest('base64url');
