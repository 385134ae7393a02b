import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { networkOf, createClientAddress } from '../../src/server/client-address.ts';

/** The client address of a request with this header, at a server that trusts these proxies. */
async function addressSeen(trustedProxies: string[], forwardedFor?: string): Promise<string> {
  const clientAddress = createClientAddress(trustedProxies);
  const server = createServer((incoming, response) => response.end(clientAddress(incoming))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const outgoing = request({
    port,
    host: '127.0.0.1',
    headers: forwardedFor ? { 'x-forwarded-for': forwardedFor } : {},
  }).end();
  const [response] = await once(outgoing, 'response');
  const address = await response
    .setEncoding('utf8')
    .reduce((text: string, chunk: string) => text + chunk, '');
  server.close();
  return address;
}

describe('the address of a client', () => {
  it('is that of the connection, regardless of headers of the client', async () => {
    expect(await addressSeen([], '203.0.113.7')).toBe('127.0.0.1');
    expect(await addressSeen(['10.0.0.0/8'], '203.0.113.7')).toBe('127.0.0.1');
  });

  it('is the one that trusted proxies report, up to the first untrusted address', async () => {
    expect(await addressSeen(['loopback'], '203.0.113.7')).toBe('203.0.113.7');
    expect(
      await addressSeen(['loopback', '10.0.0.0/8'], '198.51.100.1, 203.0.113.7, 10.1.2.3'),
    ).toBe('203.0.113.7');
  });

  it('is not configured with invalid proxies', () => {
    expect(() => readConfig({ TRUSTED_PROXIES: 'loopback, everybody' })).toThrow(/TRUSTED_PROXIES/);
  });
});

describe('the network that an address counts as', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
    ['', ''],
    ['no address', 'no address'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is the same for all addresses of one IPv6 client', async () => {
    const seen = await Promise.all(
      ['2001:db8:1:2::7', '2001:db8:1:2:ffff::8', '2001:db8:1:3::7'].map((address) =>
        addressSeen(['loopback'], address),
      ),
    );
    expect(seen).toEqual(['2001:db8:1:2::/64', '2001:db8:1:2::/64', '2001:db8:1:3::/64']);
  });
});
