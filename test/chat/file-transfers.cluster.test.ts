import { createCipheriv, createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  absolute,
  bytesOf,
  completeUpload,
  createUpload,
  findUpload,
  get,
  upload,
  type TestUpload,
} from '../support/files.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type NodeOptions, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

type Part = TestUpload['parts'][number];

const start = ({ settings, limits }: NodeOptions = {}) =>
  startNode({
    settings: { RATE_LIMITS: 'off', ...settings },
    limits: { deliveryCheckMs: 100, ...limits },
  });

/** The bytes of a part: random, but always the same. */
const contentOf = ({ number, sizeBytes }: Part): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    createCipheriv('aes-128-ctr', Buffer.alloc(16, number), Buffer.alloc(16)).update(
      Buffer.alloc(sizeBytes),
    ),
  );

const put = async (node: TestNode, part: Part) => {
  const answer = await fetch(absolute(node, part.url), { method: 'PUT', body: contentOf(part) });
  if (answer.status !== 200) throw new Error(`refused with ${answer.status}`);
};

/** Sends a part until the middle, and cuts the connection. */
async function putHalf(node: TestNode, part: Part): Promise<void> {
  const request = httpRequest(absolute(node, part.url), {
    method: 'PUT',
    headers: { 'content-length': part.sizeBytes },
  });
  request.on('error', () => {});
  const half = contentOf(part).subarray(0, part.sizeBytes / 2);
  await new Promise((resolve) => request.write(half, resolve));
  request.destroy();
}

describe('a large upload', () => {
  it('of 200 MB that is cut five times arrives whole', async () => {
    await using node = await start({ settings: { ATTACHMENT_MAX_BYTES: '200000000' } });
    await using ann = await person(node, 'ann');
    const { id, parts } = await createUpload(ann, { sizeBytes: 200_000_000 });
    const cuts = [0, 5, 10, 15, 20];
    for (const [place, part] of parts.entries())
      await (cuts.includes(place) ? putHalf(node, part) : put(node, part));
    const missing = (await findUpload(ann, id))!.parts.filter(({ isStored }) => !isStored);
    expect(missing.map(({ number }) => number)).toEqual(cuts.map((place) => place + 1));
    for (const part of missing) await put(node, part);
    const stored = (await findUpload(ann, id))!.parts;
    const { url } = await completeUpload(
      ann,
      id,
      stored.map(({ number, etag }) => ({ number, etag: etag! })),
    );
    const expected = createHash('sha256');
    for (const part of parts) expected.update(contentOf(part));
    const arrived = createHash('sha256');
    for await (const piece of (await get(node, ann, url)).body!) arrived.update(piece);
    expect(arrived.digest('hex')).toBe(expected.digest('hex'));
  }, 120_000);
});

async function transfers(node: TestNode): Promise<number> {
  const text = await (await fetch(new URL('/metrics', node.url))).text();
  return Number(/budget_held\{budget="file_transfers"\} (\d+)/.exec(text)?.[1]);
}

