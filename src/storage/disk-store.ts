import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  IncompleteUpload,
  partCount,
  partSize,
  StoreUnavailable,
  type ByteRange,
  type FileStore,
  type StoredObject,
  type StoredPart,
} from './file-store.ts';

const pieceBytes = 64 * 1024;
/** The etag of an object that was not uploaded, but written as a whole. */
const wholeEtag = '0'.repeat(43);
/** A number and an etag. Other names are those of parts that are still arriving. */
const partName = /^(\d+)\.([\w-]{43})$/;

/**
 * Keeps files in a directory. An object is a directory with its parts, each a file named by its
 * number and a hash of its content. So completing an upload copies nothing: its directory is
 * renamed, and a part that arrives later finds no place. Uploads leave `reserveBytes` of the disk
 * free, because the database may be on it.
 */
export function createDiskStore(root: string, reserveBytes: number): FileStore {
  const uploadPath = (key: string) => join(root, 'uploads', key);
  // The last characters of an id are random, so the directories stay equally small.
  const objectPath = (key: string) => join(root, 'objects', key.slice(34, 36), key);
  /** The sizes of the parts that are arriving here. */
  let arrivingBytes = 0;

  async function requireSpace(sizeBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(root);
    if (bavail * bsize - sizeBytes < reserveBytes) throw new StoreUnavailable('the disk is full');
  }

  async function completeParts(path: string): Promise<StoredPart[] | undefined> {
    const names = await readdir(path).catch(absent);
    return names && Promise.all(partsIn(names).map((part) => sized(path, part)));
  }

  return {
    name: 'disk',
    begin: ({ key, sizeBytes }) =>
      guarded(async () => {
        await mkdir(uploadPath(key), { recursive: true, mode: 0o700 });
        try {
          await requireSpace(sizeBytes);
        } catch (error) {
          await rm(uploadPath(key), { recursive: true });
          throw error;
        }
        return '';
      }),
    partUrl: async () => undefined,
    writePart: ({ key }, number, sizeBytes, bytes) =>
      guarded(async () => {
        const arriving = join(uploadPath(key), `arriving-${randomUUID()}`);
        arrivingBytes += sizeBytes;
        try {
          // Uploads that began before may have filled the disk since.
          await requireSpace(arrivingBytes);
          const etag = await write(arriving, sizeBytes, bytes);
          await rename(arriving, join(uploadPath(key), `${number}.${etag}`));
          await removeOthers(uploadPath(key), number, etag);
          return etag;
        } catch (error) {
          await rm(arriving, { force: true });
          throw error;
        } finally {
          arrivingBytes -= sizeBytes;
        }
      }),
    storedParts: ({ key }) => guarded(async () => (await completeParts(uploadPath(key))) ?? []),
    complete: (upload, parts) =>
      guarded(async () => {
        const [from, to] = [uploadPath(upload.key), objectPath(upload.key)];
        const stored = (await completeParts(from)) ?? (await completeParts(to)) ?? [];
        const named = new Map(parts.map(({ number, etag }) => [number, etag]));
        const isChosen = ({ number, etag }: StoredPart) => named.get(number) === etag;
        const chosen = stored.filter(
          (part) => isChosen(part) && part.sizeBytes === partSize(upload, part.number),
        );
        if (named.size !== partCount(upload) || chosen.length !== named.size)
          throw new IncompleteUpload();
        await mkdir(dirname(to), { recursive: true });
        await rename(from, to).catch(absent);
        const kept = new Set(chosen.map(({ number, etag }) => `${number}.${etag}`));
        const names = await readdir(to);
        for (const name of names) if (!kept.has(name)) await rm(join(to, name), { force: true });
        // Another part with the same number arrived at this moment, and replaced one of them.
        if (![...kept].every((name) => names.includes(name))) throw new IncompleteUpload();
      }),
    write: (key, sizeBytes, bytes) =>
      guarded(async () => {
        const directory = objectPath(key);
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const arriving = join(directory, `arriving-${randomUUID()}`);
        try {
          await write(arriving, sizeBytes, bytes);
          await rename(arriving, join(directory, `1.${wholeEtag}`));
        } catch (error) {
          await rm(arriving, { force: true });
          throw error;
        }
        await removeOthers(directory, 1, wholeEtag);
      }),
    read: (key, range) =>
      guarded(async () => {
        const parts = await completeParts(objectPath(key));
        return parts && parts.length > 0 ? readParts(objectPath(key), parts, range) : undefined;
      }),
    sizeOf: (key) =>
      guarded(async () => {
        const parts = await completeParts(objectPath(key));
        return parts && parts.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
      }),
    async *list() {
      yield* listFolder(join(root, 'uploads'), true);
      for await (const shard of namesIn(join(root, 'objects')))
        yield* listFolder(join(root, 'objects', shard), false);
    },
    has: ({ location }) => guarded(async () => (await stat(location).catch(absent)) !== undefined),
    objectUrl: async () => undefined,
    delete: (key) =>
      guarded(async () => {
        for (const path of [uploadPath(key), objectPath(key)])
          await rm(path, { recursive: true, force: true });
      }),
  };
}

