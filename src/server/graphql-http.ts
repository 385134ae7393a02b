import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga';
import type { Authenticator, Identified } from '../chat/people/authenticator.ts';
import type { Context } from '../graphql/context.ts';
import type { Documents } from '../graphql/documents.ts';
import { presentError } from '../graphql/errors.ts';
import type { Execution, Operation } from '../graphql/execution.ts';
import type { Node } from '../scope.ts';
import { createClientAddress, describeClient } from './client-address.ts';
import { tooManyConnections, type Connections } from './connections.ts';
import { asksForGraphiQL, sendGraphiQL } from './graphiql.ts';
import type { EventBytes } from './event-stream.ts';
import { requestIdHeader } from './http.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Outbox } from './outbox.ts';
import type { Outboxes } from './outboxes.ts';
import { parseParameters } from './request-parameters.ts';
import { createResponseSink } from './response-sink.ts';
import { holdResponse } from './response-connection.ts';
import { explainNotAcceptable, streamEncodedEvents, streamLargeObjects } from './result-plugins.ts';
import { sendResponse } from './send-response.ts';
import { streamedTypeOf, type StreamedContext } from './streamed-response.ts';
import { tokenOfRequest } from './token-carriers.ts';

interface ServerContext extends StreamedContext {
  readonly res: ServerResponse;
}

interface HttpContext extends Context {
  readonly memory: Outbox;
  /** The user or the backend of the token; undefined without a token. */
  readonly identified: Identified | undefined;
}

interface Parts {
  readonly node: Node;
  /** See createOriginRefusals. */
  readonly explainOrigin: (origin: string) => string;
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly execution: Execution;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly outboxes: Outboxes;
}

/**
 * /graphql over HTTP: queries, mutations, subscriptions as server-sent events, and GraphiQL.
 * Parsing and execution are the same as for sockets.
 */
