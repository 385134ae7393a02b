import type { ServerResponse } from 'node:http';
import type { Outbox } from './outbox.ts';

/**
 * Sends a response of the Fetch API as fast as the client reads it. Cancels its body when the
 * client disconnects, also before the first byte.
 */
export async function sendResponse(
  answer: Response,
  response: ServerResponse,
  outbox: Outbox,
): Promise<void> {
  // A body that has not been read has not started and holds nothing. Cancelling it would throw.
  if (response.destroyed) return;
  const { status, statusText, headers, body } = answer;
  response.writeHead(status, statusText, Object.fromEntries(headers));
  if (body) await sendPieces(body, response, outbox);
  else response.end();
}

/**
 * Sends the body of a response as fast as the client reads it, and ends it. The next piece is asked
 * for when the socket has taken the one before. Ends the source when the client disconnects.
 */
export async function sendPieces(
  pieces: AsyncIterable<Uint8Array>,
  response: ServerResponse,
  outbox: Outbox,
): Promise<void> {
  // The close has been announced already, so nobody would end a source that begins now.
  if (response.destroyed) return;
  const source = pieces[Symbol.asyncIterator]();
  // Not through a reader: in this implementation, its cancel() waits for the pending read.
  response.once('close', () => void source.return?.().catch(() => {}));
  try {
    for (let piece = await source.next(); !piece.done; piece = await source.next()) {
      if (response.destroyed) return;
      if (!response.write(piece.value)) {
        outbox.settle();
        await outbox.whenReady();
      }
    }
  } catch (error) {
    if (!response.destroyed) throw error;
  }
  response.end();
}
