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

/** What a client is shown of an error: a refusal as it is, anything unknown masked and logged under the request's id [P12]. */
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
      `Something went wrong on our side. If it goes on, quote the request id ${requestId}.`,
      { requestId },
    );
  });
  metrics.refusals.inc({ code: String(shown.extensions.code) });
  presented.add(shown);
  return shown;
}

/** Whether the error comes of the database being away, and the same may succeed later. */
export const comesOfUnavailability = (error: GraphQLError): boolean =>
  isUnavailable(error.originalError);

/** Whether it is a fault of ours: neither a refusal, nor the document's, nor the database being away. */
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
      'The server cannot reach its database just now. Try again in a moment.',
    );
  // GraphQL's own: a document, a variable or a scalar that is not as the schema says.
  if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError))
    return withCode(error, codeOf(error), error.message, extensionsOf(error));
  return mask(cause);
}

/** The libraries have codes of their own for requests that are not as they should be; a client is shown those of the closed list. */
function codeOf({ extensions: { code } }: GraphQLError): ErrorCode {
  if (code === 'REQUEST_ENTITY_TOO_LARGE') return 'TOO_COMPLEX';
  return errorCodes.find((known) => known === code) ?? 'BAD_USER_INPUT';
}

/** Without what an inner error of a library said. */
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
  const place =
    error instanceof GraphQLError
      ? { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path }
      : {};
  return new GraphQLError(message, { ...place, extensions: { ...extensions, code } });
}

export const graphQLError = (code: ErrorCode, error: GraphQLError): GraphQLError =>
  withCode(error, code, error.message, error.extensions);
