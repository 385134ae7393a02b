import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../chat/people/authenticator.ts';
import type { Node, Scope } from '../scope.ts';
import { createClientAddress } from './client-address.ts';
import { tokenOfRequest } from './token-carriers.ts';

/**
 * Finds out who sends a request outside of GraphQL. Undefined without a token. Throws
 * UNAUTHENTICATED if the token is not valid.
 */
export type RequestScope = (
  request: IncomingMessage,
  requestId: string,
) => Promise<Scope | undefined>;

export function createRequestScope(node: Node, authenticator: Authenticator): RequestScope {
  const { ALLOWED_ORIGINS, TRUSTED_PROXIES } = node.config;
  const clientAddress = createClientAddress(TRUSTED_PROXIES);
  return async (request, requestId) => {
    const { headers, url = '/' } = request;
    const token = tokenOfRequest({ headers, url, allowedOrigins: ALLOWED_ORIGINS });
    if (token === undefined) return undefined;
    const identified = await authenticator.identify(token);
    const address = clientAddress(request);
    return 'service' in identified
      ? { node, viewer: null, service: identified.service, requestId, address }
      : { node, viewer: identified.viewer, requestId, address };
  };
}
