/** The codes of the server's errors. docs/protocol.md says what to do about each. */
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

/** The fields that an error with a code can have in addition to its message. */
interface Details extends Record<ErrorCode, object> {
  UNAUTHENTICATED: {
    readonly reason?: 'TOKEN_EXPIRED' | 'TOKEN_NOT_YET_VALID' | 'SUSPENDED';
    /** The end of a suspension; null for a permanent one. */
    readonly until?: string | null;
    /** The reason of a suspension. */
    readonly explanation?: string | null;
  };
  /**
   * The end of a ban or mute, null if it is permanent; and the reason of a ban, if one was given.
   */
  FORBIDDEN: { readonly until?: string | null; readonly reason?: string | null };
  /** The server does not know the id of a document. */
  NOT_FOUND: { readonly reason?: 'UNKNOWN_DOCUMENT' };
  INVALID: { readonly field?: string };
  RATE_LIMITED: { readonly retryAfterMs: number };
  INTERNAL: { readonly requestId?: string };
}

class Refused<Code extends ErrorCode> extends Error {
  override readonly name = 'CauserieError';
  readonly code: Code;

  constructor(code: Code, message: string, details: Details[Code], cause?: unknown) {
    super(message, { cause });
    this.code = code;
    for (const [name, value] of Object.entries(details))
      if (!(name in this)) Object.assign(this, { [name]: value });
  }
}

/**
 * The error that every method throws. Its `code` determines its other fields; its `message` is
 * meant for people. If the server cannot be reached, the code is UNAVAILABLE.
 */
export type CauserieError = { [Code in ErrorCode]: Refused<Code> & Details[Code] }[ErrorCode];

export const isCauserieError = (error: unknown): error is CauserieError => error instanceof Refused;

export const refusal = <Code extends ErrorCode>(
  code: Code,
  message: string,
  details: Details[Code] = {} as Details[Code],
  cause?: unknown,
): CauserieError => new Refused(code, message, details, cause) as unknown as CauserieError;

/**
 * Converts an error of a GraphQL response. A missing code, or one of a newer server, becomes
 * INTERNAL.
 */
export function toError({
  message,
  extensions,
}: {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}): CauserieError {
  const code = errorCodes.find((known) => known === extensions?.code) ?? 'INTERNAL';
  return refusal(code, message, { ...extensions });
}

export const unreachable = (cause?: unknown) =>
  refusal('UNAVAILABLE', 'The server cannot be reached. Check your connection.', {}, cause);

export const isTokenExpired = (error: unknown): boolean =>
  isCauserieError(error) && error.code === 'UNAUTHENTICATED' && error.reason === 'TOKEN_EXPIRED';

/** Whether the same operation may succeed when it is repeated. */
export const isPassing = (error: unknown): boolean =>
  isCauserieError(error) && error.code === 'UNAVAILABLE';
