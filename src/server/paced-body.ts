import type { IncomingMessage } from 'node:http';
import type { Limits } from '../limits.ts';

const tickMs = 1000;

/**
 * The body of a request, piece by piece as the reader takes it. A client that sends slower than
 * `drainBytesPerSecond`, after `writeDeadlineMs`, is disconnected [P13].
 */
export async function* pacedBody(
  request: IncomingMessage,
  { writeDeadlineMs, drainBytesPerSecond }: Limits,
): AsyncGenerator<Uint8Array> {
  const startedAt = performance.now();
  let received = 0;
  const timer = setInterval(
    () => {
      const allowedMs = writeDeadlineMs + (received / drainBytesPerSecond) * 1000;
      if (performance.now() - startedAt > allowedMs) request.destroy();
    },
    Math.min(tickMs, writeDeadlineMs),
  );
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      received += (piece as Uint8Array).length;
      yield piece as Uint8Array;
    }
  } finally {
    clearInterval(timer);
  }
}
