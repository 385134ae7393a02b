import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { costOf, type Cost } from './cost.ts';

/** The number of combinations of page sizes that are cached for an operation. */
const maxSizes = 100;

/** The cost of an operation with a wrong name or wrong variables, which execution refuses. */
const noCost: Cost = { operation: 0, event: 0 };

/**
 * Caches the costs of operations by their variables of type Int: page sizes are Int, and nothing
 * else changes a cost.
 */
export function createCosts(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, Map<string, Cost>>();

  return (
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Record<string, unknown>,
  ): Cost => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return noCost;
    const bySizes = known.get(operation) ?? new Map<string, Cost>();
    known.set(operation, bySizes);
    const sizes = sizesOf(operation, variables);
    let cost = bySizes.get(sizes);
    if (!cost) {
      cost = costOf(schema, document, operation, variables);
      if (!cost) return noCost;
      if (bySizes.size >= maxSizes) bySizes.clear();
      bySizes.set(sizes, cost);
    }
    return cost;
  };
}

function sizesOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string {
  const sized = variableDefinitions.filter(({ type }) => isInt(type));
  return sized.map(({ variable }) => sizeOf(variables[variable.name.value])).join(' ');
}

/**
 * A client may send any value for an Int, also one that cannot become a string. Such values have no
 * cost, because they are refused.
 */
const sizeOf = (value: unknown): string =>
  typeof value === 'number' || value === null || value === undefined ? String(value) : 'invalid';

function isInt(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isInt(type.type);
  return type.kind === Kind.NAMED_TYPE && type.name.value === 'Int';
}
