import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { invalid } from '../../errors.ts';
import type { Node } from '../../scope.ts';
import type { FileStore } from '../../storage/file-store.ts';
import { contentTypeOf, sampleBytes } from './content-types.ts';
import type { FileRow } from './file-rows.ts';
import { isImage } from './image-formats.ts';
import { cleanKey, thumbnailKey } from './stores.ts';

/** The data that the content of a file yields. */
export type Description = Pick<FileRow, 'contentType'> &
  Partial<
    Pick<FileRow, 'sizeBytes' | 'isCleaned' | 'width' | 'height' | 'placeholder' | 'thumbnailBytes'>
  >;

/**
 * Describes the bytes of a file that is complete. Of an image, it stores a thumbnail, and a copy
 * without metadata such as the place where it was taken. INVALID for an image that is too large, or
 * that cannot be read: its metadata could not be removed either [P17].
 */
export async function describeContent(
  node: Node,
  store: FileStore,
  file: FileRow,
): Promise<Description> {
  const contentType = await contentTypeOf(await sampleOf(store, file));
  if (!isImage(contentType)) return { contentType };
  const { imageMaxBytes } = node.config.limits;
  if (file.sizeBytes > imageMaxBytes)
    throw invalid(
      `An image can have at most ${imageMaxBytes} bytes. Make it smaller, or send it in an archive.`,
    );
  const described = await node.services.imageWorker.read(
    file.ownerId,
    contentType,
    async (path) =>
      pipeline((await store.read(file.id)) ?? [], createWriteStream(path, { mode: 0o600 })),
    async ({ width, height, placeholder, thumbnail, clean }): Promise<Description> => {
      await storeFile(store, thumbnailKey(file), thumbnail, 'image/webp');
      if (clean) await storeFile(store, cleanKey(file), clean, contentType);
      return {
        contentType,
        width,
        height,
        placeholder,
        thumbnailBytes: thumbnail.sizeBytes,
        ...(clean && { isCleaned: true, sizeBytes: clean.sizeBytes }),
      };
    },
  );
  if (!described)
    throw invalid(
      'This image is damaged, so the server cannot remove its metadata, such as the place where it was taken. Save it again with another program, or send it in an archive.',
    );
  return described;
}

/** Stores a file of this machine. */
const storeFile = (
  store: FileStore,
  key: string,
  { path, sizeBytes }: { readonly path: string; readonly sizeBytes: number },
  contentType: string,
): Promise<void> =>
  store.write(key, sizeBytes, createReadStream(path) as AsyncIterable<Uint8Array>, contentType);

async function sampleOf(store: FileStore, { id, sizeBytes }: FileRow): Promise<Uint8Array> {
  const pieces = [];
  const range = { start: 0, end: Math.min(sizeBytes, sampleBytes) - 1 };
  for await (const piece of (await store.read(id, range)) ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}
