/** The closed list of refusals. Each tells a client what it can do about it; `docs/protocol.md` says what. */
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

/** A refusal that the client is meant to read: the message says what to do. Everything else that is thrown is masked [P12]. */
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

/** The process cannot start as it was set up. The message is for the person who starts it; no stack helps them. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
