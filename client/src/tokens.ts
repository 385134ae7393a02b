import { isCauserieError, refusal } from './errors.ts';

/** Where tokens come from. */
export interface Tokens {
  /** Undefined: go without. `refused` is one that the server takes no more. */
  get(refused?: string): Promise<string | undefined>;
  /** Whether it is always the same one, so that there is no use in asking again. */
  readonly isFixed: boolean;
}

export type Token = string | (() => string | null | undefined | Promise<string | null | undefined>);

/** A function that throws, or takes longer than so many ms, is tried again like a server that is not reached. */
export const givenTokens = (token: Token, withinMs: number): Tokens => ({
  isFixed: typeof token === 'string',
  async get() {
    let due: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      due = setTimeout(
        () =>
          reject(
            refusal(
              'UNAVAILABLE',
              'There is no token: the function that returns one takes too long.',
            ),
          ),
        withinMs,
      );
    });
    try {
      return typeof token === 'function'
        ? ((await Promise.race([token(), late])) ?? undefined)
        : token;
    } catch (error) {
      throw isCauserieError(error)
        ? error
        : refusal(
            'UNAVAILABLE',
            'There is no token: the function that returns one has thrown.',
            {},
            error,
          );
    } finally {
      clearTimeout(due);
    }
  },
});

/** When a JWT began and ends, in ms; undefined when it does not say. */
export function lifeOf(token: string): { readonly from: number; readonly to: number } | undefined {
  try {
    const { iat, exp } = JSON.parse(
      atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')),
    );
    return typeof exp === 'number'
      ? { from: typeof iat === 'number' ? iat * 1000 : NaN, to: exp * 1000 }
      : undefined;
  } catch {
    return undefined;
  }
}
