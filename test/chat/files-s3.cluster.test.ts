import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bytesOf,
  completeUpload,
  createUpload,
  get,
  sendFiles,
  sha256,
  storedUpload,
  upload,
} from '../support/files.ts';
import { deleteMessage } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

describe('files on an S3 server', () => {
  let s3: S3Server;
  let node: TestNode;
  let ann: Person, eve: Person;
  let room: string;
  beforeAll(async () => {
    s3 = await startS3();
    node = await startNode({
      settings: { RATE_LIMITS: 'off', ...s3.settings },
      // No file passes through this node, so none needs one of its transfers [P13].
      limits: { deliveryCheckMs: 100, fileTransfers: 0 },
    });
    [ann, eve] = [await person(node, 'ann'), await person(node, 'eve')];
    room = (await createRoom(ann, { name: 'quay', visibility: 'PRIVATE' })).id;
  });
  afterAll(async () => {
    for (const someone of [ann, eve]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
  });

  const locationOf = async (by: Person, url: string) => {
    const { status, headers } = await fetch(new URL(url, node.app.url), {
      headers: { authorization: `Bearer ${by.token}` },
      redirect: 'manual',
    });
    return [status, headers.get('location')] as const;
  };

  it('are uploaded and fetched there, without passing a node', async () => {
    const bytes = bytesOf(20_000_000);
    const { parts } = await createUpload(ann, { sizeBytes: bytes.length });
    expect(parts.map(({ url }) => url.startsWith(s3.settings.S3_ENDPOINT!))).toEqual([
      true,
      true,
      true,
    ]);
    const { id, url } = await upload(node, ann, bytes, 'große Datei.bin');
    await sendFiles(ann, room, [id]);
    const [status, location] = await locationOf(ann, url);
    expect(status).toBe(302);
    expect(new URL(location!).searchParams.get('X-Amz-Expires')).toBe('60');
    const answer = await get(node, ann, url);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
    expect(answer.headers.get('content-disposition')).toContain('attachment; filename="gro_e');
    expect((await locationOf(eve, url))[0]).toBe(404);
  });

  it('[P13] have addresses that take only parts of the size that the quota counted', async () => {
    const { parts } = await createUpload(ann, { sizeBytes: 10 });
    // The server of the test does not compare signatures; S3 does.
    const signed = new URL(parts[0]!.url).searchParams.get('X-Amz-SignedHeaders');
    expect(signed!.split(';')).toContain('content-length');
  });

  it('are complete once, with all their parts', async () => {
    const bytes = bytesOf(10_000_000);
    const { uploadId, parts } = await storedUpload(node, ann, bytes);
    for (const wrong of [[], parts.slice(1)])
      await expect(completeUpload(ann, uploadId, wrong)).rejects.toMatchObject({
        code: 'INVALID',
      });
    const once = await completeUpload(ann, uploadId, parts);
    expect(await completeUpload(ann, uploadId, parts)).toEqual(once);
  });

  it('have a thumbnail and no metadata', async () => {
    const photo = await sharp({
      create: { width: 640, height: 480, channels: 3, background: 'teal' },
    })
      .jpeg()
      .withExif({ IFD0: { Copyright: 'ann' } })
      .toBuffer();
    const image = await upload(node, ann, new Uint8Array(photo));
    expect(image).toMatchObject({ contentType: 'image/jpeg', width: 640, height: 480 });
    const served = Buffer.from(await (await get(node, ann, image.url)).arrayBuffer());
    expect((await sharp(served).metadata()).exif).toBeUndefined();
    expect((await get(node, ann, image.thumbnailUrl!)).status).toBe(200);
  });

  it('[P17] are deleted there', async () => {
    const { id, url } = await upload(node, ann, bytesOf(5));
    const message = await sendFiles(ann, room, [id]);
    const [, location] = await locationOf(ann, url);
    expect((await fetch(location!)).status).toBe(200);
    await deleteMessage(ann, { messageId: message.id });
    await until('the object is gone', async () => (await fetch(location!)).status === 404);
  });

  it('are UNAVAILABLE while it is down, and the node goes on', async () => {
    await using broken = await startNode({
      settings: { ...s3.settings, S3_ENDPOINT: 'http://127.0.0.1:9' },
    });
    await using bob = await person(broken, 'bob');
    await expect(createUpload(bob, { sizeBytes: 5 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await createRoom(bob, { name: 'quay' });
  });
});
