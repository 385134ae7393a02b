import type { GraphQLError } from 'graphql';
import { makeServer, type Context as ProtocolContext } from 'graphql-ws';
import { rateLimited } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import type { Documents } from '../graphql/documents.ts';
import { presentError } from '../graphql/errors.ts';
import type { Execution, Operation } from '../graphql/execution.ts';
import type { Node, Viewer } from '../scope.ts';
import type { CloseReason } from './close-codes.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { SocketSubscription } from './socket-subscription.ts';
import { tokenOfOperation, tokenOfSocket, type Carriers } from './token-carriers.ts';

export interface Extra {
  readonly connection: Connection;
  /** Held until it is known who connects. */
  carriers: Carriers | undefined;
}

type Socket = ProtocolContext<Record<string, unknown>, Extra>;

/** An operation that came over a socket. */
interface SocketOperation extends Operation {
  readonly connection: Connection;
}

/** The graphql-transport-ws protocol, spoken by its library; what is executed, and for whom, is said here. */
export function createProtocol({
  node,
  execution,
  documents,
  connections,
}: {
  node: Node;
  execution: Execution;
  documents: Documents;
  connections: Connections;
}) {
  const { limits } = node.config;

  async function connect(socket: Socket): Promise<boolean> {
    const { connection } = socket.extra;
    const token = tokenOfSocket(socket.extra.carriers!, socket.connectionParams);
    // Ten thousand sockets need not keep what they came with.
    socket.extra.carriers = undefined;
    Object.assign(socket, { connectionParams: undefined });
    if (token === undefined) return true;
    try {
      await connection.signIn(token);
    } catch (error) {
      connection.close(closeReasonOf(presentError(error, { ...node, requestId: connection.id })));
      return false;
    }
    if (connections.admit(connection)) return true;
    connection.close('tooManyConnections');
    return false;
  }

  /** What the library executes; it passes our operation through as it is. */
  async function prepare(
    { extra: { connection } }: Socket,
    operationId: string,
    payload: {
      query: string;
      operationName?: string | null;
      variables?: Record<string, unknown> | null;
      extensions?: unknown;
    },
  ) {
    const scope = {
      node,
      requestId: `${connection.id}/${operationId}`,
      address: connection.outbox.address,
      client: connection.client,
    };
    try {
      const { document, errors } = documents.prepare(payload.query, scope.address);
      if (errors.length > 0)
        return errors.map((error) => presentError(error, { ...node, ...scope }));
      const viewer = connection.viewer ?? (await operationViewer(connection, payload.extensions));
      if (viewer) connections.recognise(connection, viewer.id);
      const contextValue: Context = {
        scope: { ...scope, viewer },
        connection,
        memory: connection.outbox,
      };
      return {
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue,
        connection,
        operationId,
      };
    } catch (error) {
      return [presentError(error, { ...node, ...scope })];
    }
  }

  function execute(operation: SocketOperation) {
    const { running, outbox } = operation.connection;
    // Nothing more is made for a client that has not read what waits.
    const run = async () => {
      if (outbox.isOverfull) await outbox.whenReady();
      return execution.run(operation);
    };
    return (
      running.run(run) ?? {
        errors: [
          present(tooManyOperations('Too many operations wait on this connection.'), operation),
        ],
      }
    );
  }

  async function subscribe(operation: SocketOperation & { operationId: string }) {
    const { outbox, subscriptions } = operation.connection;
    const isFull = subscriptions.size >= limits.operationsPerConnection;
    const subscription = new SocketSubscription(subscriptions);
    try {
      if (isFull)
        throw tooManyOperations(
          `A connection holds at most ${limits.operationsPerConnection} subscriptions. End one, or open another connection.`,
        );
      subscription.follows(
        await execution.follow(operation, outbox.sink(operation.operationId, subscription)),
      );
    } catch (error) {
      subscription.end(error);
    }
    return subscription;
  }

  const present = (error: unknown, { contextValue }: Operation) =>
    presentError(error, { ...node, requestId: contextValue.scope.requestId });

  return makeServer<Record<string, unknown>, Extra>({
    // Both the arrival of connection_init and what it sets off have one deadline, which the socket keeps.
    connectionInitWaitTimeout: 0,
    onConnect: connect,
    onSubscribe: prepare as never,
    execute: execute as never,
    subscribe: subscribe as never,
    onError: ({ extra: { connection } }, operationId, _payload, errors) =>
      errors.map((error) =>
        (error.extensions.code
          ? error
          : presentError(error, { ...node, requestId: `${connection.id}/${operationId}` })
        ).toJSON(),
      ) as never,
  });
}

const tooManyOperations = (message: string) => rateLimited(message, 1000);

async function operationViewer(
  connection: Connection,
  extensions: unknown,
): Promise<Viewer | null> {
  const token = tokenOfOperation(extensions);
  return token === undefined ? null : connection.viewerOf(token);
}

function closeReasonOf({ extensions }: GraphQLError): CloseReason {
  if (extensions.code === 'UNAVAILABLE') return 'unavailable';
  if (extensions.code === 'INTERNAL') return 'internal';
  return extensions.reason === 'TOKEN_EXPIRED' ? 'tokenExpired' : 'unauthorized';
}