describe('[P5] [P13] a transfer', () => {
  const slow = { writeDeadlineMs: 1000, drainBytesPerSecond: 1024 * 1024 };

  /** Sends a byte now and then. Resolves with the time until the connection was closed. */
  async function trickle(node: TestNode, part: Part): Promise<number> {
    const request = httpRequest(absolute(node, part.url), {
      method: 'PUT',
      headers: { 'content-length': part.sizeBytes },
    });
    const startedAt = performance.now();
    const closed = new Promise<number>((resolve) => {
      request.on('error', () => {});
      request.on('close', () => resolve(performance.now() - startedAt));
    });
    const timer = setInterval(() => request.write('x'), 50);
    return closed.finally(() => clearInterval(timer));
  }

  it('of a client that sends too slowly is ended', async () => {
    await using node = await start({ limits: slow });
    await using ann = await person(node, 'ann');
    const { id, parts } = await createUpload(ann, { sizeBytes: 5_000_000 });
    expect(await trickle(node, parts[0]!)).toBeGreaterThan(900);
    expect((await findUpload(ann, id))!.parts[0]!.isStored).toBe(false);
    // Another one at the same address is not hindered.
    await put(node, parts[0]!);
  });

  it('of a client that does not read is ended', async () => {
    await using node = await start({ limits: slow });
    await using ann = await person(node, 'ann');
    const { url } = await upload(node, ann, bytesOf(30_000_000));
    const closed = await new Promise<boolean>((resolve, reject) => {
      const request = httpRequest(absolute(node, url), {
        headers: { authorization: `Bearer ${ann.token}` },
      });
      request.on('response', (response) => {
        response.pause();
        response.once('close', () => resolve(!response.complete));
        // The end is seen only by reading.
        response.on('error', () => {});
        void until(
          'the node has closed the connection',
          async () => (await transfers(node)) === 0,
        ).then(() => response.resume(), reject);
      });
      request.end();
    });
    expect(closed).toBe(true);
  });

  it('of a user who has too many is refused', async () => {
    await using node = await start({ limits: { fileTransfersPerUser: 2 } });
    await using ann = await person(node, 'ann');
    const { url } = await upload(node, ann, bytesOf(5));
    const { parts } = await createUpload(ann, { sizeBytes: 5_000_000 });
    const open = [1, 2].map(() => {
      const request = httpRequest(absolute(node, parts[0]!.url), {
        method: 'PUT',
        headers: { 'content-length': parts[0]!.sizeBytes },
      });
      request.on('error', () => {});
      request.write('x');
      return request;
    });
    await until('both count', async () => (await transfers(node)) === 2);
    const refused = await get(node, ann, url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    for (const request of open) request.destroy();
    await until('both are over', async () => (await get(node, ann, url)).status === 200);
  });

  it('counts for the address of the client, with all of its users', async () => {
    await using node = await start({
      settings: { TRUSTED_PROXIES: 'loopback' },
      limits: { fileTransfersPerUser: 2, fileTransfersPerAddress: 3 },
    });
    const people = [
      await person(node, 'ann'),
      await person(node, 'bob'),
      await person(node, 'cat'),
    ];
    const begin = async (of: Person, address: string) => {
      const { parts } = await createUpload(of, { sizeBytes: 5_000_000 });
      const request = httpRequest(absolute(node, parts[0]!.url), {
        method: 'PUT',
        headers: { 'content-length': parts[0]!.sizeBytes, 'x-forwarded-for': address },
      });
      request.on('error', () => {});
      const answered = new Promise<number>((resolve) =>
        request.on('response', ({ statusCode }) => resolve(statusCode!)),
      );
      request.write('x');
      return { request, answered };
    };
    const [ann, bob, cat] = people as [Person, Person, Person];
    const open = [
      await begin(ann, '2001:db8:1:2::1'),
      await begin(ann, '2001:db8:1:2::1'),
      await begin(bob, '2001:db8:1:2::2'),
    ];
    await until('all count', async () => (await transfers(node)) === 3);
    expect(await (await begin(cat, '2001:db8:1:2::3')).answered).toBe(429);
    // The control: another network.
    open.push(await begin(cat, '2001:db8:1:3::1'));
    await until('it counts', async () => (await transfers(node)) === 4);
    for (const { request } of open) request.destroy();
    await until('all are over', async () => (await transfers(node)) === 0);
    for (const someone of people) await someone[Symbol.asyncDispose]();
  });

  it('is refused with UNAVAILABLE while the disk is full, and the node goes on', async () => {
    await using node = await start({ limits: { diskReserveBytes: 1e18 } });
    await using ann = await person(node, 'ann');
    await expect(createUpload(ann, { sizeBytes: 5 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await createRoom(ann, { name: 'quay' });
  });
});
