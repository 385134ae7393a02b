import { serviceScopes, type ServiceScope } from '../../src/scope.ts';
import { signBySecret } from './notifications.ts';
import { query } from './person.ts';
import type { TestNode } from './start-node.ts';

/** A backend of the application, with a token of the server. */
export interface TestService {
  readonly token: string;
  /** One request over HTTP. Rejects with GraphQLRefused. */
  query(document: string, variables?: Record<string, unknown>): Promise<any>;
  /** A mutation with one input. Returns its payload. */
  mutate(
    name: string,
    inputType: string,
    input: Record<string, unknown>,
    fields: string,
  ): Promise<any>;
}

export async function service(
  node: TestNode,
  scopes: readonly ServiceScope[] = serviceScopes,
  name = 'shop',
): Promise<TestService> {
  const token = await signBySecret(node, { iss: 'causerie', sub: name, scope: scopes.join(' ') });
  const ask = (document: string, variables = {}) => query(node.url, document, variables, token);
  return {
    token,
    query: ask,
    mutate: async (mutation, inputType, input, fields) =>
      (
        await ask(`mutation ($input: ${inputType}!) { ${mutation}(input: $input) { ${fields} } }`, {
          input,
        })
      )[mutation],
  };
}
