import { WebSocket } from 'ws';

export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  /** The code of the first error. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[];
}

/**
 * Sends one GraphQL request over HTTP with exactly these headers. Does not throw for an error of
 * GraphQL.
 */
export async function ask<Data = Record<string, any>>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return answerOf<Data>(response.status, await response.json());
}

function answerOf<Data>(status: number, { data, errors = [] }: any): Answer<Data> {
  return { status, data, errors, code: errors[0]?.extensions?.code, message: errors[0]?.message };
}

export interface BareSocket extends AsyncDisposable {
  /** Rejects if the server answers with anything but `connection_ack`. */
  readonly acknowledged: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly isOpen: boolean;
  /** One operation with one result. */
  ask<Data = Record<string, any>>(
    query: string,
    variables?: Record<string, unknown>,
    extensions?: Record<string, unknown>,
  ): Promise<Answer<Data>>;
}

export interface BareSocketOptions {
  /** The payload of connection_init. */
  readonly params?: unknown;
  readonly headers?: Record<string, string>;
  readonly protocols?: readonly string[];
  readonly search?: string;
}

/**
 * A socket that speaks graphql-transport-ws by hand. Rejects with the status when the upgrade is
 * refused.
 */
export async function openSocket(
  wsUrl: string,
  { params, headers, protocols = ['graphql-transport-ws'], search = '' }: BareSocketOptions = {},
): Promise<BareSocket> {
  const socket = new WebSocket(wsUrl + search, [...protocols], { headers });
  const waiting = new Map<string, (answer: Answer<any>) => void>();
  let operations = 0;
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).type === 'connection_ack') resolve();
    });
    void closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
  });
  acknowledged.catch(() => {});
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'next') waiting.get(message.id)?.(answerOf(200, message.payload));
    if (message.type === 'error')
      waiting.get(message.id)?.(answerOf(200, { data: null, errors: message.payload }));
  });
  await new Promise<void>((opened, refused) => {
    socket.once('open', opened).once('error', refused);
    socket.once('unexpected-response', (_request, { statusCode }) =>
      refused(new Error(`refused with ${statusCode}`)),
    );
  });
  socket.on('error', () => {});
  socket.send(
    JSON.stringify({ type: 'connection_init', ...(params !== undefined && { payload: params }) }),
  );
  return {
    acknowledged,
    closed,
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    ask: (query, variables = {}, extensions) => {
      const id = String(++operations);
      return new Promise((answered) => {
        waiting.set(id, answered);
        socket.send(
          JSON.stringify({
            id,
            type: 'subscribe',
            payload: { query, variables, ...(extensions && { extensions }) },
          }),
        );
      });
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
