import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { type: string; timestamp: string; cursor: string; data: any };
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** `hang-up` closes the connection without an answer. */
type ReceiverDecision = number | ReceiverAnswer | 'hang-up';

/** A server of the application that receives webhooks. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** The accepted requests. */
  readonly accepted: ReceivedRequest[];
  /** The number of all requests. */
  readonly count: number;
  /** Decides about the next requests. */
  answerWith(
    answer: (request: ReceivedRequest) => ReceiverDecision | Promise<ReceiverDecision>,
  ): void;
  /** Refuses connections until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const accepted: ReceivedRequest[] = [];
  let count = 0;
  let decide: Parameters<Receiver['answerWith']>[0] = () => 204;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { headers } = request;
    const received = { id: String(headers['webhook-id']), headers, text, body: JSON.parse(text) };
    count++;
    const decision = await decide(received);
    if (decision === 'hang-up') return void request.socket.destroy();
    const answer = typeof decision === 'number' ? { status: decision } : decision;
    if (answer.status >= 200 && answer.status < 300) accepted.push(received);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    accepted,
    get count() {
      return count;
    },
    answerWith(answer) {
      decide = answer;
    },
    close,
    async open() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await close();
    },
  };
}
