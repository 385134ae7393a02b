import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { partCount, partSize } from '../../storage/file-store.ts';
import { fileById, isExpired, type FileRow } from './file-rows.ts';
import { partLink } from './part-links.ts';
import { storeOf, uploadOf, useStore } from './stores.ts';

/** An upload of the viewer that is not complete and has not expired. Null for any other. */
export async function findUpload(scope: Scope, id: string): Promise<FileRow | null> {
  const file = await findOwnFile(scope, id);
  return file && !file.completedAt && !isExpired(file) ? file : null;
}

/** A complete file of the viewer that is not part of a message and has not expired. */
export async function findUnsent(scope: Scope, id: string): Promise<FileRow | null> {
  const file = await findOwnFile(scope, id);
  return file?.completedAt && file.expiresAt && !isExpired(file) ? file : null;
}

/** A file that the viewer uploads or has uploaded, in any state. Null for files of others. */
export async function findOwnFile(scope: Scope, id: string): Promise<FileRow | null> {
  const viewer = requireViewer(scope);
  const file = isId(id) ? await fileById.load(scope, id.toLowerCase()) : null;
  return file?.ownerId === viewer.id ? file : null;
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
