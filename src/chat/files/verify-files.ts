import type { Node } from '../../scope.ts';
import type { FileStore, StoredObject } from '../../storage/file-store.ts';
import { isExpired, keptFiles, type FileRow } from './file-rows.ts';
import { fileIdOf, objectsOf } from './stores.ts';

/** The parts of a node that a command needs. */
export type FileParts = Pick<Node, 'database' | 'fileStores'>;

export interface FileFinding {
  /** `missing`: a file has no bytes, or not as many. `orphaned`: no file needs the bytes. */
  readonly problem: 'missing' | 'orphaned';
  readonly store: string;
  /** The id of a file, or the place of bytes. */
  readonly subject: string;
}

/** Younger bytes may be of an upload, a deletion or a move at this moment. */
const recentMs = 60 * 60_000;
const rowsAtOnce = 32;
const objectsAtOnce = 500;

/**
 * Compares the rows of files with the bytes in the stores. It may run while nodes run, reads pages
 * of both, and holds no more in memory. A file in a store that the settings do not name is missing.
 */
export async function* verifyFiles(parts: FileParts): AsyncGenerator<FileFinding> {
  yield* missingBytes(parts);
  for (const store of parts.fileStores.all) yield* orphanedBytes(parts, store);
}

/** The files whose bytes are missing. */
export async function* missingBytes(parts: FileParts): AsyncGenerator<FileFinding> {
  for await (const page of keptFiles(parts.database, rowsAtOnce)) {
    const verdicts = await Promise.all(
      page.map(async (file) => (await hasBytes(parts, file)) || !(await isUnchanged(parts, file))),
    );
    for (const [index, { id, store }] of page.entries())
      if (!verdicts[index]) yield { problem: 'missing', store, subject: id };
  }
}

/** Whether a store has all objects of a file, with their sizes. */
export async function hasBytes({ fileStores }: FileParts, file: FileRow): Promise<boolean> {
  const store = fileStores.find(file.store);
  if (!store) return false;
  const matches = await Promise.all(
    objectsOf(file).map(async ({ key, sizeBytes }) => (await store.sizeOf(key)) === sizeBytes),
  );
  return matches.every(Boolean);
}

/** False if the file was deleted or moved while it was looked at. */
async function isUnchanged({ database }: FileParts, file: FileRow): Promise<boolean> {
  const now = await database.prisma.file.findUnique({ where: { id: file.id } });
  return now?.store === file.store && !isExpired(now);
}

async function* orphanedBytes(parts: FileParts, store: FileStore): AsyncGenerator<FileFinding> {
  for await (const page of pagesOf(store.list(), objectsAtOnce)) {
    const files = await filesOf(parts, page);
    for (const object of page) {
      const isRecent = object.modifiedAt.getTime() > Date.now() - recentMs;
      if (isRecent || isNeeded(object, store, files)) continue;
      // The row may have been deleted since the page was read, and the bytes before it.
      if (!(await store.has(object))) continue;
      yield { problem: 'orphaned', store: store.name, subject: object.location };
    }
  }
}

/** The files to which the keys of objects belong, by id. */
export async function filesOf(
  { database }: FileParts,
  objects: readonly StoredObject[],
): Promise<ReadonlyMap<string, FileRow>> {
  const ids = objects.map(({ key }) => fileIdOf(key)).filter((id) => id !== undefined);
  const rows = await database.prisma.file.findMany({ where: { id: { in: ids } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Also true for what Causerie did not store, such as other contents of a bucket. */
function isNeeded(
  { key, isUpload }: StoredObject,
  { name }: FileStore,
  files: ReadonlyMap<string, FileRow>,
): boolean {
  const id = fileIdOf(key);
  if (id === undefined) return true;
  const file = files.get(id);
  if (file?.store !== name) return false;
  if (!file.completedAt) return true;
  return !isUpload && objectsOf(file).some((object) => object.key === key);
}

export async function* pagesOf<Item>(
  items: AsyncIterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
