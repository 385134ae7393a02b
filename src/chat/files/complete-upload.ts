import { invalid, notFound } from '../../errors.ts';
import type { Node, Scope } from '../../scope.ts';
import {
  IncompleteUpload,
  partCount,
  type FileStore,
  type NamedPart,
} from '../../storage/file-store.ts';
import { spend } from '../policy/allowances.ts';
import { describeContent, type Description } from './describe-content.ts';
import { fileById, isExpired, type FileRow } from './file-rows.ts';
import { changeUsage } from './quota.ts';
import { keysOf, storeOf, uploadOf, useStore } from './stores.ts';
import { findOwnFile } from './uploads.ts';

/**
 * Makes an attachment of an upload of the viewer. A repeat returns the same attachment. INVALID if
 * parts are missing or have other etags, and for an image that cannot be read.
 */
export async function completeUpload(
  scope: Scope,
  { uploadId, parts }: { readonly uploadId: string; readonly parts: readonly NamedPart[] },
): Promise<FileRow> {
  const file = await findOwnFile(scope, uploadId);
  if (!file || isExpired(file)) throw noSuchUpload();
  if (file.completedAt) return file;
  const { node } = scope;
  await spend(scope, 'upload');
  const store = storeOf(node, file);
  const description = await useStore(scope, async () => {
    await joinParts(store, file, parts);
    return describeContent(node, store, file);
  });
  const completed = await storeDescription(node, file, description);
  fileById.clear(scope, file.id);
  // The copy without metadata replaces the uploaded bytes.
  if (completed?.isCleaned) await useStore(scope, () => store.delete(file.id, ''));
  // A repeat may have completed it at the same moment.
  const now = completed ?? (await fileById.load(scope, file.id));
  if (now?.completedAt) return now;
  // The file expired or was deleted meanwhile, maybe before its copies were stored [P17].
  await useStore(scope, async () => {
    for (const key of keysOf(file)) await store.delete(key, '');
  });
  throw noSuchUpload();
}

async function joinParts(
  store: FileStore,
  file: FileRow,
  parts: readonly NamedPart[],
): Promise<void> {
  const upload = uploadOf(file);
  const named = parts.map(({ number, etag }) => ({ number, etag: etag.replaceAll('"', '') }));
  if (new Set(named.map(({ number }) => number)).size !== partCount(upload)) throw incomplete();
  try {
    await store.complete(upload, named);
  } catch (error) {
    if (error instanceof IncompleteUpload) throw incomplete();
    throw error;
  }
}

/**
 * Stores that an upload is complete. If its bytes were replaced by others, the quota follows.
 * Undefined if it was completed or has expired meanwhile.
 */
const storeDescription = (
  { database, config }: Node,
  { id, ownerId, sizeBytes }: FileRow,
  description: Description,
): Promise<FileRow | undefined> =>
  database.prisma.$transaction(async (transaction) => {
    const now = new Date();
    const [completed] = await transaction.file.updateManyAndReturn({
      where: { id, completedAt: null, expiresAt: { gt: now } },
      data: {
        ...description,
        completedAt: now,
        expiresAt: new Date(now.getTime() + config.limits.unsentFileMs),
      },
    });
    const more = (completed?.sizeBytes ?? sizeBytes) - sizeBytes;
    if (more !== 0) await changeUsage(transaction, ownerId, more);
    return completed;
  });

const noSuchUpload = () =>
  notFound('There is no such upload, or it has expired. Begin another one with createUpload.');

const incomplete = () =>
  invalid(
    'The upload is not complete. Query the parts of the `upload`, send those that are not stored, and pass the number and the etag of each part.',
    'parts',
  );
