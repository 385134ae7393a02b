import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Refuses an upgrade and closes the socket, also if the client never closes its side. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  // The server allows half-open sockets, so `end` alone does not close it.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
