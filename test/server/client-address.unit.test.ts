import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createClientAddress } from '../../src/server/client-address.ts';

/** What a server that trusts these proxies takes for the address of a request with this header. */
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
  it('is that of the connection, whatever a client says of itself', async () => {
    expect(await addressSeen([], '203.0.113.7')).toBe('127.0.0.1');
    expect(await addressSeen(['10.0.0.0/8'], '203.0.113.7')).toBe('127.0.0.1');
  });

  it('is what a trusted proxy says, up to the first that is none', async () => {
    expect(await addressSeen(['loopback'], '203.0.113.7')).toBe('203.0.113.7');
    expect(
      await addressSeen(['loopback', '10.0.0.0/8'], '198.51.100.1, 203.0.113.7, 10.1.2.3'),
    ).toBe('203.0.113.7');
  });

  it('cannot be set up wrongly', () => {
    expect(() => readConfig({ TRUSTED_PROXIES: 'loopback, everybody' })).toThrow(/TRUSTED_PROXIES/);
  });
});
