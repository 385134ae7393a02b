import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Sends a response of the Fetch API as fast as it is read. Its body is cancelled when the client goes, also before the first byte. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  const chunks = answer.body?.[Symbol.asyncIterator]();
  // Not through a reader: in this implementation its cancel() waits for the read that is pending.
  const cancel = () => void chunks?.return?.().catch(() => {});
  if (response.destroyed) return cancel();
  response.once('close', cancel);
  response.writeHead(answer.status, answer.statusText, Object.fromEntries(answer.headers));
  try {
    for (let chunk = await chunks?.next(); chunk && !chunk.done; chunk = await chunks!.next())
      if (!response.write(chunk.value)) await drained(response);
  } catch (error) {
    if (!response.destroyed) throw error;
  }
  response.end();
}

/** Resolves when the client has read what was written, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const { signal } = gone;
  const wait = (event: string) => once(response, event, { signal }).catch(() => {});
  if (!response.destroyed) await Promise.race([wait('drain'), wait('close')]);
  gone.abort();
}
