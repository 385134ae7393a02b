import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress, { compile } from 'proxy-addr';
import type { Client } from '../scope.ts';

/**
 * Returns a function that finds the address of a client: the nearest address that is not in
 * TRUSTED_PROXIES; for IPv6, its network. Rates and limits per address use this text.
 */
export function createClientAddress(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  // A socket that is already closed has no address.
  return (request) =>
    request.socket.remoteAddress ? networkOf(proxyAddress(request, isTrusted)) : '';
}

/**
 * The /64 network of an IPv6 address, because one client can use all addresses in it. An IPv4
 * address stays as it is, also mapped into IPv6.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  // The URL parser gives the shortest form of an address, without dotted parts.
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
 * Describes the program that sent a request. The Host header reveals a page that reaches this
 * machine under another name (DNS rebinding); forwarding headers reveal a proxy on this machine. A
 * local proxy that sets none of them looks like a local client.
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
