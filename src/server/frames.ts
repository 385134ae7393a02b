const longestTiny = 125;
const longestShort = 0xffff;
const finalText = 0x81;

const beforeId = '{"id":';
const afterId = ',"type":"next","payload":';
const afterPayload = '}';

/** The id of an operation as it stands in its frames. */
export const operationIdText = (operationId: string): string =>
  Buffer.from(JSON.stringify(operationId)).toString('latin1');

/**
 * WebSocket text frames (RFC 6455 §5.2; a server does not mask) with the graphql-transport-ws `next` messages of one operation, one for
 * each payload. They are text with one character for each byte, to be written as latin1: a string needs no memory outside the heap,
 * and the one that is the same for a thousand followers but for the id is joined from parts that are made once.
 */
export const nextFrames = (idText: string, payloads: readonly Buffer[]): string =>
  partsOf(payloads, idText.length).join(idText);

let latest: { payloads: readonly Buffer[]; byIdLength: Map<number, string[]> } | undefined;

/** What stands before, between and after the ids. It is kept for the next follower, who mostly is handed the same. */
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
  if (length <= longestTiny) return String.fromCharCode(finalText, length);
  if (length <= longestShort)
    return String.fromCharCode(finalText, 126, length >> 8, length & 0xff);
  const header = Buffer.alloc(10, 0);
  header[0] = finalText;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header.toString('latin1');
}
