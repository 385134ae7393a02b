import { notFound } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import type { ByteRange } from '../../storage/file-store.ts';
import { spend } from '../policy/allowances.ts';
import { visibleAttachment } from './attachments.ts';
import { isShown } from './content-types.ts';
import { dispositionOf } from './file-names.ts';
import { servedKey, storeOf, withStore } from './stores.ts';

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
 * Opens a file for one request. Permission is asked each time, so a removed member and a deleted
 * message close the file at once [P17].
 */
export async function openFile(
  scope: Scope,
  id: string,
  variant: string | undefined,
): Promise<OpenedFile> {
  const { node } = scope;
  const file = await visibleAttachment(scope, id);
  if (variant !== undefined) throw notFound('There is no such address.');
  await spend(scope, 'read-file');
  const store = storeOf(node, file);
  const key = servedKey(file);
  const { contentType, fileName, sizeBytes } = file;
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
