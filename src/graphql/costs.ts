import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { costOf, type Cost } from './cost.ts';

/** So many sizes of pages are remembered for an operation. */
const mostSizes = 100;

/** Of an operation that does not run, since its name or its variables are wrong: execution refuses it. */
const nothing: Cost = { operation: 0, event: 0 };

/** Costs of operations, counted once for each operation and sizes of its pages: nothing else makes a cost vary, and sizes are Int. */
export function createCosts(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, Map<string, Cost>>();

  return (
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Record<string, unknown>,
  ): Cost => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return nothing;
    const bySizes = known.get(operation) ?? new Map<string, Cost>();
    known.set(operation, bySizes);
    const sizes = sizesOf(operation, variables);
    let cost = bySizes.get(sizes);
    if (!cost) {
      cost = costOf(schema, document, operation, variables);
      if (!cost) return nothing;
      if (bySizes.size >= mostSizes) bySizes.clear();
      bySizes.set(sizes, cost);
    }
    return cost;
  };
}

const sizesOf = (
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string =>
  variableDefinitions
    .filter(({ type }) => isInt(type))
    .map(({ variable }) => String(variables[variable.name.value]))
    .join(' ');

function isInt(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isInt(type.type);
  return type.kind === Kind.NAMED_TYPE && type.name.value === 'Int';
}
