/** A person's way to the API. */
export type Ask = <Data>(document: string, variables?: Record<string, unknown>) => Promise<Data>;

export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws Refused with the code of the first error. */
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
    const { data, errors } = (await response.json()) as {
      data: never;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    const [error] = errors ?? [];
    if (error) throw new Refused(error.extensions?.code ?? 'INTERNAL', error.message);
    return data;
  };
}
