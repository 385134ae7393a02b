import {
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { tooComplex } from '../errors.ts';
import type { Facts } from '../events/facts.ts';
import type { LiveEvent, LiveNotice } from '../live/live-field.ts';
import type { Executed } from '../live/encoding.ts';
import type { OperationMemory } from '../live/live-budget.ts';
import type { LiveOperations } from '../live/live-operations.ts';
import type { Sink } from '../live/follower.ts';
import { requireViewer, type Node, type Scope } from '../scope.ts';
import { createAnswerAllowance } from './answer-allowance.ts';
import { AnswerSize } from './answer-size.ts';
import { audienceOf } from './audience.ts';
import type { Context } from './context.ts';
import type { Documents } from './documents.ts';
import { isFromUnavailability, isFault, presentError } from './errors.ts';
import { checkInputValue } from './input-values.ts';
import { createLiveDocuments, type LiveDocument } from './live-document.ts';
import { createOperationTimes } from './operation-times.ts';
import { createRunningOperations } from './running-operations.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Record<string, unknown> | null;
  readonly contextValue: Context;
}

/** The execution of operations, for HTTP and sockets alike. */
export interface Execution {
  /** Runs a query or a mutation. The errors are ready for clients. */
  run(operation: Operation): Promise<ExecutionResult>;
  /**
   * Starts a subscription, which sends its results as JSON to the sink. It resumes after the cursor
   * `lastCursor`, if there is one, instead of the argument `after`. Rejects with the refusal. The
   * returned function ends it.
   */
  follow(operation: Operation, sink: Sink, lastCursor?: string): Promise<() => void>;
}

