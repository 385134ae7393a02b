import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** The bytes that the server sent, as latin1. */
  readonly text: string;
  /** The status of the first response. Undefined without a response. */
  readonly status: number | undefined;
  /** Whether the server closed its side. */
  readonly ended: boolean;
  /** The socket of the client, which is still open. */
  readonly socket: Socket;
}

const patienceMs = 3000;

/**
 * Sends arbitrary bytes. Resolves when the server has closed its side, when `isWhole` is true for
 * its bytes, or after 3 s. The client side stays open, as that of an attacker does.
 */
export function exchange(
  url: string,
  bytes: string | Buffer,
  isWhole: (text: string) => boolean = () => false,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    let text = '';
    const finish = (ended: boolean) => {
      clearTimeout(patience);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ text, status: status === undefined ? undefined : Number(status), ended, socket });
    };
    const patience = setTimeout(() => finish(false), patienceMs);
    socket
      .setEncoding('latin1')
      .on('data', (chunk: string) => {
        text += chunk;
        if (isWhole(text)) finish(false);
      })
      .on('end', () => finish(true))
      .on('error', () => finish(true));
    socket.write(bytes);
  });
}

/**
 * Whether the server has destroyed the socket and not only ended its side: bytes that the client
 * writes then are answered with a reset.
 */
export async function isReleased({ socket }: RawAnswer): Promise<boolean> {
  let isReset = socket.destroyed;
  socket.on('error', () => (isReset = true));
  const deadline = Date.now() + patienceMs;
  while (!isReset && Date.now() < deadline) {
    socket.write('x');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  socket.destroy();
  return isReset;
}
