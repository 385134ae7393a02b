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
  const chunks = answer.body?.[Symbol.asyncIterator]();
  // Not through a reader: in this implementation, its cancel() waits for the pending read.
  response.once('close', () => void chunks?.return?.().catch(() => {}));
  response.writeHead(answer.status, answer.statusText, Object.fromEntries(answer.headers));
  try {
    for (let chunk = await chunks?.next(); chunk && !chunk.done; chunk = await chunks!.next())
      if (!response.write(chunk.value)) {
        outbox.settle();
        await outbox.whenReady();
      }
  } catch (error) {
    if (!response.destroyed) throw error;
  }
  response.end();
}
