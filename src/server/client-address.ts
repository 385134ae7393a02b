import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress, { compile } from 'proxy-addr';

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
