import type { ServerResponse } from 'node:http';
import type { Outbox } from './outbox.ts';

/** Sends a response of the Fetch API as fast as it is read. Its body is cancelled when the client goes, also before the first byte. */
export async function sendResponse(
  answer: Response,
  response: ServerResponse,
  outbox: Outbox,
): Promise<void> {
  // A body that nobody has read from has not started, holds nothing, and throws when it is cancelled.
  if (response.destroyed) return;
  const chunks = answer.body?.[Symbol.asyncIterator]();
  // Not through a reader: in this implementation its cancel() waits for the read that is pending.
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
