/** Where tokens come from. */
export interface Tokens {
  /** Undefined: go without. `refused` is one that the server takes no more. */
  get(refused?: string): Promise<string | undefined>;
  /** Whether it is always the same one, so that there is no use in asking again. */
  readonly isFixed: boolean;
}

export type Token = string | (() => string | null | undefined | Promise<string | null | undefined>);

export const givenTokens = (token: Token): Tokens => ({
  get: async () => (typeof token === 'function' ? ((await token()) ?? undefined) : token),
  isFixed: typeof token === 'string',
});

/** When a JWT began and ends, in ms; undefined when it does not say. */
export function lifeOf(token: string): { readonly from: number; readonly to: number } | undefined {
  try {
    const { iat, exp } = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')));
    return typeof exp === 'number' ? { from: typeof iat === 'number' ? iat * 1000 : NaN, to: exp * 1000 } : undefined;
  } catch {
    return undefined;
  }
}