export function createGraphQLHandler({
  node,
  explainOrigin,
  schema,
  documents,
  execution,
  authenticator,
  connections,
  outboxes,
}: Parts) {
  const { limits, ALLOWED_ORIGINS } = node.config;
  const clientAddress = createClientAddress(node.config.TRUSTED_PROXIES);

  const tokenOf = ({ headers, url = '/' }: IncomingMessage): string | undefined =>
    tokenOfRequest({ headers, url, allowedOrigins: ALLOWED_ORIGINS });

  async function createContext({
    req,
    res,
  }: YogaInitialContext & ServerContext): Promise<HttpContext> {
    const requestId = requestIdOf(res);
    const memory = outboxes.of(req.socket);
    memory.address = clientAddress(req);
    const token = tokenOf(req);
    try {
      const identified = token === undefined ? undefined : await authenticator.identify(token);
      const scope = { node, requestId, address: memory.address, client: describeClient(req) };
      if (identified && 'service' in identified) {
        const { service } = identified;
        return { scope: { ...scope, viewer: null, service }, memory, identified };
      }
      const viewer = identified?.viewer ?? null;
      return { scope: { ...scope, viewer }, memory, identified };
    } catch (error) {
      throw presentError(error, { ...node, requestId });
    }
  }

  /**
   * Releases everything that a streamed response holds as soon as the response closes, at any
   * moment.
   */
  async function subscribe(args: ExecutionArgs) {
    const { scope, identified, memory, req, res } = args.contextValue as HttpContext &
      ServerContext;
    let stop: (() => void) | undefined;
    let isClosed = false;
    const { address, requestId } = scope;
    const present = (error: unknown) => presentError(error, { ...node, requestId });
    const { sink, events } = createResponseSink({
      outbox: memory,
      cursors: node.cursors,
      bufferBytes: limits.connectionBufferBytes,
      present,
      stop() {
        isClosed = true;
        stop?.();
        held.release();
      },
    });
    const held = holdResponse({ address, identified, sink, connections });
    const close = () => void events.return?.();
    res.once('close', close);
    if (res.destroyed) close();
    try {
      if (!connections.admit(held)) throw tooManyConnections(held, limits);
      stop = await execution.follow(args as Operation, sink, lastEventId(req));
      if (isClosed) stop();
      return events as AsyncIterableIterator<ExecutionResult & EventBytes>;
    } catch (error) {
      held.release();
      return { errors: [present(error)] };
    }
  }

  const yogaFor = (maxRequestBodySize: number) =>
    createYoga<ServerContext, HttpContext>({
      schema,
      context: createContext,
      graphqlEndpoint: '/graphql',
      landingPage: false,
      multipart: false,
      logging: false,
      parserAndValidationCache: false,
      maxRequestBodySize,
      graphiql: false,
      cors: (request) => {
        const origin = request.headers.get('origin');
        const isAllowed =
          origin !== null &&
          isAllowedOrigin(origin, request.headers.get('host') ?? undefined, ALLOWED_ORIGINS);
        return isAllowed
          ? {
              origin,
              credentials: !ALLOWED_ORIGINS.includes('*'),
              exposedHeaders: [requestIdHeader],
            }
          : false;
      },
      maskedErrors: {
        maskError: (error) => presentError(error, { ...node, requestId: randomUUID() }),
      },
      plugins: [
        sharedPipeline(documents, execution, subscribe, clientAddress, (error, { res }) =>
          presentError(error, { ...node, requestId: requestIdOf(res) }),
        ),
        streamEncodedEvents,
        streamLargeObjects,
        explainNotAcceptable,
      ],
    });
  const yoga = yogaFor(limits.frameMaxBytes);
  const yogaForServices = yogaFor(limits.serviceBodyMaxBytes);

  /** Only backends may send large bodies; the token is checked before the body is read [P13]. */
  async function isLargeOfService(req: IncomingMessage): Promise<boolean> {
    if (!(Number(req.headers['content-length']) > limits.frameMaxBytes)) return false;
    try {
      const token = tokenOf(req);
      return token !== undefined && 'service' in (await authenticator.identify(token));
    } catch {
      return false;
    }
  }

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (asksForGraphiQL(req)) {
      if (!documents.areTrustedOnly) return sendGraphiQL(req, res);
      res.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
      return void res.end(noGraphiQL);
    }
    const { origin, host } = req.headers;
    if (req.method === 'OPTIONS' && !isAllowedOrigin(origin, host, ALLOWED_ORIGINS)) {
      res.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
      return void res.end(explainOrigin(origin!));
    }
    // As a listener, Yoga would answer its own exceptions with their stack.
    const { handleNodeRequestAndResponse } = (await isLargeOfService(req)) ? yogaForServices : yoga;
    const answer = await handleNodeRequestAndResponse(req, res, {
      req,
      res,
      streamed: streamedTypeOf(req) === undefined ? undefined : [],
    });
    await sendResponse(answer, res, outboxes.of(req.socket));
  };
}

const noGraphiQL =
  'GraphiQL is off, because this server runs only documents that it knows (TRUSTED_DOCUMENTS). Use GraphiQL on a server without this setting.\n';

/** The cursor that an EventSource passes when it reconnects. */
const lastEventId = ({ headers }: IncomingMessage): string | undefined => {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
};

const requestIdOf = (response: ServerResponse) => String(response.getHeader(requestIdHeader));

/** Replaces Yoga's parsing, validation and execution with the pipeline that sockets use. */
function sharedPipeline(
  documents: Documents,
  execution: Execution,
  subscribe: (
    args: ExecutionArgs,
  ) => Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>,
  addressOf: (request: IncomingMessage) => string,
  present: (error: unknown, context: ServerContext) => GraphQLError,
): Plugin<ServerContext> {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'GET' || request.method === 'POST')
        setRequestParser(async (sent) => {
          const { documentId, ...parameters } = await parseParameters(sent);
          const query = documents.textOf({ ...parameters, documentId });
          return { ...parameters, query };
        });
    },
    onParse({ context, setParseFn }) {
      setParseFn((text: string) => {
        const { document, errors } = documents.prepare(text, addressOf(context.req));
        if (!document) throw present(errors[0], context);
        return document;
      });
    },
    onValidate({ context, setValidationFn }) {
      setValidationFn((_schema, document) =>
        documents.faultsOf(document).map((fault) => present(fault, context)),
      );
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => execution.run(args as Operation));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe);
    },
  };
}
