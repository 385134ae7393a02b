const longestTiny = 125;
const longestShort = 0xffff;
const finalText = 0x81;

/**
 * WebSocket text frames, one for each payload, in one buffer (RFC 6455 §5.2; a server does not mask): `head`, the payload, and the brace that
 * closes the message.
 */
export function nextFrames(head: Buffer, payloads: readonly Buffer[]): Buffer {
  let total = 0;
  for (const payload of payloads) total += headerLength(head.length + payload.length + 1) + head.length + payload.length + 1;
  const frames = Buffer.allocUnsafe(total);
  let at = 0;
  for (const payload of payloads) {
    at = writeHeader(frames, at, head.length + payload.length + 1);
    at += head.copy(frames, at);
    at += payload.copy(frames, at);
    frames[at++] = 0x7d;
  }
  return frames;
}

/** A graphql-transport-ws `next` message of this operation, up to its payload. */
export const nextHead = (operationId: string): Buffer => Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);

const headerLength = (length: number): number => (length <= longestTiny ? 2 : length <= longestShort ? 4 : 10);

function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = finalText;
  if (length <= longestTiny) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length <= longestShort) {
    frames[at + 1] = 126;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = 127;
  return frames.writeBigUInt64BE(BigInt(length), at + 2);
}
