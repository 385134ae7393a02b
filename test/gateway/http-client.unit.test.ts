import type { lookup } from 'node:dns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/gateway/http-client.ts';
import { isPrivateAddress } from '../../src/gateway/private-addresses.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';

let receiver: Receiver;
beforeAll(async () => void (receiver = await startReceiver()));
afterAll(() => receiver[Symbol.asyncDispose]());

const options = {
  allowsPrivate: true,
  setting: 'WEBHOOKS_ALLOW_PRIVATE',
  timeoutMs: 1000,
  answerMaxBytes: 64 * 1024,
};

/** A resolver that gives these addresses, one after the other. */
const resolver = (addresses: string[]) =>
  ((_host: string, _options: object, callback: (...answer: unknown[]) => void) =>
    callback(null, [{ address: addresses.shift()!, family: 4 }])) as unknown as typeof lookup;

const failure = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'answered',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('[P13] calls to other servers', () => {
  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.20.0.1', true],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['::1', true],
    ['::', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['fd00::1', true],
    ['fe80::1%eth0', true],
    ['64:ff9b::a00:1', true],
    ['2002:a00:1::', true],
    ['not an address', true],
    ['8.8.8.8', false],
    ['172.32.0.1', false],
    ['2606:4700::1111', false],
  ])('take %s for private: %s', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });

  it('refuse private addresses, as literals in any notation and behind names', async () => {
    const client = createHttpClient({ ...options, allowsPrivate: false });
    const { port } = new URL(receiver.url);
    for (const host of [
      '127.0.0.1',
      '127.1',
      '0x7f000001',
      '2130706433',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
    ])
      expect(await failure(client.post(`http://${host}:${port}/`, {}, '{}'))).toMatch(
        /^RequestError: .* is in a private network/,
      );
    expect(receiver.count).toBe(0);
    client.close();
  });

  it('check the address at each try, and connect to the one that was checked (DNS rebinding)', async () => {
    const { port } = new URL(receiver.url);
    // The second answer would be the victim. TEST-NET addresses do not answer.
    const addresses = ['8.8.8.8', '127.0.0.1'];
    const client = createHttpClient({
      ...options,
      timeoutMs: 300,
      allowsPrivate: false,
      resolve: resolver(addresses),
    });
    const address = `http://rebinding.example:${port}/`;
    expect(await failure(client.post(address, {}, '{}'))).not.toMatch(/private|answered$/);
    // One look-up for one connection: nothing asks again between the check and the connection.
    expect(addresses).toEqual(['127.0.0.1']);
    expect(await failure(client.post(address, {}, '{}'))).toMatch(/private network/);
    expect(receiver.count).toBe(0);
    client.close();
    // The control: the same resolver reaches the receiver if private addresses are allowed.
    const open = createHttpClient({ ...options, resolve: resolver(['127.0.0.1']) });
    expect((await open.post(address, {}, '{}')).status).toBe(204);
    open.close();
  });

  it('follow no redirect', async () => {
    const client = createHttpClient(options);
    receiver.answerWith(() => ({ status: 302, headers: { location: `${receiver.url}/other` } }));
    const before = receiver.count;
    expect((await client.post(receiver.url, {}, '{}')).status).toBe(302);
    expect(receiver.count).toBe(before + 1);
    client.close();
  });

  it('read the beginning of a long answer, and wait for none that never ends', async () => {
    const client = createHttpClient(options);
    receiver.answerWith(() => ({ status: 200, body: Buffer.alloc(10 * 1024 * 1024, 'x') }));
    const answer = await client.post(receiver.url, {}, '{}');
    expect([answer.status, answer.body.length]).toEqual([200, 64 * 1024]);
    receiver.answerWith(() => new Promise<number>(() => {}));
    expect(await failure(client.post(receiver.url, {}, '{}'))).toBe(
      'RequestError: There was no answer within 1 s.',
    );
    client.close();
  });

  it('say why there was no answer', async () => {
    const client = createHttpClient(options);
    expect(await failure(client.post('http://127.0.0.1:1/', {}, '{}'))).toBe(
      'RequestError: The connection failed (ECONNREFUSED).',
    );
    client.close();
  });
});
