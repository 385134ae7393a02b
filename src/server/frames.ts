/** The longest payloads whose length fits the first byte, and the next two (RFC 6455 §5.2). */
const length7Max = 125;
const length16Max = 0xffff;
/** The first byte of a text message in one frame. */
const finalText = 0x81;

const beforeId = '{"id":';
const afterId = ',"type":"next","payload":';
const afterPayload = '}';

/** The id of an operation as it is written in its frames. */
export const operationIdText = (operationId: string): string =>
  Buffer.from(JSON.stringify(operationId)).toString('latin1');

/**
 * WebSocket text frames (RFC 6455 §5.2; a server does not mask) with the graphql-transport-ws
 * `next` messages of one operation, one for each payload. The result has one character for each
 * byte and must be written as latin1: a string needs no memory outside the heap. The frames of all
 * subscribers differ only in the id, so their other parts are made once.
 */
export const nextFrames = (idText: string, payloads: readonly Buffer[]): string =>
  partsOf(payloads, idText.length).join(idText);

let latest: { payloads: readonly Buffer[]; byIdLength: Map<number, string[]> } | undefined;

/**
 * The parts before, between and after the ids. They are cached, because the next subscriber usually
 * receives the same payloads.
 */
function partsOf(payloads: readonly Buffer[], idLength: number): string[] {
  if (latest?.payloads !== payloads) latest = { payloads, byIdLength: new Map() };
  let parts = latest.byIdLength.get(idLength);
  if (!parts) latest.byIdLength.set(idLength, (parts = makeParts(payloads, idLength)));
  return parts;
}

function makeParts(payloads: readonly Buffer[], idLength: number): string[] {
  const parts: string[] = [];
  let end = '';
  for (const payload of payloads) {
    const length =
      beforeId.length + idLength + afterId.length + payload.length + afterPayload.length;
    parts.push(end + headerOf(length) + beforeId);
    end = afterId + payload.toString('latin1') + afterPayload;
  }
  return [...parts, end];
}

function headerOf(length: number): string {
  if (length <= length7Max) return String.fromCharCode(finalText, length);
  if (length <= length16Max) return String.fromCharCode(finalText, 126, length >> 8, length & 0xff);
  const header = Buffer.alloc(10, 0);
  header[0] = finalText;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header.toString('latin1');
}
