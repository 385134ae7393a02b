import type { FetchAPI } from 'graphql-yoga';

/** The interval of the comments that keep the connection open through proxies. */
const pingIntervalMs = 12_000;

const ping = Buffer.from(':\n\n');
const complete = Buffer.from('event: complete\ndata:\n\n');
const afterPayload = Buffer.from('\n\n');

let latest: { readonly payloads: readonly Buffer[]; readonly bytes: Buffer } | undefined;

/**
 * The bytes of server-sent `next` events, one for each payload. An EventSource passes the last id
 * when it reconnects, so the id is the cursor, if there is one. The bytes are cached, because the
 * next subscriber usually receives the same payloads. JSON has no line breaks, so a payload is one
 * line.
 */
export function nextEvents(
  payloads: readonly Buffer[],
  cursorOf: (index: number) => string | undefined = () => undefined,
): Buffer {
  if (latest?.payloads !== payloads) {
    const parts = payloads.flatMap((payload, index) => {
      const cursor = cursorOf(index);
      const id = cursor === undefined ? '' : `id: ${cursor}\n`;
      return [Buffer.from(`event: next\n${id}data: `), payload, afterPayload];
    });
    latest = { payloads, bytes: Buffer.concat(parts) };
  }
  return latest.bytes;
}

/** A part of an event stream: the bytes of one or more events. */
export interface EventBytes {
  readonly bytes: Buffer;
}

/**
 * The response that streams these events, in the protocol of graphql-sse (distinct connections
 * mode). It begins with a comment, because some clients wait for the first byte.
 */
export function eventStreamResponse(
  events: AsyncIterable<EventBytes>,
  { ReadableStream, Response }: FetchAPI,
): Response {
  const iterator = events[Symbol.asyncIterator]();
  let pings: NodeJS.Timeout | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(ping);
      pings = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(ping);
      }, pingIntervalMs);
    },
    async pull(controller) {
      const next = await iterator.next();
      if (!next.done) return controller.enqueue(next.value.bytes);
      clearInterval(pings);
      controller.enqueue(complete);
      controller.close();
    },
    async cancel() {
      clearInterval(pings);
      await iterator.return?.();
    },
  });
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream',
      Connection: 'keep-alive',
      'Cache-Control': 'no-cache',
      'Content-Encoding': 'none',
    },
  });
}
