import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Node, Scope } from '../scope.ts';
import { sdkDocuments } from './generated/sdk-documents.ts';

/** Names beyond those of the SDK that have a label: the first ones that clients send. */
const furtherNames = 100;
const nameMaxCharacters = 64;

/** The operation of a request, as far as it is measured. */
interface Request {
  readonly document: DocumentNode;
  readonly operationName?: string | null;
}

/**
 * Measures queries and mutations by the names in their documents, and logs slow ones. Clients
 * choose the names, so the number of labels is bounded [P13].
 */
export interface OperationTimes {
  /** Runs the operation and measures it. */
  measure<Result extends { readonly errors?: readonly unknown[] | undefined }>(
    request: Request,
    scope: Scope,
    run: () => Promise<Result>,
  ): Promise<Result>;
}

export function createOperationTimes({
  config: { SLOW_OPERATION_MS },
  log,
  metrics,
}: Pick<Node, 'config' | 'log' | 'metrics'>): OperationTimes {
  const labels = new Set(sdkDocuments.flatMap((text) => /^\w+ (\w+)/.exec(text)?.[1] ?? []));
  const labelsMax = labels.size + furtherNames;

  function labelOf(name: string | undefined): string {
    if (name === undefined) return 'anonymous';
    if (!labels.has(name) && labels.size < labelsMax && name.length <= nameMaxCharacters)
      labels.add(name);
    return labels.has(name) ? name : 'other';
  }

  return {
    async measure(request, scope, run) {
      const start = performance.now();
      const result = await run();
      const ms = performance.now() - start;
      const { name, operation: type } = definitionOf(request) ?? {};
      const outcome = result.errors ? 'error' : 'ok';
      const operation = labelOf(name?.value);
      metrics.operationDuration.observe({ operation, type: type ?? 'none', outcome }, ms / 1000);
      if (SLOW_OPERATION_MS > 0 && ms >= SLOW_OPERATION_MS)
        log.warn(
          {
            operation,
            type,
            outcome,
            ms: Math.round(ms),
            requestId: scope.requestId,
          },
          `the operation ${operation} was slow`,
        );
      return result;
    },
  };
}

/** Undefined if the document has no such operation. */
function definitionOf({ document, operationName }: Request): OperationDefinitionNode | undefined {
  return document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (!operationName || definition.name?.value === operationName),
  );
}
