/** The codes of refusals, as the server has them. What to do about each is said in docs/protocol.md. */
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

/** What comes with a code beside the message. */
interface Details extends Record<ErrorCode, object> {
  UNAUTHENTICATED: { readonly reason?: 'TOKEN_EXPIRED' };
  /** The end of a ban or a mute; null: it has none. And why, of a ban, if that was said. */
  FORBIDDEN: { readonly until?: string | null; readonly reason?: string | null };
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

/** What every method throws when it is refused: its `code` says why and what else there is; its message is for a person. A server that is not reached is UNAVAILABLE. */
export type CauserieError = { [Code in ErrorCode]: Refused<Code> & Details[Code] }[ErrorCode];

export const isCauserieError = (error: unknown): error is CauserieError => error instanceof Refused;

export const refusal = <Code extends ErrorCode>(
  code: Code,
  message: string,
  details: Details[Code] = {} as Details[Code],
  cause?: unknown,
): CauserieError => new Refused(code, message, details, cause) as unknown as CauserieError;

/** An error as GraphQL has it. A code of a newer server, and one that is missing, is INTERNAL. */
export function readError({
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
  refusal('UNAVAILABLE', 'The server is not reached.', {}, cause);

export const isTokenExpired = (error: unknown): boolean =>
  isCauserieError(error) && error.code === 'UNAUTHENTICATED' && error.reason === 'TOKEN_EXPIRED';

/** Whether the same may succeed when it is repeated. */
export const isPassing = (error: unknown): boolean =>
  isCauserieError(error) && error.code === 'UNAVAILABLE';
