/** The closed list of error codes. `docs/protocol.md` says how a client should react to each. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID',
  'CONFLICT',
  'RATE_LIMITED',
  'TOO_COMPLEX',
  'UNAVAILABLE',
  'INTERNAL',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error for the client; its message says what to do. All other errors are masked [P12]. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.extensions = { ...extensions, code };
  }
}

export const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
export const forbidden = (message: string) => new Refusal('FORBIDDEN', message);
export const notFound = (message: string) => new Refusal('NOT_FOUND', message);
export const invalid = (message: string, field?: string) =>
  new Refusal('INVALID', message, field === undefined ? {} : { field });
export const conflict = (message: string) => new Refusal('CONFLICT', message);
export const tooComplex = (message: string) => new Refusal('TOO_COMPLEX', message);
export const unavailable = (message: string) => new Refusal('UNAVAILABLE', message);
export const rateLimited = (message: string, retryAfterMs: number) =>
  new Refusal('RATE_LIMITED', message, { retryAfterMs });

/**
 * The server cannot start with this configuration. The message is for the operator and is printed
 * without a stack trace.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
