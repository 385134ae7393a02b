import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../config.ts';
import { graphQLError } from './errors.ts';

export interface Prepared {
  /** Undefined when the text is no document. */
  readonly document: DocumentNode | undefined;
  /** Why it may not run; none when it may. */
  readonly errors: readonly GraphQLError[];
}

export interface Documents {
  /** Parses and validates, once for each text. */
  prepare(text: string): Prepared;
  /** Why a document that was prepared here may not run. */
  faultsOf(document: DocumentNode): readonly GraphQLError[];
  /** The refusal of an operation that asks for too much with these variables; undefined when it may run. */
  refuseCost(
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Record<string, unknown>,
  ): readonly GraphQLError[];
}

/** The documents that clients send, within the limits of tokens, aliases, depth and cost. */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const texts = new LRUCache<string, Prepared>({
    max: 2000,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: (_, text) => text.length + 1,
  });
  const faults = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const fixedCosts = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const rules = [...specifiedRules, limitAliases(limits.queryMaxAliases)];

  function prepare(text: string): Prepared {
    const document = parseWithin(text, limits.queryMaxTokens);
    if (document instanceof GraphQLError) return { document: undefined, errors: [document] };
    const errors = validate(schema, document, rules, { maxErrors: 20 });
    const coded = errors.map((error) =>
      error.extensions.code ? error : graphQLError('GRAPHQL_VALIDATION_FAILED', error),
    );
    faults.set(document, coded);
    return { document, errors: coded };
  }

  function measure(
    document: DocumentNode,
    operationName: string | null | undefined,
    variableValues: Record<string, unknown>,
  ): readonly GraphQLError[] {
    const rule = createComplexityRule({
      context: {},
      variableValues,
      operationName,
      validate: ({ complexity, depth }, report) => {
        if (depth > limits.queryMaxDepth)
          report(
            tooComplex(
              `The operation is ${depth} levels deep; at most ${limits.queryMaxDepth} are allowed. Ask in several operations.`,
            ),
          );
        if (complexity > limits.queryMaxCost)
          report(
            tooComplex(
              `The operation costs ${complexity}; at most ${limits.queryMaxCost} is allowed. Ask for smaller pages (\`first\`), or in several operations.`,
            ),
          );
      },
    });
    // Variables that are not as declared are execution's to refuse, which names them better.
    return validate(schema, document, [rule]).filter(
      (error) => error.extensions.code === 'TOO_COMPLEX',
    );
  }

  return {
    prepare(text) {
      let prepared = texts.get(text);
      if (!prepared) texts.set(text, (prepared = prepare(text)));
      return prepared;
    },
    faultsOf: (document) => faults.get(document) ?? [],
    refuseCost(document, operationName, variables) {
      if (hasVariableCost(document)) return measure(document, operationName, variables);
      let cost = fixedCosts.get(document);
      if (!cost) fixedCosts.set(document, (cost = measure(document, operationName, variables)));
      return cost;
    },
  };
}

const tooComplex = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'TOO_COMPLEX' } });

function parseWithin(text: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) return tooComplex('The document is nested too deeply.');
    if (error.message.includes('Parsing aborted'))
      return tooComplex(
        `The document has more than ${maxTokens} tokens. Ask in several operations.`,
      );
    return graphQLError('GRAPHQL_PARSE_FAILED', error);
  }
}

/** Only page sizes make a cost vary, and they are Int; several operations in one document are measured by name. */
function hasVariableCost(document: DocumentNode): boolean {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return (
    operations.length > 1 ||
    operations.some(({ variableDefinitions = [] }) =>
      variableDefinitions.some(({ type }) => /\bInt\b/.test(JSON.stringify(type))),
    )
  );
}

function limitAliases(most: number): ValidationRule {
  return (context) => {
    let aliases = 0;
    return {
      Field(node) {
        if (node.alias && ++aliases === most + 1)
          context.reportError(
            tooComplex(`The document has more than ${most} aliases. Ask in several operations.`),
          );
      },
    };
  };
}
