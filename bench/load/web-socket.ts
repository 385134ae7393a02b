import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** One end of a WebSocket that costs next to nothing, so that thousands fit into the process that measures: it hands on text frames where they lie. */
export interface LoadSocket {
  /** At most 65,535 bytes. */
  send(text: string): void;
  /** Cuts the connection, without a word. */
  cut(): void;
}

export interface SocketOptions {
  readonly url: string;
  readonly protocol?: string;
  /** An address of this machine to come from: one address has no more than some 28,000 ports for one server. */
  readonly from: string;
  opened(socket: LoadSocket): void;
  /** Told of each text frame: its text is bytes[start..end], and only now. */
  hear(bytes: Buffer, start: number, end: number): void;
  /** Told when the connection ends in any way but `cut`. */
  ended(why: string): void;
}

const text = 0x1;
const close = 0x8;
const ping = 0x9;
const pong = 0xa;

// All sockets read into the same place, for what is read is handled at once.
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

export function openSocket({ url, protocol, from, opened, hear, ended }: SocketOptions): void {
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
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}\r\n`,
  );

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

  /** Returns where the first incomplete frame begins. */
  function readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      const short = bytes[at + 1]!;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length - at < head) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      const end = at + head + length;
      if (bytes.length < end) break;
      readFrame(bytes[at]! & 0xf, bytes, at + head, end);
      at = end;
    }
    return at;
  }

  function readFrame(kind: number, bytes: Buffer, start: number, end: number): void {
    if (kind === text) hear(bytes, start, end);
    else if (kind === ping) socket.write(maskedFrame(pong, bytes.subarray(start, end)));
    else if (kind === close)
      why = `closed with ${bytes.readUInt16BE(start)} ${bytes.toString('utf8', start + 2, end)}`;
  }
}

/** Masked with zeros, which spares the masking here and costs the server the same. */
function maskedFrame(kind: number, payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? 6 : 8;
  const frame = Buffer.alloc(head + payload.length);
  frame[0] = 0x80 | kind;
  frame[1] = 0x80 | (payload.length < 126 ? payload.length : 126);
  if (head === 8) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, head);
  return frame;
}
