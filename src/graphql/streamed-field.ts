import { tooComplex } from '../errors.ts';
import type { Context } from './context.ts';
import { StreamedJson } from './streamed-json.ts';

/**
 * The value of a field whose JSON is produced in pieces. Over a transport that cannot stream, it is
 * collected, and refused with TOO_COMPLEX if it is larger than an answer may be.
 */
export async function streamedJson(
  { streamed, size, scope }: Context,
  pieces: AsyncIterable<string>,
): Promise<Record<string, unknown>> {
  if (streamed) {
    const object = new StreamedJson(pieces);
    streamed.push(object);
    return object as object as Record<string, unknown>;
  }
  const { answerMaxBytes } = scope.node.config.limits;
  let text = '';
  for await (const piece of pieces) {
    if (text.length + piece.length > answerMaxBytes)
      throw tooComplex(
        `This is larger than ${answerMaxBytes} bytes. Send the operation as an HTTP request for JSON, which has no such limit.`,
      );
    size?.add(Buffer.byteLength(piece));
    text += piece;
  }
  return JSON.parse(text) as Record<string, unknown>;
}
