import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/**
 * A minimal WebSocket client, so that one process can have thousands. It passes text frames on
 * without copying them.
 */
export interface LoadSocket {
  /** At most 65,535 bytes. */
  send(text: string): void;
  /** Cuts the connection without a closing handshake. */
  cut(): void;
}

export interface SocketOptions {
  readonly url: string;
  readonly protocol?: string;
  /** The local address. One address has only about 28,000 ports for connections to one server. */
  readonly from: string;
  opened(socket: LoadSocket): void;
  /**
   * Called with each text frame. Its text is bytes[start..end]; the buffer is reused after the
   * call.
   */
  receive(bytes: Buffer, start: number, end: number): void;
  /** Called when the connection ends, except by `cut`. */
  ended(why: string): void;
}

const text = 0x1;
const close = 0x8;
const ping = 0x9;
const pong = 0xa;

// All sockets share one buffer, because each chunk is processed at once.
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

export function openSocket({ url, protocol, from, opened, receive, ended }: SocketOptions): void {
  const { hostname, port, pathname, search } = new URL(url);
  let isOpen = false;
  let isCut = false;
  let rest: Buffer | undefined;

  const socket = connect({
    host: hostname,
    port: Number(port),
    localAddress: from,
    noDelay: true,
    onread: { buffer: readBuffer, callback: read },
  });
  const self: LoadSocket = {
    send: (message) => void socket.write(maskedFrame(text, Buffer.from(message))),
    cut() {
      isCut = true;
      socket.destroy();
    },
  };
  let why = 'the connection ended';
  socket.on('error', (error) => (why = error.message));
  socket.on('close', () => {
    if (!isCut) ended(why);
  });
  const lines = [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);

  function read(length: number, buffer: Uint8Array): boolean {
    let bytes = buffer.subarray(0, length) as Buffer;
    if (rest) bytes = Buffer.concat([rest, bytes]);
    rest = undefined;
    const left = isOpen ? readFrames(bytes, 0) : readAnswer(bytes);
    if (left < bytes.length) rest = Buffer.from(bytes.subarray(left));
    return true;
  }

  function readAnswer(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    if (!bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
      why = bytes.toString('latin1', 0, end);
      socket.destroy();
      return bytes.length;
    }
    isOpen = true;
    opened(self);
    return readFrames(bytes, end + 4);
  }

  /** Returns the index of the first incomplete frame. */
  function readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      const head = headLength(bytes[at + 1]!);
      if (bytes.length - at < head) break;
      const end = at + head + payloadLength(bytes, at);
      if (bytes.length < end) break;
      readFrame(bytes[at]! & 0xf, bytes, at + head, end);
      at = end;
    }
    return at;
  }

  function readFrame(kind: number, bytes: Buffer, start: number, end: number): void {
    if (kind === text) receive(bytes, start, end);
    else if (kind === ping) socket.write(maskedFrame(pong, bytes.subarray(start, end)));
    else if (kind === close)
      why = `closed with ${bytes.readUInt16BE(start)} ${bytes.toString('utf8', start + 2, end)}`;
  }
}

/**
 * The length of a frame's head: its second byte is the payload length, or 126 or 127 if the length
 * follows in 2 or 8 bytes.
 */
function headLength(short: number): number {
  if (short < 126) return 2;
  return short === 126 ? 4 : 10;
}

function payloadLength(bytes: Buffer, frame: number): number {
  const short = bytes[frame + 1]!;
  if (short < 126) return short;
  return short === 126 ? bytes.readUInt16BE(frame + 2) : Number(bytes.readBigUInt64BE(frame + 2));
}

/** Masked with zeros: no work here, and the same work for the server. */
function maskedFrame(kind: number, payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? 6 : 8;
  const frame = Buffer.alloc(head + payload.length);
  frame[0] = 0x80 | kind;
  frame[1] = 0x80 | (payload.length < 126 ? payload.length : 126);
  if (head === 8) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, head);
  return frame;
}