/** Writes exactly `sizeBytes` to a new file, and waits until the disk has them. */
async function write(
  path: string,
  sizeBytes: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of bytes) {
      written += piece.length;
      if (written > sizeBytes) break;
      hash.update(piece);
      await file.writeFile(piece);
    }
    if (written !== sizeBytes) throw new IncompleteUpload();
    await file.datasync();
  } finally {
    await file.close();
  }
  return hash.digest('base64url');
}

/** A part replaces the earlier ones of its number, which would take space that no quota counts. */
async function removeOthers(path: string, number: number, etag: string): Promise<void> {
  for (const part of partsIn((await readdir(path).catch(absent)) ?? []))
    if (part.number === number && part.etag !== etag)
      await rm(join(path, `${part.number}.${part.etag}`), { force: true });
}

function partsIn(names: readonly string[]): Omit<StoredPart, 'sizeBytes'>[] {
  const parts = names.flatMap((name) => {
    const [, number, etag] = partName.exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), etag: etag! }];
  });
  return parts.toSorted((one, other) => one.number - other.number);
}

async function sized(path: string, part: Omit<StoredPart, 'sizeBytes'>): Promise<StoredPart> {
  return { ...part, sizeBytes: (await stat(join(path, `${part.number}.${part.etag}`))).size };
}

/** Opens one part after the other, when the reader has come to it. */
async function* readParts(
  path: string,
  parts: readonly StoredPart[],
  { start, end }: ByteRange = { start: 0, end: Infinity },
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const { number, etag, sizeBytes } of parts) {
    const [from, to] = [start - offset, Math.min(end - offset, sizeBytes - 1)];
    offset += sizeBytes;
    if (from >= sizeBytes || to < 0) continue;
    yield* createReadStream(join(path, `${number}.${etag}`), {
      start: Math.max(0, from),
      end: to,
      highWaterMark: pieceBytes,
    }) as AsyncIterable<Uint8Array>;
  }
}

async function* listFolder(folder: string, isUpload: boolean): AsyncGenerator<StoredObject> {
  for await (const key of namesIn(folder)) {
    const location = join(folder, key);
    const found = await stat(location).catch(absent);
    if (found) yield { key, location, modifiedAt: found.mtime, isUpload };
  }
}

/** The names in a directory, a few at a time. None if there is no such directory. */
async function* namesIn(path: string): AsyncGenerator<string> {
  const directory = await opendir(path).catch(absent);
  if (directory) for await (const { name } of directory) yield name;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** The errors of a directory that is full, out of reach or misused. */
const unusable = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
  'ESTALE',
]);

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && unusable.has(code))
      throw new StoreUnavailable(message, { cause: error });
    throw error;
  }
}
