import { signServiceToken } from '../src/chat/people/service-tokens.ts';
import { serviceScopes } from '../src/scope.ts';
import { jwtSecret } from './seed.ts';
import type { Server } from './server.ts';

/** The backend of an application, with all scopes. */
export interface Backend {
  readonly token: string;
  /** One request over HTTP. Rejects if the server refuses it. */
  ask(query: string, variables?: object): Promise<any>;
  /** A mutation with one input. Returns its payload. */
  mutate(name: string, input: object, fields: string): Promise<any>;
}

export async function backendOf(server: Server, token?: string): Promise<Backend> {
  const key = new TextEncoder().encode(jwtSecret);
  const used =
    token ?? (await signServiceToken(key, { name: 'bench', scopes: serviceScopes, days: 1 }));
  async function ask(query: string, variables: object = {}): Promise<any> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${used}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
    if (errors) throw new Error(`A request is refused: ${JSON.stringify(errors)}`);
    return data;
  }
  return {
    token: used,
    ask,
    async mutate(name, input, fields) {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
      return (await ask(query, { input }))[name];
    },
  };
}
