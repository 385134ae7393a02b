import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an upgrade with a refusal and closes the socket; its file descriptor is freed even if the client never closes. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  // A server's sockets may stay half open: ending one does not close it.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
