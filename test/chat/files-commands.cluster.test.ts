import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { moveFiles, type MoveProgress } from '../../src/chat/files/move-files.ts';
import { verifyFiles, type FileFinding } from '../../src/chat/files/verify-files.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { createLog } from '../../src/log.ts';
import type { FileStore } from '../../src/storage/file-store.ts';
import { openFileStores, type FileStores } from '../../src/storage/file-stores.ts';
import {
  bytesOf,
  createUpload,
  findUpload,
  get,
  sendFiles,
  sha256,
  upload,
} from '../support/files.ts';
import { deleteMessage } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const old = new Date(Date.now() - 2 * 60 * 60_000);

async function* bytesInPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const strangeId = '01890000-0000-7000-8000-0000000000ff';

describeWithPostgres('npm run files', () => {
  let s3: S3Server;
  /** `before` keeps files on the disk, `node` in S3. They share everything. */
  let before: TestNode, node: TestNode;
  let ann: Person;
  let room: string;
  let database: Database;
  let fileStores: FileStores;
  let disk: FileStore, bucket: FileStore;
  beforeAll(async () => {
    s3 = await startS3();
    const settings = { RATE_LIMITS: 'off' };
    const limits = { deliveryCheckMs: 100 };
    before = await startNode({ settings, limits });
    node = await startNode({ settings: { ...before.settings, ...s3.settings }, limits });
    ann = await person(before, 'ann');
    room = (await createRoom(ann, { name: 'quay' })).id;
    const config = readConfig(node.settings);
    database = await openDatabase(config, createLog('silent'));
    fileStores = openFileStores(config);
    [disk, bucket] = [fileStores.find('disk')!, fileStores.find('s3')!];
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await ann[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await before[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
  });

  async function findings(): Promise<FileFinding[]> {
    const found = [];
    for await (const finding of verifyFiles({ database, fileStores })) found.push(finding);
    return found;
  }

  const objectPath = (id: string) =>
    `${node.settings.DATA_DIR}/files/objects/${id.slice(34, 36)}/${id}`;

  const keysIn = async (store: FileStore): Promise<string[]> => {
    const keys = [];
    for await (const { key, isUpload } of store.list()) if (!isUpload) keys.push(key);
    return keys.toSorted();
  };

  async function sendFile(size: number, by = before) {
    const bytes = bytesOf(size);
    const { id, url } = await upload(by, by === node ? ann.at(node) : ann, bytes);
    const message = await sendFiles(ann, room, [id]);
    return { id, url, hash: sha256(bytes), message };
  }

  const hashAt = async (url: string) =>
    sha256(new Uint8Array(await (await get(node, ann, url)).arrayBuffer()));

  async function move(from: FileStore, to: FileStore): Promise<MoveProgress> {
    const failures: string[] = [];
    const progress = await moveFiles(
      { database, fileStores },
      {
        from,
        to,
        pauseMs: 0,
        report: () => {},
        onPause: () => {},
        onFailure: (id) => failures.push(id),
      },
    );
    expect(failures).toHaveLength(progress.failed);
    return progress;
  }

  const command = (...args: string[]) =>
    run(process.execPath, ['dist/files.js', ...args], {
      env: { ...process.env, ...node.settings },
      timeout: 120_000,
    }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string });

  it('find nothing where all is well, also while an upload is in progress', async () => {
    await sendFile(5);
    await createUpload(ann, { sizeBytes: 5 });
    expect(await findings()).toEqual([]);
  });

  it('find files without their bytes, and bytes without a file, on the disk and in S3', async () => {
    const [lost, short] = [await sendFile(5), await sendFile(5)];
    const lostInS3 = await sendFile(5, node);
    await rm(objectPath(lost.id), { recursive: true });
    const [part] = await readdir(objectPath(short.id));
    await writeFile(`${objectPath(short.id)}/${part}`, 'x');
    await bucket.delete(lostInS3.id, '');
    const recentId = strangeId.replace('ff', 'fe');
    for (const id of [strangeId, recentId]) {
      await mkdir(objectPath(id), { recursive: true });
      await writeFile(`${objectPath(id)}/x`, 'x');
    }
    await utimes(objectPath(strangeId), old, old);
    await s3.put(`${strangeId}-clean`, old);
    await s3.put(`${recentId}-clean`, new Date());
    await s3.put('of-another-program', old);
    const found = await findings();
    expect(found.filter(({ problem }) => problem === 'missing')).toEqual(
      [lost, short, lostInS3].map(({ id }, index) => ({
        problem: 'missing',
        store: index === 2 ? 's3' : 'disk',
        subject: id,
      })),
    );
    const { S3_ENDPOINT, S3_BUCKET } = s3.settings;
    expect(found.filter(({ problem }) => problem === 'orphaned')).toEqual([
      { problem: 'orphaned', store: 'disk', subject: objectPath(strangeId) },
      {
        problem: 'orphaned',
        store: 's3',
        subject: `${S3_ENDPOINT}/${S3_BUCKET}/${strangeId}-clean`,
      },
    ]);
    const printed = await command('verify');
    expect(printed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/3 files have no bytes[^]*at 2 places/),
    });
    expect(printed.stdout.trim().split('\n')).toHaveLength(5);
    for (const { message } of [lost, short, lostInS3])
      await deleteMessage(ann, { messageId: message.id });
    await rm(objectPath(strangeId), { recursive: true });
    await rm(objectPath(recentId), { recursive: true });
    for (const id of [strangeId, recentId]) await bucket.delete(`${id}-clean`, '');
    await until('the files are gone', async () => (await findings()).length === 0);
    expect(await command('verify')).toMatchObject({ stdout: '' });
  });

  it('move files to S3 and back, while nodes serve them', async () => {
    const photo = await sharp({
      create: { width: 640, height: 480, channels: 3, background: 'teal' },
    })
      .jpeg()
      .withExif({ IFD0: { Copyright: 'ann' } })
      .toBuffer();
    const image = await upload(before, ann, new Uint8Array(photo));
    await sendFiles(ann, room, [image.id]);
    const files = [await sendFile(5), await sendFile(20_000_000)];
    const { id: uploadId } = await createUpload(ann, { sizeBytes: 5 });
    const keys = await keysIn(disk);
    expect(keys).toContain(`${image.id}-clean`);
    const hashes = () => Promise.all([...files, image].map(({ url }) => hashAt(url)));
    const hashesBefore = await hashes();
    const { failed, files: moved } = await move(disk, bucket);
    expect([failed, moved >= 3]).toEqual([0, true]);
    expect(await hashes()).toEqual(hashesBefore);
    expect(await keysIn(bucket)).toEqual(expect.arrayContaining(keys));
    expect((await keysIn(disk)).filter((key) => keys.includes(key))).toEqual([]);
    expect(await findUpload(ann, uploadId)).not.toBeNull();
    expect(await findings()).toEqual([]);
    await move(bucket, disk);
    expect(await keysIn(disk)).toEqual(expect.arrayContaining(keys));
    expect(await hashes()).toEqual(hashesBefore);
    expect(await findings()).toEqual([]);
    const { stdout } = await command('move', '--to', 'disk');
    expect(stdout).toContain('Moving 0 files from s3 to disk.');
  });

  it('go on after an interruption, and delete no bytes without a copy', async () => {
    const files = [await sendFile(5), await sendFile(6), await sendFile(7)];
    const [first, second, third] = files.map(({ id }) => id);
    const failing: FileStore = {
      ...bucket,
      write: (key, ...rest) =>
        key === second ? Promise.reject(new Error('cut')) : bucket.write(key, ...rest),
      // As a store does that lost what it had taken.
      sizeOf: async (key) => (key === third ? undefined : bucket.sizeOf(key)),
    };
    expect((await move(disk, failing)).failed).toBe(2);
    const left = (await keysIn(disk)).filter((key) => files.some(({ id }) => id === key));
    expect(left).toEqual([second, third].toSorted());
    // An earlier run copied it, and was interrupted before it deleted the source.
    const copied = await bucket.read(first!);
    await disk.write(first!, 5, copied!, 'application/octet-stream');
    expect((await move(disk, bucket)).failed).toBe(0);
    expect((await keysIn(disk)).filter((key) => files.some(({ id }) => id === key))).toEqual([]);
    for (const { url, hash } of files) expect(await hashAt(url)).toBe(hash);
    expect(await findings()).toEqual([]);
  });

  it('[P17] move nothing that is deleted meanwhile', async () => {
    const { id, message } = await sendFile(5);
    const slow: FileStore = {
      ...bucket,
      write: async (key, ...rest) => {
        await bucket.write(key, ...rest);
        if (key !== id) return;
        await deleteMessage(ann, { messageId: message.id });
        await until('the bytes are deleted', async () => !(await keysIn(disk)).includes(id));
        await bucket.write(key, 5, bytesInPieces(bytesOf(5)), 'text/plain');
      },
    };
    await move(disk, slow);
    expect(await keysIn(bucket)).not.toContain(id);
  });

  it('explain their arguments', async () => {
    for (const args of [[], ['tidy'], ['verify', 'now']])
      expect(await command(...args)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^Usage:/),
      });
  });
});
