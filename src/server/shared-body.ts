import type { ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';

const sliceBytes = 64 * 1024;

/**
 * Sends a body that all responses share, as fast as the client reads it. At most one slice waits
 * for a client.
 */
export function sendShared(response: ServerResponse, body: Buffer): void {
  // A client that disconnects before the end is not an error.
  pipeline(Readable.from(slicesOf(body), { highWaterMark: 1 }), response, () => {});
}

function* slicesOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += sliceBytes)
    yield body.subarray(start, start + sliceBytes);
}
