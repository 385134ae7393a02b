import type { IncomingMessage } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';
import { piecesOf, type StreamedJson } from '../graphql/streamed-json.ts';

const graphqlType = 'application/graphql-response+json';
const jsonType = 'application/json';

export interface StreamedContext {
  readonly req: IncomingMessage;
  /** See Context. Undefined if the client does not accept JSON. */
  readonly streamed: StreamedJson[] | undefined;
}

/**
 * The media type of a streamed answer to this request. Undefined if the client does not accept
 * JSON.
 */
export function streamedTypeOf({ headers }: IncomingMessage): string | undefined {
  const accept = headers.accept ?? '*/*';
  if (accept.includes(graphqlType)) return graphqlType;
  return /application\/(json|\*)|\*\/\*/.test(accept) ? jsonType : undefined;
}

/**
 * The response with a result that contains streamed objects. The next piece is produced when the
 * client has read the ones before it.
 */
export function streamedResponse(
  result: unknown,
  mediaType: string,
  { ReadableStream, Response }: FetchAPI,
): Response {
  const pieces = piecesOf(result);
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(stream, { headers: { 'Content-Type': `${mediaType}; charset=utf-8` } });
}
