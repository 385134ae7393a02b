import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  absolute,
  bytesOf,
  completeUpload,
  createUpload,
  findUpload,
  get,
  sendFiles,
  sha256,
  upload,
  type TestAttachment,
} from '../support/files.ts';
import { kickMember, reportMessage } from '../support/moderating.ts';
import { deleteMessage, editMessage } from '../support/messages.ts';
import { person, query, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, guest, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const text = (content: string) => new TextEncoder().encode(content);
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export function describeFiles({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person;
  let room: string;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ATTACHMENT_MAX_BYTES: '4000000', ADMIN_USERNAMES: 'root' },
      limits: { uploadPartBytes: 1024 * 1024, deliveryCheckMs: 100 },
    });
    [ann, bob, cat] = (await Promise.all(
      ['ann', 'bob', 'cat'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
    room = (await createRoom(ann, { name: 'quay', visibility: 'PRIVATE' })).id;
    await inviteToRoom(ann, { roomId: room, userIds: [bob.id] });
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  const statusOf = async (by: { token: string } | null, { url }: TestAttachment) => {
    const answer = await get(node, by, url);
    await answer.arrayBuffer();
    return answer.status;
  };
  /** The codes of a refusal in the body of an answer. */
  const refusalOf = async (answer: Response) => (await answer.json()).errors[0].extensions.code;

  describe('an upload', () => {
    it('arrives in parts and is sent with a message', async () => {
      const bytes = bytesOf(2_500_000);
      const attachment = await upload(node, ann, bytes, 'Über „uns“.bin');
      expect(attachment).toMatchObject({
        fileName: 'Über „uns“.bin',
        contentType: 'application/octet-stream',
        sizeBytes: 2_500_000,
        width: null,
      });
      const message = await sendFiles(ann, room, [attachment.id]);
      expect(message).toMatchObject({ body: '', attachments: [attachment] });
      const answer = await get(node, bob, attachment.url);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': '2500000',
        'content-disposition': `attachment; filename="_ber _uns_.bin"; filename*=UTF-8''%C3%9Cber%20%E2%80%9Euns%E2%80%9C.bin`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(/^sandbox;/),
        'cache-control': 'private, no-cache',
      });
      expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
    });

    it('resumes with the parts that are missing', async () => {
      const bytes = bytesOf(3_000_000);
      const { id, parts } = await createUpload(ann, { sizeBytes: bytes.length });
      expect(parts.map(({ sizeBytes }) => sizeBytes)).toEqual([1_048_576, 1_048_576, 902_848]);
      const put = ({ url, offset, sizeBytes }: (typeof parts)[number]) =>
        fetch(absolute(node, url), {
          method: 'PUT',
          body: bytes.slice(offset, offset + sizeBytes),
        });
      await put(parts[1]!);
      const resumed = (await findUpload(ann, id))!;
      expect(resumed.parts.map(({ isStored }) => isStored)).toEqual([false, true, false]);
      await expect(
        completeUpload(ann, id, [{ number: 2, etag: resumed.parts[1]!.etag! }]),
      ).rejects.toMatchObject({ code: 'INVALID' });
      for (const part of resumed.parts.filter(({ isStored }) => !isStored)) await put(part);
      const named = (await findUpload(ann, id))!.parts.map(({ number, etag }) => ({
        number,
        etag: etag!,
      }));
      const [once, again] = [
        await completeUpload(ann, id, named),
        await completeUpload(ann, id, named),
      ];
      expect(again).toEqual(once);
      expect(await findUpload(ann, id)).toBeNull();
      expect((await put(parts[0]!)).status).toBe(404);
    });

    it('takes a part of exactly its size, at its own address, while it is valid', async () => {
      const { id, parts } = await createUpload(ann, { sizeBytes: 10 });
      const { url } = parts[0]!;
      const put = (address: string, size: number) =>
        fetch(absolute(node, address), { method: 'PUT', body: bytesOf(size) });
      for (const size of [9, 11]) {
        const answer = await put(url, size);
        expect([answer.status, await refusalOf(answer)]).toEqual([400, 'INVALID']);
      }
      const other = await createUpload(ann, { sizeBytes: 10 });
      expect((await put(url.replace(id, other.id), 10)).status).toBe(403);
      expect((await put(url.replace(/until=\d/, 'until=9'), 10)).status).toBe(403);
      expect((await put(url.replace(`${id}/1`, `${id}/2`), 10)).status).toBe(403);
      expect((await put(url, 10)).status).toBe(200);
      expect((await findUpload(ann, id))!.parts[0]!.isStored).toBe(true);
    });

    it('is open to its owner only', async () => {
      const { id } = await createUpload(ann, { sizeBytes: 10 });
      expect(await findUpload(bob, id)).toBeNull();
      await expect(completeUpload(bob, id, [])).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(
        query(
          node.url,
          'mutation { createUpload(input: { fileName: "a", contentType: "a/b", sizeBytes: 1 }) { upload { id } } }',
        ),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    });

    it.each([
      ['an empty file', { sizeBytes: 0 }, 'INVALID'],
      ['a file that is too large', { sizeBytes: 4_000_001 }, 'INVALID'],
      ['a name without characters', { sizeBytes: 1, fileName: ' \u200B/' }, 'INVALID'],
      ['the name of a folder', { sizeBytes: 1, fileName: '..' }, 'INVALID'],
      ['a long name', { sizeBytes: 1, fileName: 'a'.repeat(256) }, 'INVALID'],
    ])('is refused for %s', async (_case, file, code) => {
      await expect(createUpload(ann, file)).rejects.toMatchObject({ code });
    });

    it.each([
      ['../../etc/passwd', 'passwd'],
      ['C:\\Users\\ann\\photo.png', 'photo.png'],
      ['invoice\u202Egnp.exe', 'invoicegnp.exe'],
      ['a"\r\nset-cookie: x.txt', 'a"set-cookie: x.txt'],
    ])('has a name that does not mislead: %j', async (given, fileName) => {
      expect(await upload(node, ann, bytesOf(3), given)).toMatchObject({ fileName });
    });
  });

  describe('a message', () => {
    it('takes files that its author uploaded, each once', async () => {
      const mine = await upload(node, ann, bytesOf(5));
      const bobs = await upload(node, bob, bytesOf(5));
      const pending = await createUpload(ann, { sizeBytes: 5 });
      for (const ids of [[bobs.id], [pending.id], [mine.id, bobs.id], ['nothing']])
        await expect(sendFiles(ann, room, ids)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(sendFiles(ann, room, [mine.id, mine.id])).rejects.toMatchObject({
        code: 'INVALID',
      });
      await expect(sendFiles(ann, room, Array(11).fill(mine.id))).rejects.toMatchObject({
        code: 'INVALID',
      });
      await expect(sendFiles(ann, room, [])).rejects.toMatchObject({ code: 'INVALID' });
      const first = await sendFiles(ann, room, [mine.id], { idempotencyKey: 'key' });
      const repeat = await sendFiles(ann, room, [mine.id], { idempotencyKey: 'key' });
      expect(repeat.id).toBe(first.id);
      await expect(
        sendFiles(ann, room, [], { body: 'other', idempotencyKey: 'key' }),
      ).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(sendFiles(ann, room, [mine.id])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('takes a file that several sends want at once for one of them only', async () => {
      const { id } = await upload(node, ann, bytesOf(5));
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () =>
          sendFiles(ann, room, [id]).then(
            () => 'sent',
            ({ code }) => code,
          ),
        ),
      );
      expect(outcomes.toSorted()).toEqual([...Array(7).fill('NOT_FOUND'), 'sent']);
    });

    it('keeps its files when it is edited, and may then have no text', async () => {
      const { id } = await upload(node, ann, bytesOf(5));
      const message = await sendFiles(ann, room, [id], { body: 'look' });
      await editMessage(ann, { messageId: message.id, body: '' });
      const { message: edited } = await bob.query(
        'query ($id: ID!) { message(id: $id) { body attachments { id } } }',
        { id: message.id },
      );
      expect(edited).toEqual({ body: '', attachments: [{ id }] });
    });

    it('brings its files to followers', async () => {
      const received = bob.follow(
        'subscription ($id: ID!) { roomMessages(roomId: $id) { ... on MessageSent { message { attachments { id url } } } ... on CaughtUp { replayed } } }',
        { id: room },
      );
      await received.count(1);
      const { id, url } = await upload(node, ann, bytesOf(5));
      await sendFiles(ann, room, [id]);
      expect(await received.find(({ message }) => message)).toEqual({
        message: { attachments: [{ id, url }] },
      });
    });
  });

  describe('a file', () => {
    it.each([
      ['image/png', 'inline', pixel, 'x.txt'],
      ['text/plain', 'attachment', text('<!doctype html><script>alert(1)</script>'), 'x.png'],
      [
        'text/plain',
        'attachment',
        text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        'x.svg',
      ],
      ['application/pdf', 'attachment', text('%PDF-1.7\n%âãÏÓ\n'), 'x.jpg'],
      ['application/octet-stream', 'attachment', new Uint8Array([0xff, 0, 1, 2]), 'x.mp4'],
    ])('is served as %s, %s, by its content', async (type, disposition, bytes, name) => {
      const attachment = await upload(node, ann, bytes, name);
      expect(attachment.contentType).toBe(type);
      const { headers } = await get(node, ann, attachment.url, {}, 'HEAD');
      expect(headers.get('content-type')!.split(';')[0]).toBe(type);
      expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('is served in ranges, and not at all if the client has it', async () => {
      const bytes = bytesOf(2_000_000);
      const { url } = await upload(node, ann, bytes);
      const range = async (value: string, more = {}) => {
        const answer = await get(node, ann, url, { range: value, ...more });
        const body = new Uint8Array(await answer.arrayBuffer());
        return [answer.status, answer.headers.get('content-range'), sha256(body)];
      };
      const part = (start: number, end: number) => [
        206,
        `bytes ${start}-${end}/2000000`,
        sha256(bytes.subarray(start, end + 1)),
      ];
      // Across the border of two parts.
      expect(await range('bytes=1048570-1048590')).toEqual(part(1_048_570, 1_048_590));
      expect(await range('bytes=-5')).toEqual(part(1_999_995, 1_999_999));
      expect(await range('bytes=1999990-')).toEqual(part(1_999_990, 1_999_999));
      expect(await range('bytes=0-99999999')).toEqual(part(0, 1_999_999));
      expect((await range('bytes=2000000-'))[0]).toBe(416);
      expect((await range('bytes=1-2', { 'if-range': '"another"' }))[0]).toBe(200);
      expect((await range('bytes=1-2,5-6'))[0]).toBe(200);
      const etag = (await get(node, ann, url, {}, 'HEAD')).headers.get('etag')!;
      expect((await get(node, ann, url, { 'if-none-match': etag })).status).toBe(304);
      expect((await get(node, bob, url, { 'if-none-match': etag })).status).toBe(404);
    });

    it('is open to everyone who may see the message, checked at each request', async () => {
      const dan = await person(node, 'dan');
      const gus = await guest(node, 'Gus');
      const root = await person(node, 'root');
      await inviteToRoom(ann, { roomId: room, userIds: [dan.id] });
      const file = await upload(node, ann, bytesOf(5));
      expect(await statusOf(ann, file)).toBe(200);
      expect(await statusOf(bob, file)).toBe(404);
      const message = await sendFiles(ann, room, [file.id]);
      const statuses = async () =>
        Promise.all([ann, bob, dan, cat, gus, null].map((by) => statusOf(by, file)));
      expect(await statuses()).toEqual([200, 200, 200, 404, 404, 401]);
      await kickMember(ann, { roomId: room, userId: dan.id });
      expect(await statuses()).toEqual([200, 200, 404, 404, 404, 401]);
      expect((await get(node, { token: 'nonsense' }, file.url)).status).toBe(401);
      expect((await get(node, null, `${file.url}?access_token=${bob.token}`)).status).toBe(200);
      expect(await statusOf(root, file)).toBe(404);
      await deleteMessage(ann, { messageId: message.id });
      expect(await statuses()).toEqual([404, 404, 404, 404, 404, 401]);
      for (const someone of [dan, gus, root]) await someone[Symbol.asyncDispose]();
    });

    it('of a public room is open to people who have not joined', async () => {
      const open = (await createRoom(ann, { name: 'pier' })).id;
      const file = await upload(node, ann, bytesOf(5));
      await sendFiles(ann, open, [file.id]);
      expect(await statusOf(cat, file)).toBe(200);
    });

    it('of a reported message is open to its moderators', async () => {
      const place = (await createRoom(bob, { name: 'dock' })).id;
      await joinRoom(ann, { roomId: place });
      const file = await upload(node, ann, bytesOf(5));
      const message = await sendFiles(ann, place, [file.id]);
      await reportMessage(cat, { messageId: message.id, reason: 'rude' });
      expect(await statusOf(bob, file)).toBe(200);
    });

    it('of a blocked person is hidden with the message', async () => {
      await sendPrivate(cat, bob, 'hello');
      await cat.query(`mutation { blockUser(input: { userId: "${bob.id}" }) { user { id } } }`);
      const file = await upload(node, bob, bytesOf(5));
      await bob.query(
        `mutation { sendPrivateMessage(input: { toUserId: "${cat.id}", body: "", attachmentIds: ["${file.id}"] }) { message { id } } }`,
      );
      expect([await statusOf(bob, file), await statusOf(cat, file)]).toEqual([200, 404]);
    });

    it.each([
      '/files/',
      '/files/..%2f..%2fetc%2fpasswd',
      '/files/x/../../etc',
      '/files/uploads/../1',
    ])('is not found at %s', async (path) => {
      expect((await get(node, ann, path)).status).toBeGreaterThanOrEqual(400);
    });

    it('accepts no other methods', async () => {
      const { url } = await upload(node, ann, bytesOf(5));
      expect((await get(node, ann, url, {}, 'DELETE')).status).toBe(405);
      expect((await get(node, ann, url, {}, 'PUT')).status).toBe(405);
    });
  });

  describe('an image', () => {
    const photo = () =>
      sharp({ create: { width: 800, height: 600, channels: 3, background: 'teal' } });
    const bytesIn = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

    it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
      'has a size, a placeholder and a thumbnail: %s',
      async (format) => {
        const bytes = new Uint8Array(await photo().toFormat(format).toBuffer());
        const image = await upload(node, ann, bytes, 'photo');
        expect(image).toMatchObject({
          contentType: `image/${format}`,
          width: 800,
          height: 600,
          sizeBytes: bytes.length,
          placeholder: expect.stringMatching(/^data:image\/webp;base64,.{20,400}$/),
        });
        const answer = await get(node, ann, image.thumbnailUrl!);
        expect(answer.headers.get('content-type')).toBe('image/webp');
        expect(await sharp(await bytesIn(answer)).metadata()).toMatchObject({
          width: 480,
          height: 360,
        });
        expect(await statusOf(bob, { ...image, url: image.thumbnailUrl! })).toBe(404);
        // Nothing had to be removed, so the bytes are those that were uploaded.
        expect(sha256(await bytesIn(await get(node, ann, image.url)))).toBe(sha256(bytes));
      },
    );

    it('loses the place where it was taken, and stays upright', async () => {
      const taken = await photo()
        .jpeg()
        .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } })
        .withMetadata({ orientation: 6 })
        .toBuffer();
      const before = await sharp(taken).metadata();
      expect([before.exif !== undefined, before.orientation]).toEqual([true, 6]);
      const image = await upload(node, ann, new Uint8Array(taken), 'photo.jpg');
      expect(image).toMatchObject({ width: 600, height: 800 });
      const served = await bytesIn(await get(node, ann, image.url));
      expect(served.length).toBe(image.sizeBytes);
      const after = await sharp(served).metadata();
      expect(after).toMatchObject({ width: 600, height: 800 });
      expect([after.exif, after.orientation]).toEqual([undefined, undefined]);
    });

    it('[P13] that unpacks to more pixels than the limit is refused', async () => {
      const bomb = await sharp({
        create: { width: 9000, height: 9000, channels: 3, background: 'red' },
      })
        .png()
        .toBuffer();
      // It unpacks to 243 MB.
      expect(bomb.length).toBeLessThan(2_000_000);
      await expect(upload(node, ann, new Uint8Array(bomb))).rejects.toMatchObject({
        code: 'INVALID',
      });
    });

    it('that is damaged is refused, because its metadata cannot be removed', async () => {
      const taken = await photo()
        .jpeg()
        .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } })
        .toBuffer();
      const damaged = [
        new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
        new Uint8Array(taken.subarray(0, taken.length / 2)),
      ];
      for (const bytes of damaged)
        await expect(upload(node, ann, bytes, 'photo.jpg')).rejects.toMatchObject({
          code: 'INVALID',
          message: expect.stringContaining('damaged'),
        });
    });

    it('is not a text that begins like one', async () => {
      const { contentType, url } = await upload(node, ann, text('GIF of a cat'), 'cat.gif');
      expect(contentType).toBe('text/plain');
      const { headers } = await get(node, ann, url, {}, 'HEAD');
      expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    });
  });

  it('gives the quota back when a message is deleted', async () => {
    await using small = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ATTACHMENT_QUOTA_BYTES: '1000' },
      limits: { deliveryCheckMs: 100 },
    });
    await using eve = await person(small, 'eve');
    const { id: place } = await createRoom(eve, { name: 'quay' });
    const { id } = await upload(small, eve, bytesOf(600));
    await expect(createUpload(eve, { sizeBytes: 401 })).rejects.toMatchObject({ code: 'CONFLICT' });
    const message = await sendFiles(eve, place, [id]);
    await expect(createUpload(eve, { sizeBytes: 401 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await deleteMessage(eve, { messageId: message.id });
    await until('the space is free again', () =>
      createUpload(eve, { sizeBytes: 401 }).then(
        () => true,
        () => false,
      ),
    );
  });
}
