import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (IANA's special-purpose registries). */
const privateNetworks: readonly [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const blocked = new BlockList();
for (const [network, bits] of privateNetworks)
  blocked.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');

/**
 * Whether an IP address is not one of the public internet. An IPv4 address within an IPv6 address
 * counts as the IPv4 address; the other ways to embed one count as private. So does anything that
 * is not an address.
 */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return true;
  return blocked.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
