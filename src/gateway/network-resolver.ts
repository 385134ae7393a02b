import { promises as dns, type LookupAddress } from 'node:dns';

/** Resolves a name, like `dns.lookup` with the option `all`. */
export type ResolveName = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The time for the first try, in ms. The second one has twice as long. */
const tryMs = 1500;
const tries = 2;

/**
 * Resolves names that users choose. It asks the DNS servers itself. `dns.lookup` would occupy a
 * thread of libuv, which other names need, until a server answers, maybe for half a minute [P13].
 * It reads no hosts file; `localhost` is this machine (RFC 6761, section 6.3).
 */
export function createNetworkResolver(servers?: readonly string[]): ResolveName {
  const resolver = new dns.Resolver({ timeout: tryMs, tries });
  if (servers) resolver.setServers(servers);

  async function resolve(hostname: string): Promise<LookupAddress[]> {
    if (/(^|\.)localhost\.?$/i.test(hostname)) return loopback;
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(hostname),
      resolver.resolve6(hostname),
    ]);
    const addresses = [...addressesOf(ipv4, 4), ...addressesOf(ipv6, 6)];
    if (addresses.length > 0) return addresses;
    throw (ipv4 as PromiseRejectedResult).reason;
  }

  return (hostname, _options, callback) =>
    void resolve(hostname).then(
      (addresses) => callback(null, addresses),
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
}

const loopback: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const addressesOf = (found: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  found.status === 'fulfilled' ? found.value.map((address) => ({ address, family })) : [];
