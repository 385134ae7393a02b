import { v7 as newId } from 'uuid';
import { conflict, invalid, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { IncompleteUpload, partCount, partSize, type NamedPart } from '../../storage/file-store.ts';
import { spend } from '../policy/allowances.ts';
import { describeContent } from './describe-content.ts';
import { fileById, type FileRow } from './file-rows.ts';
import { checkFileName } from './file-names.ts';
import { partLink } from './part-links.ts';
import { reserveFile, storeDescription } from './quota.ts';
import { keysOf, storeOf, uploadOf, useStore } from './stores.ts';

export interface UploadRequest {
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** A part of an upload, for the client. */
export interface UploadPart {
  readonly number: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly url: string;
  /** The etag of a part that is stored; null for the others. */
  readonly etag: string | null;
}

const mebibyte = 1024 * 1024;
/** An upload counts once in the rate for each of these that it begins. */
const countedBytes = 8 * mebibyte;

/**
 * Begins an upload of the viewer. The file counts in the quota from now on. INVALID for a file that
 * is empty or too large, CONFLICT if the quota does not allow it, UNAVAILABLE if the store is full.
 */
export async function createUpload(
  scope: Scope,
  { fileName, contentType, sizeBytes }: UploadRequest,
): Promise<FileRow> {
  const viewer = requireViewer(scope);
  const { node } = scope;
  const { ATTACHMENT_MAX_BYTES, limits } = node.config;
  const name = checkFileName(scope, fileName);
  if (!/^[\x20-\x7E]{0,255}$/.test(contentType))
    throw invalid(
      'Pass a media type such as image/png as `contentType`, up to 255 characters.',
      'contentType',
    );
  if (sizeBytes < 1) throw invalid('An empty file cannot be uploaded.', 'sizeBytes');
  if (sizeBytes > ATTACHMENT_MAX_BYTES)
    throw invalid(`A file has at most ${ATTACHMENT_MAX_BYTES} bytes on this server.`, 'sizeBytes');
  await spend(scope, 'upload', Math.ceil(sizeBytes / countedBytes));
  const store = node.fileStores.current;
  const id = newId();
  const partBytes = partBytesOf(sizeBytes, limits.uploadPartBytes, limits.uploadPartsMax);
  const reserved = await reserveFile(node, {
    id,
    ownerId: viewer.id,
    store: store.name,
    fileName: name,
    contentType,
    sizeBytes,
    partBytes,
  });
  if (!reserved)
    throw conflict(
      'This file exceeds the space that you have left on this server. Delete messages with files, then try again.',
    );
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

/** Small files have one part. The parts of large ones grow, so that their number is limited. */
const partBytesOf = (sizeBytes: number, least: number, most: number): number =>
  Math.max(least, Math.ceil(Math.ceil(sizeBytes / most) / mebibyte) * mebibyte);

/** An upload of the viewer that is not complete and has not expired. Null for any other. */
export async function findUpload(scope: Scope, id: string): Promise<FileRow | null> {
  const file = await ownFile(scope, id);
  return file && !file.completedAt && !isExpired(file) ? file : null;
}

/** A complete file of the viewer that is not part of a message and has not expired. */
export async function findUnsent(scope: Scope, id: string): Promise<FileRow | null> {
  const file = await ownFile(scope, id);
  return file?.completedAt && file.expiresAt && !isExpired(file) ? file : null;
}

async function ownFile(scope: Scope, id: string): Promise<FileRow | null> {
  const viewer = requireViewer(scope);
  const file = isId(id) ? await fileById.load(scope, id.toLowerCase()) : null;
  return file?.ownerId === viewer.id ? file : null;
}

export const isExpired = ({ expiresAt }: FileRow): boolean =>
  expiresAt !== null && expiresAt <= new Date();

/** The parts of an upload, with those that are stored. */
export async function partsOf(scope: Scope, file: FileRow): Promise<UploadPart[]> {
  const { node } = scope;
  const store = storeOf(node, file);
  const upload = uploadOf(file);
  return useStore(scope, async () => {
    const stored = new Map(
      (await store.storedParts(upload))
        .filter(({ number, sizeBytes }) => sizeBytes === partSize(upload, number))
        .map(({ number, etag }) => [number, etag]),
    );
    return Promise.all(
      Array.from({ length: partCount(upload) }, async (_, index) => {
        const number = index + 1;
        return {
          number,
          offset: index * upload.partBytes,
          sizeBytes: partSize(upload, number),
          url:
            (await store.partUrl(upload, number)) ??
            partLink(node, file.id, number, file.expiresAt!),
          etag: stored.get(number) ?? null,
        };
      }),
    );
  });
}

/**
 * Makes an attachment of an upload of the viewer. A repeat returns the same attachment. INVALID if
 * parts are missing or have other etags.
 */
export async function completeUpload(
  scope: Scope,
  { uploadId, parts }: { readonly uploadId: string; readonly parts: readonly NamedPart[] },
): Promise<FileRow> {
  const file = await ownFile(scope, uploadId);
  if (!file || isExpired(file)) throw noSuchUpload();
  if (file.completedAt) return file;
  const { node } = scope;
  await spend(scope, 'upload');
  const upload = uploadOf(file);
  const store = storeOf(node, file);
  const named = parts.map(({ number, etag }) => ({ number, etag: etag.replaceAll('"', '') }));
  if (new Set(named.map(({ number }) => number)).size !== partCount(upload)) throw incomplete();
  const content = await useStore(scope, async () => {
    try {
      await store.complete(upload, named);
    } catch (error) {
      if (error instanceof IncompleteUpload) throw incomplete();
      throw error;
    }
    return describeContent(node, store, file);
  });
  const completed = await storeDescription(node, file, content);
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

const noSuchUpload = () =>
  notFound('There is no such upload, or it has expired. Begin another one with createUpload.');

const incomplete = () =>
  invalid(
    'The upload is not complete. Query the parts of the `upload`, send those that are not stored, and pass the number and the etag of each part.',
    'parts',
  );
