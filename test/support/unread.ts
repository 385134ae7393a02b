import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A text frame of a client, masked with zeros. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(payload.length < 126 ? 6 : payload.length < 65_536 ? 8 : 14);
  header[0] = 0x81;
  if (payload.length < 126) header[1] = 0x80 | payload.length;
  else if (payload.length < 65_536) {
    header[1] = 0x80 | 126;
    header.writeUInt16BE(payload.length, 2);
  } else {
    header[1] = 0x80 | 127;
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([header, payload]);
}

/** A connection that reads only on request, so that the server's bytes stay unsent. */
export async function openUnread(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** The same with graphql-transport-ws. It reads until it is acknowledged. */
export async function openUnreadWebSocket(
  url: string,
  token?: string,
  headers: readonly string[] = [],
): Promise<Socket> {
  const socket = await openUnread(url);
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      `Host: ${new URL(url).host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      ...headers,
      '\r\n',
    ].join('\r\n'),
  );
  const payload = token && { authorization: `Bearer ${token}` };
  socket.write(textFrame(JSON.stringify({ type: 'connection_init', payload })));
  for (let read = ''; !read.includes('connection_ack');) {
    await once(socket, 'readable');
    read += String(socket.read() ?? '');
  }
  return socket;
}

/** A request that accepts JSON. */
export function httpRequest(
  url: string,
  query: string,
  token?: string,
  accept = 'application/json',
): Buffer {
  const body = JSON.stringify({ query });
  return Buffer.from(
    [
      'POST /graphql HTTP/1.1',
      `Host: ${new URL(url).host}`,
      'Content-Type: application/json',
      `Accept: ${accept}`,
      ...(token ? [`Authorization: Bearer ${token}`] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      `\r\n${body}`,
    ].join('\r\n'),
  );
}

/**
 * Writes this number of copies as fast as the server accepts them. Stops if it has accepted nothing
 * for a while. Returns the number of accepted copies.
 */
export async function flood(
  socket: Socket,
  chunk: Buffer,
  count: number,
  patienceMs = 700,
): Promise<number> {
  for (let written = 0; written < count; written++) {
    if (socket.destroyed) return written;
    if (socket.write(chunk)) continue;
    const isDrained = await once(socket, 'drain', { signal: AbortSignal.timeout(patienceMs) }).then(
      () => true,
      () => false,
    );
    if (!isDrained) return written;
  }
  return count;
}

/** The value of a line of /metrics. 0 if there is no such line. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length));
}

const heldMetric = 'causerie_budget_held{budget="unsent_bytes"}';

/** The unsent bytes of a node. */
export const unsentBytes = (url: string): Promise<number> => metric(url, heldMetric);

/** The largest number of unsent bytes during the work. */
export async function mostUnsent(url: string, work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      most = Math.max(most, await unsentBytes(url));
      await delay(20);
    }
  })();
  await work().finally(() => (isDone = true));
  await watching;
  return Math.max(most, await unsentBytes(url));
}
