import { notFound } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import type { ByteRange } from '../../storage/file-store.ts';
import { spend } from '../policy/allowances.ts';
import { visibleAttachment } from './attachments.ts';
import { isShown } from './content-types.ts';
import { dispositionOf } from './file-names.ts';
import type { FileRow } from './file-rows.ts';
import { servedKey, storeOf, thumbnailKey, withStore } from './stores.ts';

/** A file that the viewer may read now. */
export interface OpenedFile {
  readonly etag: string;
  readonly contentType: string;
  /** The Content-Disposition of the answer. */
  readonly disposition: string;
  readonly sizeBytes: number;
  /** An address where the client gets the bytes itself; undefined if this node sends them. */
  url(): Promise<string | undefined>;
  /** The bytes. Undefined if they are missing. */
  read(range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/**
 * Opens a file for one request. It checks the permission each time, so a removal or a deletion
 * takes effect at the next request [P11] [P17].
 */
export async function openFile(
  scope: Scope,
  id: string,
  variant: string | undefined,
): Promise<OpenedFile> {
  const { node } = scope;
  // Requests of files have no turns, so the rate also bounds those for files that do not exist.
  await spend(scope, 'read-file');
  const file = await visibleAttachment(scope, id);
  const store = storeOf(node, file);
  const { key, contentType, fileName, sizeBytes } = servedOf(file, variant);
  const disposition = dispositionOf(isShown(contentType) ? 'inline' : 'attachment', fileName);
  return {
    etag: `"${key}"`,
    contentType,
    disposition,
    sizeBytes,
    url: () => withStore(node, () => store.objectUrl(key, { contentType, disposition })),
    read: (range) => withStore(node, () => store.read(key, range)),
  };
}

/** The object behind an address of a file. */
function servedOf(
  file: FileRow,
  variant: string | undefined,
): Pick<FileRow, 'contentType' | 'fileName' | 'sizeBytes'> & { readonly key: string } {
  const { contentType, fileName, sizeBytes, thumbnailBytes } = file;
  if (variant === undefined) return { key: servedKey(file), contentType, fileName, sizeBytes };
  if (variant !== 'thumbnail' || thumbnailBytes === null)
    throw notFound('There is no such address.');
  return {
    key: thumbnailKey(file),
    contentType: 'image/webp',
    fileName: `${fileName}.webp`,
    sizeBytes: thumbnailBytes,
  };
}
