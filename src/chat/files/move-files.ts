import { setTimeout as delay } from 'node:timers/promises';
import type { FileStore } from '../../storage/file-store.ts';
import { fileIdOf, keysOf, objectsOf } from './stores.ts';
import { isKept, keptFiles, type FileRow } from './file-rows.ts';
import { filesOf, hasBytes, pagesOf, type FileParts } from './verify-files.ts';

export interface MoveProgress {
  readonly files: number;
  readonly bytes: number;
  /** Files whose bytes could not be read or stored. They stay where they were. */
  readonly failed: number;
}

export interface MoveOptions {
  readonly from: FileStore;
  readonly to: FileStore;
  /** The time for downloads that have started to end before bytes are deleted, in ms. */
  readonly pauseMs: number;
  readonly report: (progress: MoveProgress) => void;
  /** Called when all rows are changed, before the pause. */
  readonly onPause: () => void;
  /** Receives the reason why a file could not be moved. */
  readonly onFailure: (fileId: string, error: unknown) => void;
}

const filesAtOnce = 8;
const objectsAtOnce = 200;
/** So many failures without a success mean that a store is out of reach. */
const failuresInARow = 24;

/**
 * Moves all complete files to another store, while nodes run. First it copies the bytes, compares
 * their sizes, and changes the row. Then it deletes the bytes of all files whose row names the
 * other store, also of an earlier run that was interrupted. Uploads that are not complete stay, and
 * files that are about to be deleted.
 */
export async function moveFiles(parts: FileParts, options: MoveOptions): Promise<MoveProgress> {
  const progress = await copyFiles(parts, options);
  if (progress.files > 0) {
    options.onPause();
    await delay(options.pauseMs);
  }
  await deleteSources(parts, options);
  return progress;
}

async function copyFiles(parts: FileParts, options: MoveOptions): Promise<MoveProgress> {
  const { from, to, report, onFailure } = options;
  let progress: MoveProgress = { files: 0, bytes: 0, failed: 0 };
  let failedSince = 0;
  for await (const page of keptFiles(parts.database, filesAtOnce, from.name)) {
    const outcomes = await Promise.allSettled(page.map((file) => moveFile(parts, from, to, file)));
    for (const [index, outcome] of outcomes.entries()) {
      const { files, bytes, failed } = progress;
      if (outcome.status === 'fulfilled') {
        failedSince = 0;
        if (outcome.value)
          progress = { files: files + 1, bytes: bytes + page[index]!.sizeBytes, failed };
      } else {
        failedSince += 1;
        progress = { files, bytes, failed: failed + 1 };
        onFailure(page[index]!.id, outcome.reason);
      }
    }
    report(progress);
    if (failedSince >= failuresInARow) break;
  }
  return progress;
}

/** The number of files that a move would move. */
export const countMovable = ({ database }: FileParts, from: FileStore): Promise<number> =>
  database.prisma.file.count({ where: { store: from.name, ...isKept() } });

/** The number of uploads that a move leaves where they are. */
export const countUploads = ({ database }: FileParts, from: FileStore): Promise<number> =>
  database.prisma.file.count({ where: { store: from.name, completedAt: null } });

/** Returns false if the file was deleted meanwhile. */
async function moveFile(
  parts: FileParts,
  from: FileStore,
  to: FileStore,
  file: FileRow,
): Promise<boolean> {
  for (const object of objectsOf(file)) await copyObject(from, to, object);
  const { count } = await parts.database.prisma.file.updateMany({
    where: { id: file.id, store: from.name, ...isKept() },
    data: { store: to.name, uploadKey: '' },
  });
  if (count > 0) return true;
  // Nothing of it may be left [P17].
  for (const key of keysOf(file)) await to.delete(key, '');
  return false;
}

async function copyObject(
  from: FileStore,
  to: FileStore,
  { key, sizeBytes, contentType }: ReturnType<typeof objectsOf>[number],
): Promise<void> {
  const bytes = await from.read(key);
  if (!bytes) throw new Error(`the bytes are missing in the store ${from.name}`);
  await to.write(key, sizeBytes, bytes, contentType);
  const stored = await to.sizeOf(key);
  if (stored !== sizeBytes)
    throw new Error(`the copy has ${stored} bytes, and the file ${sizeBytes}`);
}

/** A later run finds the bytes that an interrupted one left. */
async function deleteSources(parts: FileParts, { from, to }: MoveOptions): Promise<void> {
  for await (const page of pagesOf(from.list(), objectsAtOnce)) {
    const files = await filesOf(parts, page);
    for (const { key } of page) {
      const file = files.get(fileIdOf(key) ?? '');
      if (file?.store === to.name && file.completedAt && (await hasBytes(parts, file)))
        await from.delete(key, '');
    }
  }
}
