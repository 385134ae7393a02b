import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Received } from './received.ts';
import type { TestNode } from './start-node.ts';

type Variables = Record<string, unknown>;

/** An error that the API returned. */
export class GraphQLRefused extends Error {
  readonly code: string | undefined;
  readonly extensions: Record<string, any>;

  constructor({ message, extensions = {} }: { message: string; extensions?: Record<string, any> }) {
    super(message);
    this.code = extensions.code;
    this.extensions = extensions;
  }
}

export const password = 'correct horse battery staple';

/** Sends one request over HTTP. Rejects with GraphQLRefused. */
export async function query(
  url: string,
  document: string,
  variables: Variables = {},
  token?: string,
): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: any;
    errors?: { message: string; extensions?: Record<string, any> }[];
  };
  if (errors?.[0]) throw new GraphQLRefused(errors[0]);
  return data;
}

/** A user with an account and a stock client. */
export class Person implements AsyncDisposable {
  readonly id: string;
  readonly username: string;
  readonly token: string;
  readonly refreshToken: string | null;
  readonly #clients: Client[] = [];
  #node: TestNode;
  #client: Client | undefined;

  constructor(
    node: TestNode,
    session: {
      accessToken: string;
      refreshToken: string | null;
      user: { id: string; username: string };
    },
  ) {
    this.#node = node;
    this.id = session.user.id;
    this.username = session.user.username;
    this.token = session.accessToken;
    this.refreshToken = session.refreshToken;
  }

  /** The same person on another node. */
  at(node: TestNode): Person {
    return new Person(node, {
      accessToken: this.token,
      refreshToken: this.refreshToken,
      user: this,
    });
  }

  /** Over HTTP. */
  query(document: string, variables: Variables = {}): Promise<any> {
    return query(this.#node.url, document, variables, this.token);
  }

  /** The socket that `follow` and `ask` share. */
  get socket(): Client {
    return (this.#client ??= this.connect());
  }

  /** Another socket. */
  connect(options: Partial<Parameters<typeof createClient>[0]> = {}): Client {
    const client = createClient({
      url: this.#node.wsUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** Over the socket. */
  async ask(document: string, variables: Variables = {}, client = this.socket): Promise<any> {
    try {
      for await (const { data, errors } of client.iterate<any>({ query: document, variables })) {
        if (errors?.[0]) throw new GraphQLRefused(errors[0] as never);
        return data;
      }
    } catch (error) {
      // An operation that is refused before it runs: an `error` message, which carries the errors
      // alone.
      throw Array.isArray(error) ? new GraphQLRefused(error[0]) : error;
    }
  }

  /** Subscribes. Each event is the value of the only field. */
  follow(document: string, variables: Variables = {}, client = this.socket): Received {
    const received = new Received();
    received.stopsBy(
      client.subscribe<any>(
        { query: document, variables },
        {
          next: ({ data, errors }) =>
            errors?.[0]
              ? received.end({
                  message: errors[0].message,
                  code: errors[0].extensions?.code as string,
                })
              : received.add(Object.values(data)[0]),
          error: (error) => received.end(endingOf(error)),
          complete: () => received.end(),
        },
      ),
    );
    return received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.dispose()));
  }
}

/** A refusal of the server, or the code of the close. */
function endingOf(error: unknown): { message: string; code: string | undefined } {
  if (Array.isArray(error)) return { message: error[0].message, code: error[0].extensions?.code };
  const { code, reason, message } = error as { code?: number; reason?: string; message?: string };
  return {
    message: reason ?? message ?? String(error),
    code: code === undefined ? undefined : String(code),
  };
}

/** Signs a user up. */
export async function person(
  node: TestNode,
  username: string,
  displayName = username,
): Promise<Person> {
  const { signUp } = await query(
    node.url,
    'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken refreshToken user { id username } } } }',
    {
      input: { username, password, displayName },
    },
  );
  return new Person(node, signUp.session);
}
