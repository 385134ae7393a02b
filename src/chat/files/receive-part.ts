import { forbidden, invalid, notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Node } from '../../scope.ts';
import { IncompleteUpload, partCount, partSize } from '../../storage/file-store.ts';
import { isExpired, type FileRow } from './file-rows.ts';
import { isValidLink, type PartLink } from './part-links.ts';
import { storeOf, uploadOf, withStore } from './stores.ts';

/** A part that a client may put now. */
export interface ExpectedPart {
  readonly file: FileRow;
  readonly number: number;
  readonly sizeBytes: number;
}

/**
 * The part to which an address leads. FORBIDDEN if the address is no longer valid, NOT_FOUND if the
 * upload is complete or has expired.
 */
export async function expectedPart(node: Node, link: PartLink): Promise<ExpectedPart> {
  if (!isId(link.fileId) || !isValidLink(node, link))
    throw forbidden('This address is no longer valid. Query the parts of the `upload` again.');
  const file = await node.database.prisma.file.findUnique({ where: { id: link.fileId } });
  if (!file || file.completedAt || isExpired(file))
    throw notFound('This upload is complete or has expired.');
  const upload = uploadOf(file);
  if (link.number > partCount(upload)) throw notFound('The upload has no such part.');
  return { file, number: link.number, sizeBytes: partSize(upload, link.number) };
}

/**
 * Stores the bytes of a part while they arrive. Returns its etag. INVALID if they are not as many
 * as expected.
 */
export async function receivePart(
  node: Node,
  { file, number, sizeBytes }: ExpectedPart,
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  try {
    return await withStore(node, () =>
      storeOf(node, file).writePart(uploadOf(file), number, sizeBytes, bytes),
    );
  } catch (error) {
    if (error instanceof IncompleteUpload)
      throw invalid(`Part ${number} has exactly ${sizeBytes} bytes.`);
    // The upload was completed or deleted meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw notFound('This upload is complete or has expired.');
    throw error;
  }
}
