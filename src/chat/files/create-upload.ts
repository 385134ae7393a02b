import { v7 as newId } from 'uuid';
import { conflict, invalid } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { checkFileName } from './file-names.ts';
import type { FileRow } from './file-rows.ts';
import { takeQuota } from './quota.ts';
import { useStore } from './stores.ts';

export interface UploadRequest {
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

const mebibyte = 1024 * 1024;
/** An upload counts once in the rate for each of these that it begins. */
const countedBytes = 8 * mebibyte;

/**
 * Begins an upload of the viewer. The file counts in the quota from now on. INVALID for a file that
 * is empty or too large, CONFLICT if the quota does not allow it, UNAVAILABLE if the store is full.
 */
export async function createUpload(scope: Scope, request: UploadRequest): Promise<FileRow> {
  const viewer = requireViewer(scope);
  const { node } = scope;
  const { fileName, contentType, sizeBytes } = checkRequest(scope, request);
  await spend(scope, 'upload', Math.ceil(sizeBytes / countedBytes));
  const { limits } = node.config;
  const store = node.fileStores.current;
  const { id, partBytes } = await storeRow(scope, {
    id: newId(),
    ownerId: viewer.id,
    store: store.name,
    fileName,
    contentType,
    sizeBytes,
    partBytes: partBytesOf(sizeBytes, limits.uploadPartBytes, limits.uploadPartsMax),
    expiresAt: new Date(Date.now() + limits.unsentFileMs),
  });
  const { prisma } = node.database;
  try {
    const uploadKey = await useStore(scope, () =>
      store.begin({ key: id, sizeBytes, partBytes }, contentType),
    );
    return await prisma.file.update({ where: { id }, data: { uploadKey } });
  } catch (error) {
    await prisma.file.update({ where: { id }, data: { expiresAt: new Date() } });
    throw error;
  }
}

function checkRequest(
  scope: Scope,
  { fileName, contentType, sizeBytes }: UploadRequest,
): UploadRequest {
  const { ATTACHMENT_MAX_BYTES } = scope.node.config;
  const name = checkFileName(scope, fileName);
  if (!/^[\x20-\x7E]{0,255}$/.test(contentType))
    throw invalid(
      'Pass a media type such as image/png as `contentType`, up to 255 characters.',
      'contentType',
    );
  if (sizeBytes < 1) throw invalid('An empty file cannot be uploaded.', 'sizeBytes');
  if (sizeBytes > ATTACHMENT_MAX_BYTES)
    throw invalid(`A file has at most ${ATTACHMENT_MAX_BYTES} bytes on this server.`, 'sizeBytes');
  return { fileName: name, contentType, sizeBytes };
}

type NewFile = Pick<
  FileRow,
  'id' | 'ownerId' | 'store' | 'fileName' | 'contentType' | 'sizeBytes' | 'partBytes' | 'expiresAt'
>;

/** The row is stored before the first byte arrives. */
const storeRow = ({ node }: Scope, file: NewFile): Promise<FileRow> =>
  node.database.prisma.$transaction(async (transaction) => {
    const { ATTACHMENT_QUOTA_BYTES } = node.config;
    if (!(await takeQuota(transaction, file.ownerId, file.sizeBytes, ATTACHMENT_QUOTA_BYTES)))
      throw conflict(
        'This file exceeds the space that you have left on this server. Delete messages with files, then try again.',
      );
    return transaction.file.create({ data: file });
  });

/** Small files have one part. The parts of large ones grow, so that their number is limited. */
const partBytesOf = (sizeBytes: number, least: number, most: number): number =>
  Math.max(least, Math.ceil(Math.ceil(sizeBytes / most) / mebibyte) * mebibyte);
