/** Executes an operation as one user. */
export type Ask = <Data>(document: string, variables?: Record<string, unknown>) => Promise<Data>;

interface Answer {
  readonly data: never;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The returned function throws Refused with the code of the first error. */
export function askAt(url: string, token?: string): Ask {
  return async (document, variables = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors: [error] = [] } = (await response.json()) as Answer;
    if (error) throw new Refused(error.extensions?.code ?? 'INTERNAL', error.message);
    return data;
  };
}
