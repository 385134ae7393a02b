import { isCauserieError, refusal } from './errors.ts';

/** A source of access tokens. */
export interface Tokens {
  /**
   * Returns undefined if there is none: then requests go without. `refused` is a token that the
   * server no longer accepts.
   */
  get(refused?: string): Promise<string | undefined>;
  /** Whether the token never changes, so that asking again is useless. */
  readonly isFixed: boolean;
}

export type Token = string | (() => string | null | undefined | Promise<string | null | undefined>);

/**
 * The tokens of an application. If its function throws, or takes longer than `withinMs`, that is
 * retried as if the server could not be reached.
 */
export function givenTokens(token: Token, withinMs: number): Tokens {
  return {
    isFixed: typeof token === 'string',
    async get() {
      if (typeof token === 'string') return token;
      const deadline = createDeadline(withinMs);
      try {
        return (await Promise.race([token(), deadline.passed])) ?? undefined;
      } catch (error) {
        if (isCauserieError(error)) throw error;
        throw refusal('UNAVAILABLE', 'The `token` function threw an error.', {}, error);
      } finally {
        deadline.cancel();
      }
    },
  };
}

function createDeadline(ms: number): { readonly passed: Promise<never>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<never>((_, reject) => {
    const late = () =>
      reject(refusal('UNAVAILABLE', 'The `token` function did not return a token in time.'));
    timer = setTimeout(late, ms);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

/**
 * When a JWT becomes valid (NaN if it does not say) and expires, in ms since 1970; undefined if it
 * never expires, or is no JWT.
 */
export function lifetimeOf(
  token: string,
): { readonly from: number; readonly to: number } | undefined {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const { iat, exp } = JSON.parse(atob(payload));
    if (typeof exp !== 'number') return undefined;
    return { from: typeof iat === 'number' ? iat * 1000 : NaN, to: exp * 1000 };
  } catch {
    return undefined;
  }
}
