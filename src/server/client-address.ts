import type { IncomingMessage } from 'node:http';
import proxyAddress, { compile } from 'proxy-addr';
import type { Client } from '../scope.ts';

/** Tells where a request comes from: the first address, seen from here, that is no proxy of TRUSTED_PROXIES. */
export function createClientAddress(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  // Node forgets the address of a socket that is gone already.
  return (request) => (request.socket.remoteAddress ? proxyAddress(request, isTrusted) : '');
}

const userAgentMaxCharacters = 256;
const loopback = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
const ownNames = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const setByProxies = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/**
 * A page of the network that pretends to be this machine (DNS rebinding) is known by its Host; a proxy on this machine by the headers that
 * proxies set. A proxy that sets none of them cannot be told from a local client.
 */
export function describeClient({ headers, socket }: IncomingMessage): Client {
  return {
    userAgent: headers['user-agent']?.slice(0, userAgentMaxCharacters),
    isOnThisMachine:
      loopback.test(socket.remoteAddress ?? '') &&
      ownNames.test(headers.host ?? '') &&
      !setByProxies.some((name) => headers[name] !== undefined),
  };
}
