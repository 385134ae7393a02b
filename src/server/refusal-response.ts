import { Refusal, type ErrorCode } from '../errors.ts';
import { presentError } from '../graphql/errors.ts';
import type { Node } from '../scope.ts';

const statuses: { readonly [code in ErrorCode]?: number } = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/**
 * The answer to a request outside of GraphQL that was refused or failed, in the form of GraphQL.
 */
export function refusalResponse(node: Node, error: unknown, requestId: string): Response {
  const status = error instanceof Refusal ? (statuses[error.code] ?? 400) : 500;
  const shown = presentError(error, { ...node, requestId });
  const { retryAfterMs } = shown.extensions;
  const headers =
    typeof retryAfterMs === 'number'
      ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
      : undefined;
  return Response.json(
    { errors: [shown] },
    { status: statusOf(shown.extensions.code, status), headers },
  );
}

/** An error that was not a refusal may still be shown as one, such as a database that is away. */
const statusOf = (code: unknown, otherwise: number): number =>
  statuses[code as ErrorCode] ?? otherwise;
