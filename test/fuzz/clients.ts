import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/**
 * Sends bytes on a new connection. Returns the response when the server has closed it or was silent
 * for `quietMs`.
 */
export function exchangeBytes(url: string, bytes: string, quietMs: number): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket
      .setEncoding('latin1')
      .on('data', (chunk: string) => (text += chunk))
      .on('error', finish)
      .on('end', finish)
      .setTimeout(quietMs, finish);
    socket.write(bytes, 'latin1');
  });
}

export interface SocketTalk {
  readonly messages: readonly string[];
  /** Undefined while the server kept it open. */
  readonly code: number | undefined;
}

/**
 * Sends texts to a socket, the rest of them once the first was answered, and hangs up when
 * `quietMs` have passed without an answer.
 */
export async function talk(
  wsUrl: string,
  [first, ...others]: readonly (string | Buffer)[],
  quietMs = 150,
): Promise<SocketTalk> {
  const webSocket = new WebSocket(wsUrl, 'graphql-transport-ws').on('error', () => {});
  const messages: string[] = [];
  let code: number | undefined;
  let lastReceivedAt = Date.now();
  webSocket
    .on('open', () => webSocket.send(first!))
    .once('message', () => {
      for (const other of others)
        if (webSocket.readyState === webSocket.OPEN) webSocket.send(other);
    })
    .on('message', (data) => {
      lastReceivedAt = Date.now();
      messages.push(String(data));
    })
    .on('close', (closeCode) => (code = closeCode));
  while (code === undefined && Date.now() - lastReceivedAt < quietMs) await sleep(10);
  webSocket.terminate();
  return { messages, code };
}
