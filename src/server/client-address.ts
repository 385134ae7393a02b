import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress, { compile } from 'proxy-addr';
import type { Client } from '../scope.ts';

/**
 * Tells where a request comes from: the first address, seen from here, that is no proxy of TRUSTED_PROXIES; of IPv6 the network. What is
 * counted by address is counted by this text.
 */
export function createClientAddress(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  // Node forgets the address of a socket that is gone already.
  return (request) =>
    request.socket.remoteAddress ? networkOf(proxyAddress(request, isTrusted)) : '';
}

/** The /64 of an IPv6 address, since one client has all addresses in it; an IPv4 address as it is, also where it is mapped into IPv6. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  // The URL parser writes an address in its shortest form, without a zone or dotted parts.
  const shortest = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = shortest.split('::');
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const groups = shortest.includes('::')
    ? [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
    : before;
  return `${groups.slice(0, 4).join(':')}::/64`;
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
