import { dialects, init, subscribe, type Peer } from './dialect.ts';
import { openSocket, type LoadSocket } from './web-socket.ts';

/** A client that sends messages over one socket. */
export interface Sender {
  /**
   * Resolves when the server has answered. Rejects if it refuses. A raw server does not answer; it
   * sends its prepared string.
   */
  send(roomId: string, body: string): Promise<void>;
}

const mutation =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

interface PendingSend {
  resolve(): void;
  reject(error: Error): void;
}

export function openSender({
  peer,
  url,
  token,
}: {
  peer: Peer;
  url: string;
  token: string | undefined;
}): Promise<Sender> {
  const { protocol, preludes } = dialects[peer];
  const pending = new Map<string, PendingSend>();
  let sent = 0;

  function receive(text: string): void {
    const { id, type, payload } = JSON.parse(text);
    const one = pending.get(id);
    if (!one || type === 'complete') return;
    pending.delete(id);
    if (type === 'next' && !payload.errors) one.resolve();
    else one.reject(new Error(`A send was refused: ${text}`));
  }

  return new Promise((resolve, reject) => {
    let socket: LoadSocket;
    const sender: Sender = {
      async send(roomId, body) {
        if (preludes === 0) return socket.send(body);
        const id = String(++sent);
        socket.send(
          subscribe(id, {
            query: mutation,
            variables: { input: { conversationId: roomId, body } },
          }),
        );
        return new Promise<void>((resolve, reject) => void pending.set(id, { resolve, reject }));
      },
    };
    openSocket({
      url,
      protocol,
      from: '127.0.0.1',
      opened(opened) {
        socket = opened;
        if (preludes === 0) resolve(sender);
        else socket.send(init(token));
      },
      receive(bytes, start, end) {
        const text = bytes.toString('utf8', start, end);
        if (text.startsWith('{"type":"connection_ack"')) resolve(sender);
        else receive(text);
      },
      ended(why) {
        const error = new Error(`A sender was disconnected: ${why}`);
        reject(error);
        for (const one of pending.values()) one.reject(error);
      },
    });
  });
}
