import type { IncomingMessage } from 'node:http';
import proxyAddress, { compile } from 'proxy-addr';

/** Tells where a request comes from: the first address, seen from here, that is no proxy of TRUSTED_PROXIES. */
export function createClientAddress(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  // Node forgets the address of a socket that is gone already.
  return (request) => (request.socket.remoteAddress ? proxyAddress(request, isTrusted) : '');
}