export function createExecution({
  schema,
  documents,
  liveOperations,
  node,
}: {
  schema: GraphQLSchema;
  documents: Documents;
  liveOperations: LiveOperations;
  node: Node;
}): Execution {
  const { limits } = node.config;
  const liveDocumentOf = createLiveDocuments(schema);
  const answers = createAnswerAllowance(node.config);
  const running = createRunningOperations(node.config, node.metrics);
  const times = createOperationTimes(node);

  async function run(operation: Operation): Promise<ExecutionResult> {
    const { scope } = operation.contextValue;
    return times.measure(operation, scope, async () =>
      presentErrors(await runInTurn(operation).catch(refusedWith), scope),
    );
  }

  /** Rejects with a refusal if the operation may not run. */
  async function runInTurn(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName, variableValues, contextValue } = operation;
    checkInputValue(variableValues ?? {});
    const cost = documents.admit(document, operationName, variableValues ?? {});
    return running.run(contextValue.scope, cost.operation, (scope) => {
      answers.require(scope);
      return executeWithin({ ...operation, contextValue: { ...contextValue, scope } });
    });
  }

  /** Abandons an answer that is too large, and returns a refusal in its place [P13]. */
  async function executeWithin(operation: Operation): Promise<ExecutionResult> {
    const { scope, memory } = operation.contextValue;
    const size = new AnswerSize(limits.answerMaxBytes, memory, (values) =>
      answers.charge(scope, values),
    );
    try {
      const contextValue: Context = { ...operation.contextValue, size };
      const result = await execute({ ...argumentsOf(operation), contextValue });
      return size.refusal === undefined ? result : refusedWith(size.refusal);
    } finally {
      // By then the transport has written the answer, and its unread bytes count against the
      // connection.
      setImmediate(() => size.release());
    }
  }

  const argumentsOf = ({
    document,
    operationName,
    variableValues,
    contextValue,
  }: Operation): ExecutionArgs => ({
    schema,
    document,
    operationName,
    variableValues,
    contextValue,
  });

  function presentErrors(result: ExecutionResult, { requestId }: Scope): ExecutionResult {
    if (!result.errors) return result;
    const errors = result.errors.map((error) => presentError(error, { ...node, requestId }));
    return { ...result, errors };
  }

  /**
   * Executes each event as the root value of the subscription. All of them share one fresh scope.
   */
  async function executeEvents(
    operation: Operation,
    scope: Scope,
    events: readonly (LiveEvent | LiveNotice)[],
  ): Promise<Executed> {
    const results = await Promise.all(
      events.map((rootValue) => executeEvent(operation, scope, rootValue)),
    );
    const errors = results.flatMap((result) => result.errors ?? []);
    const unavailable = errors.find(isFromUnavailability);
    if (unavailable) throw unavailable.originalError!;
    return {
      hasFailed: errors.some(isFault),
      encode: () =>
        results.map((result) => Buffer.from(JSON.stringify(presentErrors(result, scope)))),
    };
  }

  /** Throws a refusal, which ends the subscription, if the event is too large [P13]. */
  async function executeEvent(
    operation: Operation,
    scope: Scope,
    rootValue: LiveEvent | LiveNotice,
  ): Promise<ExecutionResult> {
    const size = new AnswerSize(limits.eventMaxBytes);
    const contextValue: Context = { scope, size };
    const result = await execute({ ...argumentsOf(operation), contextValue, rootValue });
    size.check();
    return result;
  }

  /** Throws the refusal of a subscription that may not run. */
  function admitSubscription({ document, operationName, variableValues }: Operation): Admitted {
    const variables = variableValues ?? {};
    checkInputValue(variables);
    const { event: eventCost } = documents.admit(document, operationName, variables);
    const live = liveDocumentOf(document, operationName);
    const declared = live.declaredOf(variables);
    const { length } = JSON.stringify(declared);
    if (length > limits.subscriptionVariablesMaxCharacters)
      throw tooComplex(
        `The variables of a subscription can have at most ${limits.subscriptionVariablesMaxCharacters} characters. Shorten them.`,
      );
    const args = live.argumentsOf(variables);
    const memory = {
      document,
      documentBytes: live.bytes,
      ownBytes: operationBytes + variableBytes * length,
    };
    return { live, key: live.keyOf(variables), args, declared, eventCost, memory };
  }

  return {
    run,
    async follow(operation, sink, lastCursor) {
      const { scope } = operation.contextValue;
      const { live, key, args, declared, eventCost, memory } = admitSubscription(operation);
      // The live operation stores it, so it has no other variables.
      const stored = { ...operation, variableValues: declared };
      const { field } = live;
      const audience = audienceOf(live, { ...scope, readInTurn: running.pageReadsOf(scope) });
      const following = {
        operationKey: `${audience.key} ${key}`,
        viewerId: scope.viewer?.id,
        holder: (scope.viewer ?? scope.service)?.id ?? scope.address,
        eventCost,
        memory,
        run: (events: readonly (LiveEvent | LiveNotice)[], facts: Facts) =>
          executeEvents(stored, audience.scopeWith(facts), events),
        // Each check has a fresh scope, because the facts loaded by the previous one may have
        // changed.
        authorize: () => field.authorize({ ...scope }, args),
      };
      if ('channel' in field) {
        const request = {
          ...following,
          viewerId: requireViewer(scope).id,
          channel: () => field.channel(scope, args),
          permissions: field.permissions?.(scope, args),
        };
        return running.start(request.holder, () => liveOperations.followChannel(request, sink));
      }
      await field.prepare?.(scope, args);
      const { after, last } = args as EventArguments;
      const { recent, replaysAll } = field;
      const request = {
        ...following,
        topic: field.topic(scope, args),
        cursor: lastCursor ?? after ?? undefined,
        recent:
          last && recent ? (upTo: number) => recent({ ...scope }, args, last, upTo) : undefined,
        selects: field.selects?.(args),
        replaysAll,
      };
      return running.start(request.holder, () => liveOperations.follow(request, sink));
    },
  };
}

/** The memory of a live operation without its document and variables, in bytes. */
const operationBytes = 2048;
/** The memory of a character of its variables, which its key repeats, in bytes. */
const variableBytes = 4;

/** A subscription that may run. */
interface Admitted {
  readonly live: LiveDocument;
  /** Equal for subscriptions that differ only in their starting position. */
  readonly key: string;
  readonly args: Record<string, unknown>;
  readonly declared: Record<string, unknown>;
  /** The most that one event costs. */
  readonly eventCost: number;
  readonly memory: OperationMemory;
}

/** The arguments for the starting position in a topic. */
interface EventArguments {
  readonly after?: string | null;
  readonly last?: number | null;
}

const refusedWith = (refusal: Error): ExecutionResult => ({
  errors: [
    refusal instanceof GraphQLError
      ? refusal
      : new GraphQLError(refusal.message, { originalError: refusal }),
  ],
});
