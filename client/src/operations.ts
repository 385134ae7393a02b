import type { Document } from './document.ts';
import { operations, type Operations } from './generated/operations.ts';

/** How an operation is carried out. Sends have a key, and are repeated until they are answered; sessions begin without a token, and are kept. */
export type Kind = 'query' | 'mutation' | 'send' | 'session' | 'subscription';

/** What stands for an operation: how it is carried out, its document, and where in the result its answer is. */
export type OperationEntry = readonly [
  kind: Kind,
  document: Document<unknown, never>,
  path: string,
];

type Carry = (
  document: Document<Record<string, unknown>, unknown>,
  variables: never,
  options: never,
) => unknown;

/** A method for each operation. Those that take an `input` are given what stands in it. */
export function createOperations(carry: Readonly<Record<Kind, Carry>>): Operations {
  const methods = Object.entries<OperationEntry>(operations).map(
    ([name, [kind, document, path]]) => {
      const takesVariables = document.startsWith('(', document.search(/[({]/));
      const takesInput = document.includes('($input:');
      const method = (...given: unknown[]) => {
        const [variables, options] = takesVariables ? given : [undefined, given[0]];
        const answer = carry[kind](
          document as never,
          (takesInput ? { input: variables } : variables) as never,
          options as never,
        );
        return answer instanceof Promise ? answer.then((result) => at(result, path)) : answer;
      };
      return [name, method];
    },
  );
  return Object.fromEntries(methods) as Operations;
}

/** Null where something on the way is. */
const at = (result: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((part, name) => part && (part as Record<string, unknown>)[name], result);
