import {
  GraphQLError,
  Kind,
  NoFragmentCyclesRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { Limits } from '../limits.ts';
import type { Cost } from './cost.ts';
import { createCosts } from './costs.ts';
import { Allowance } from './allowance.ts';
import { exceededBound } from './document-bounds.ts';
import { DocumentCache } from './document-cache.ts';
import { documentText, type DocumentRequest } from './document-request.ts';
import { graphQLError } from './errors.ts';
import { readTrustedDocuments, type TrustedDocuments } from './trusted-documents.ts';

export interface Prepared {
  /** Undefined if the text cannot be parsed. */
  readonly document: DocumentNode | undefined;
  /** The reasons for which it must not run; empty for a valid document. */
  readonly errors: readonly GraphQLError[];
}

export interface Documents {
  /**
   * The text of the document that a request contains or names by its id; undefined if it does
   * neither. Throws a GraphQLError for an unknown id.
   */
  textOf(request: DocumentRequest): string | undefined;
  /** Whether only trusted documents run. */
  readonly areTrustedOnly: boolean;
  /** The trusted documents that are not valid, with the first reason of each. */
  faultyTrusted(): readonly string[];
  /**
   * Parses and validates a document. Valid documents are cached; new ones count against the
   * allowance of the address.
   */
  prepare(text: string, address: string): Prepared;
  /** The errors of a document that was prepared here. */
  faultsOf(document: DocumentNode): readonly GraphQLError[];
  /**
   * The cost of an operation of a valid document with these variables. Throws a GraphQLError if it
   * exceeds a limit.
   */
  admit(
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Record<string, unknown>,
  ): Cost;
}

/**
 * Prepares the documents of clients, within the limits of parsing, validation and execution [P13].
 */
export function createDocuments(
  schema: GraphQLSchema,
  limits: Limits,
  {
    isRated = true,
    trusted = readTrustedDocuments(),
  }: { readonly isRated?: boolean; readonly trusted?: TrustedDocuments } = {},
): Documents {
  const cache = new DocumentCache(limits.documentsMaxBytes);
  const allowance = new Allowance(limits.newDocumentsBurst, limits.newDocumentsPerSecond);
  const faults = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const costOf = createCosts(schema);

  function parseAndValidate(text: string): Prepared {
    const document = parseWithin(text, limits.queryMaxTokens);
    if (document instanceof GraphQLError) return { document: undefined, errors: [document] };
    const errors = faultsIn(document);
    faults.set(document, errors);
    return { document, errors };
  }

  /**
   * Checks cycles first, because the bounds require a document without; then the bounds, within
   * which the other rules are bounded work.
   */
  function faultsIn(document: DocumentNode): readonly GraphQLError[] {
    if (document.definitions.some(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)) {
      const cycles = validate(schema, document, [NoFragmentCyclesRule], { maxErrors: 1 });
      if (cycles.length > 0) return cycles.map(invalidDocument);
    }
    const exceeded = exceededBound(document, limits);
    return exceeded === undefined
      ? validate(schema, document, specifiedRules, { maxErrors: 20 }).map(invalidDocument)
      : [tooComplex(exceeded)];
  }

  function requireBounded({ operation, event }: Cost): void {
    if (operation > limits.queryMaxCost)
      throw tooComplex(
        `The operation costs ${operation}; at most ${limits.queryMaxCost} (\`queryMaxCost\`) is allowed. Request smaller pages (\`first\`), or split it into several operations.`,
      );
    if (event > limits.eventMaxCost)
      throw tooComplex(
        `Each event of the subscription costs ${event}; at most ${limits.eventMaxCost} (\`eventMaxCost\`) is allowed. Query long lists after the event instead.`,
      );
  }

  return {
    textOf: (request) => documentText(trusted, request),
    areTrustedOnly: trusted.isExclusive,
    faultyTrusted: () =>
      [...trusted.texts].flatMap((text) => {
        const [error] = parseAndValidate(text).errors;
        return error ? [`${error.message} In: ${text.slice(0, 80)}`] : [];
      }),
    prepare(text, address) {
      const document = cache.get(text, address);
      if (document) return { document, errors: [] };
      const isNew = isRated && !trusted.texts.has(text);
      const waitMs = isNew ? allowance.take(address, text.length) : 0;
      if (waitMs > 0) return { document: undefined, errors: [tooManyDocuments(waitMs)] };
      if (trusted.isExclusive && !trusted.includes(text))
        return { document: undefined, errors: [untrusted()] };
      const prepared = parseAndValidate(text);
      if (prepared.document && prepared.errors.length === 0)
        cache.add(text, prepared.document, address);
      return prepared;
    },
    faultsOf: (document) => faults.get(document) ?? [],
    admit(document, operationName, variables) {
      const cost = costOf(document, operationName, variables);
      requireBounded(cost);
      return cost;
    },
  };
}

const tooComplex = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'TOO_COMPLEX' } });

const untrusted = () =>
  new GraphQLError(
    'This server runs only documents that it knows. Add the document to a file that TRUSTED_DOCUMENTS names, and restart the server.',
    { extensions: { code: 'FORBIDDEN' } },
  );

const invalidDocument = (error: GraphQLError) => graphQLError('GRAPHQL_VALIDATION_FAILED', error);

const tooManyDocuments = (retryAfterMs: number) =>
  new GraphQLError(
    `Your address sent too many new documents. Try again in ${Math.ceil(retryAfterMs / 1000)} s. Pass values as variables, so that the text of a document stays the same and is parsed once.`,
    { extensions: { code: 'RATE_LIMITED', retryAfterMs } },
  );

function parseWithin(text: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError))
      return tooComplex('The document is nested too deeply. Split it into several operations.');
    if (error.message.includes('Parsing aborted'))
      return tooComplex(
        `The document has more than ${maxTokens} tokens. Split it into several operations.`,
      );
    return graphQLError('GRAPHQL_PARSE_FAILED', error);
  }
}
