import { GraphQLError } from 'graphql';
import { isUnavailable } from '../db/unavailable.ts';
import { errorCodes, Refusal, type ErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

interface Presenting {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly requestId: string;
}

const presented = new WeakSet<GraphQLError>();

/**
 * The error as a client sees it. A refusal stays as it is; an unknown error is masked, and logged
 * with the request id [P12].
 */
export function presentError(
  error: unknown,
  { log, metrics, requestId }: Presenting,
): GraphQLError {
  if (error instanceof GraphQLError && presented.has(error)) return error;
  const shown = choose(error, (cause) => {
    log.error({ requestId, err: cause }, 'an operation failed');
    return withCode(
      error,
      'INTERNAL',
      `Something went wrong on our side. If it persists, contact the operator and quote the request id ${requestId}.`,
      { requestId },
    );
  });
  metrics.refusals.inc({ code: String(shown.extensions.code) });
  presented.add(shown);
  return shown;
}

/** Whether the database was unavailable, so that the same operation may succeed later. */
export const isFromUnavailability = (error: GraphQLError): boolean =>
  isUnavailable(error.originalError);

/**
 * Whether the error is a fault of the server: not a refusal, not caused by the document, and not by
 * an unavailable database.
 */
export const isFault = ({ originalError: cause }: GraphQLError): boolean =>
  cause != null &&
  !(cause instanceof Refusal || cause instanceof GraphQLError || isUnavailable(cause));

function choose(error: unknown, mask: (cause: unknown) => GraphQLError): GraphQLError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof Refusal) return withCode(error, cause.code, cause.message, cause.extensions);
  if (isUnavailable(cause))
    return withCode(
      error,
      'UNAVAILABLE',
      'The server cannot reach its database at the moment. Try again shortly.',
    );
  // Errors of GraphQL itself: a document, variable or scalar that contradicts the schema.
  if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError))
    return withCode(error, codeOf(error), error.message, extensionsOf(error));
  return mask(cause);
}

/** Maps the codes of libraries to the closed list. */
function codeOf({ extensions: { code } }: GraphQLError): ErrorCode {
  if (code === 'REQUEST_ENTITY_TOO_LARGE') return 'TOO_COMPLEX';
  return errorCodes.find((known) => known === code) ?? 'BAD_USER_INPUT';
}

/** The extensions without the original error of a library, which is internal. */
function extensionsOf({ extensions }: GraphQLError): Record<string, unknown> {
  const { originalError: _, ...shown } = extensions;
  return shown;
}

function withCode(
  error: unknown,
  code: ErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  const location =
    error instanceof GraphQLError
      ? { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path }
      : {};
  return new GraphQLError(message, { ...location, extensions: { ...extensions, code } });
}

export const graphQLError = (code: ErrorCode, error: GraphQLError): GraphQLError =>
  withCode(error, code, error.message, error.extensions);
