import type { FollowOptions } from './follow.ts';
import { operations, type Operations } from './generated/operations.ts';
import type { AskOptions } from './request.ts';

/**
 * How an operation is executed. A `send` gets an idempotency key, and is repeated until it is
 * answered. A `session` operation goes without a token, and its result is stored as the session.
 */
export type Kind = 'query' | 'mutation' | 'send' | 'session' | 'subscription';

/** One operation: how it is executed, its document, and the path of its answer in the result. */
export type OperationEntry = readonly [kind: Kind, document: string, path: string];

/**
 * A function for each kind of operation. The table holds documents of all types, so their types are
 * unknown here; the generated `Operations` states them for each method. These are methods because
 * TypeScript then accepts a function that takes a typed document.
 */
type Executors = {
  [kind in Kind]: {
    execute(document: string, variables: unknown, options?: AskOptions & FollowOptions): unknown;
  }['execute'];
};

/**
 * Creates a method for each operation. A method for an operation with `$input` takes the input
 * itself.
 */
export function createOperations(executors: Executors): Operations {
  const methods: Record<string, unknown> = {};
  for (const [name, [kind, document, path]] of Object.entries<OperationEntry>(operations)) {
    const takesVariables = document.startsWith('(', document.search(/[({]/));
    const takesInput = document.includes('($input:');
    methods[name] = (...given: unknown[]) => {
      const [variables, options] = takesVariables ? given : [undefined, given[0]];
      const answer = executors[kind](
        document,
        takesInput ? { input: variables } : variables,
        options as AskOptions & FollowOptions,
      );
      return answer instanceof Promise ? answer.then((result) => valueAt(result, path)) : answer;
    };
  }
  // The generator makes the table and the interface from the same documents.
  return methods as unknown as Operations;
}

/** The value at a path such as `conversation.messages`; null if a part of the path is null. */
function valueAt(result: unknown, path: string): unknown {
  let value = result;
  for (const name of path.split('.')) if (value) value = (value as Record<string, unknown>)[name];
  return value;
}
