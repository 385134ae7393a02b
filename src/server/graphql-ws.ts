import type { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { makeServer, type Context as ProtocolContext, type SubscribePayload } from 'graphql-ws';
import { rateLimited } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import type { DocumentRequest } from '../graphql/document-request.ts';
import type { Documents } from '../graphql/documents.ts';
import { presentError } from '../graphql/errors.ts';
import type { Execution } from '../graphql/execution.ts';
import type { Limits } from '../limits.ts';
import type { Node, Viewer } from '../scope.ts';
import type { CloseReason } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { tooManyConnections, type Connections } from './connections.ts';
import { SocketSubscription } from './socket-subscription.ts';
import { tokenOfOperation, tokenOfSocket, type Carriers } from './token-carriers.ts';

interface Extra {
  readonly connection: Connection;
  /** The request of the upgrade, until the socket is authenticated. */
  carriers: Carriers | undefined;
}

type Socket = ProtocolContext<Record<string, unknown>, Extra>;

/**
 * What `prepare` returns. The protocol library passes the same object to `execute` or `subscribe`.
 */
interface SocketOperation extends ExecutionArgs {
  readonly contextValue: Context;
  readonly variableValues: Record<string, unknown> | null;
  readonly operationName: string | null;
  readonly connection: Connection;
  readonly operationId: string;
}

interface Parts {
  readonly node: Node;
  readonly schema: GraphQLSchema;
  readonly execution: Execution;
  readonly documents: Documents;
  readonly connections: Connections;
}

/**
 * The graphql-transport-ws protocol. The library handles its messages; the functions here
 * authenticate, parse and execute.
 */
export function createProtocol({ node, schema, execution, documents, connections }: Parts) {
  const { limits } = node.config;

  async function connect(socket: Socket): Promise<boolean> {
    const { connection, carriers } = socket.extra;
    const token = tokenOfSocket(carriers!, socket.connectionParams);
    // Saves the memory of the headers and parameters on every open socket.
    socket.extra.carriers = undefined;
    Object.assign(socket, { connectionParams: undefined });
    try {
      if (token !== undefined) await connection.signIn(token);
    } catch (error) {
      connection.close(closeReasonOf(presentError(error, { ...node, requestId: connection.id })));
      return false;
    }
    if (connections.admit(connection)) return true;
    connection.close('tooManyConnections');
    return false;
  }

  async function prepare(
    { extra: { connection } }: Socket,
    operationId: string,
    payload: SubscribePayload,
  ): Promise<SocketOperation | GraphQLError[]> {
    const scope = {
      node,
      requestId: requestIdOf(connection, operationId),
      address: connection.address,
      client: connection.client,
    };
    try {
      const text = documents.textOf(payload as DocumentRequest) ?? '';
      const { document, errors } = documents.prepare(text, scope.address);
      if (!document || errors.length > 0)
        return errors.map((error) => presentError(error, { ...node, ...scope }));
      const { operationName = null, variables = null, extensions } = payload;
      // The library keeps the message as long as the operation runs [P13].
      Object.assign(payload, {
        query: '',
        documentId: undefined,
        variables: undefined,
        extensions: undefined,
      });
      const { service } = connection;
      const viewer = service
        ? null
        : (connection.viewer ?? (await operationViewer(connection, extensions)));
      return {
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: {
          scope: { ...scope, viewer, ...(service && { service }) },
          connection,
          memory: connection.outbox,
        },
        connection,
        operationId,
      };
    } catch (error) {
      return [presentError(error, { ...node, ...scope })];
    }
  }

  /** The user of an operation that carries its own token. Throws a refusal. */
  async function operationViewer(
    connection: Connection,
    extensions: unknown,
  ): Promise<Viewer | null> {
    const token = tokenOfOperation(extensions);
    if (token === undefined) return null;
    const viewer = await connection.viewerOf(token);
    if (!connections.admitUser(connection, viewer)) throw tooManyConnections({ viewer }, limits);
    return viewer;
  }

  async function execute(operation: SocketOperation): Promise<ExecutionResult> {
    const { connection, contextValue } = operation;
    if (connection.unfinished >= limits.operationsPerConnection) {
      const { requestId } = contextValue.scope;
      return { errors: [presentError(tooManyUnfinished(limits), { ...node, requestId })] };
    }
    connection.unfinished++;
    try {
      // A client that has not read its earlier answers waits for further ones, and occupies no turn
      // of its user.
      if (connection.outbox.isOverfull) await connection.outbox.whenReady();
      return await execution.run(operation);
    } finally {
      connection.unfinished--;
    }
  }

  async function subscribe(operation: SocketOperation): Promise<SocketSubscription> {
    const { outbox, subscriptions, isOpen } = operation.connection;
    const isFull = subscriptions.size >= limits.operationsPerConnection;
    const subscription = new SocketSubscription(subscriptions);
    // The connection may have been closed while the operation was prepared. The library ends the
    // subscription with the socket.
    if (!isOpen) {
      subscription.stop();
      return subscription;
    }
    try {
      if (isFull)
        throw tooManyOperations(
          `A connection can have at most ${limits.operationsPerConnection} subscriptions. End one, or open another connection.`,
        );
      const sink = outbox.sink(operation.operationId, subscription);
      const following = execution.follow(operation, sink);
      // The library keeps the operation, too.
      Object.assign(operation, { variableValues: null });
      subscription.follows(await following);
    } catch (error) {
      subscription.end(error);
    }
    return subscription;
  }

  function formatErrors(
    { extra: { connection } }: Socket,
    operationId: string,
    errors: readonly GraphQLError[],
  ) {
    const requestId = requestIdOf(connection, operationId);
    return errors.map((error) => {
      const isPresented = error.extensions.code !== undefined;
      return (isPresented ? error : presentError(error, { ...node, requestId })).toJSON();
    });
  }

  return makeServer<Record<string, unknown>, Extra>({
    // The socket has one deadline for both `connection_init` and the authentication after it.
    connectionInitWaitTimeout: 0,
    onConnect: connect,
    onSubscribe: prepare,
    execute: (operation) => execute(operation as SocketOperation),
    subscribe: (operation) => subscribe(operation as SocketOperation),
    onError: (socket, operationId, _payload, errors) => formatErrors(socket, operationId, errors),
  });
}

const requestIdOf = (connection: Connection, operationId: string) =>
  `${connection.id}/${operationId}`;

const tooManyOperations = (message: string) => rateLimited(message, 1000);

const tooManyUnfinished = ({ operationsPerConnection }: Limits) =>
  tooManyOperations(
    `A connection can have at most ${operationsPerConnection} unfinished queries and mutations. Wait for an answer, then send this one again.`,
  );

function closeReasonOf({ extensions }: GraphQLError): CloseReason {
  if (extensions.code === 'UNAVAILABLE') return 'unavailable';
  if (extensions.code === 'INTERNAL') return 'internal';
  if (extensions.reason === 'TOKEN_EXPIRED') return 'tokenExpired';
  return extensions.reason === 'TOKEN_NOT_YET_VALID' ? 'tokenNotYetValid' : 'unauthorized';
}
