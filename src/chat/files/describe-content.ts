import type { Node } from '../../scope.ts';
import type { FileStore } from '../../storage/file-store.ts';
import { contentTypeOf, sampleBytes } from './content-types.ts';
import type { FileRow } from './file-rows.ts';

/** What the content of a file tells. */
export type Description = Pick<FileRow, 'contentType'>;

/** Describes the bytes of a file that is complete. */
export async function describeContent(
  _node: Node,
  store: FileStore,
  { id, sizeBytes }: FileRow,
): Promise<Description> {
  const end = Math.min(sizeBytes, sampleBytes) - 1;
  const pieces = [];
  for await (const piece of (await store.read(id, { start: 0, end })) ?? []) pieces.push(piece);
  return { contentType: await contentTypeOf(Buffer.concat(pieces)) };
}
