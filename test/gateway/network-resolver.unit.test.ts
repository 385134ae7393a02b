import { createSocket, type Socket } from 'node:dgram';
import { lookup, type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetworkResolver } from '../../src/gateway/network-resolver.ts';

/** A DNS server. It answers 8.8.8.8 for `fast.example`, and nothing for other names. */
let server: Socket;
let queries = 0;
let resolve: (name: string) => Promise<LookupAddress[]>;
beforeAll(async () => {
  server = createSocket('udp4', (query, { port, address }) => {
    queries++;
    if (!query.includes(Buffer.from('\x04fast\x07example\0', 'latin1'))) return;
    const isIpv4 =
      query.readUInt16BE(query.indexOf(Buffer.from('\x07example\0', 'latin1')) + 9) === 1;
    const question = query.subarray(12, query.indexOf(Buffer.from('\x07example\0', 'latin1')) + 13);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(isIpv4 ? 1 : 0, 6);
    header.writeUInt16BE(0, 8);
    header.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 8, 8, 8, 8]);
    server.send(Buffer.concat([header, question, ...(isIpv4 ? [record] : [])]), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const resolveName = createNetworkResolver([`127.0.0.1:${server.address().port}`]);
  resolve = (name) =>
    new Promise((fulfil, reject) =>
      resolveName(name, { all: true }, (error, found) => (error ? reject(error) : fulfil(found))),
    );
});
afterAll(() => server.close());

describe('[P13] names that users choose', () => {
  it('are resolved while the servers of many other names do not answer', async () => {
    const startedAt = performance.now();
    const hanging = Array.from({ length: 60 }, (_, place) =>
      resolve(`slow${place}.example`).then(
        () => 'found',
        ({ code }) => code as string,
      ),
    );
    expect(await resolve('fast.example')).toEqual([{ address: '8.8.8.8', family: 4 }]);
    // The threads of libuv are free.
    await Promise.all([1, 2, 3, 4].map(() => promisify(lookup)('localhost')));
    expect(await Promise.race([Promise.all(hanging), 'none has ended'])).toBe('none has ended');
    expect(queries).toBeGreaterThan(2);
    const codes = await Promise.all(hanging);
    expect(new Set(codes)).toEqual(new Set(['ETIMEOUT']));
    // Twice as long as the tries take; the default of the library is more than a minute.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }, 40_000);

  it('may be names of this machine', async () => {
    const before = queries;
    expect(await resolve('localhost')).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(queries).toBe(before);
  });
});
