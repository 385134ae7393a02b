import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { invalid, unavailable } from '../../errors.ts';
import { createFairTurns } from '../../fair-turns.ts';
import type { NodeCore } from '../../scope.ts';

/** The results for an image. The paths exist until the caller is done. */
export interface ReadImage {
  readonly width: number;
  readonly height: number;
  readonly placeholder: string;
  readonly thumbnail: { readonly path: string; readonly sizeBytes: number };
  /** A copy without metadata, turned upright. Undefined if the image has none. */
  readonly clean: { readonly path: string; readonly sizeBytes: number } | undefined;
}

export interface ImageWorker {
  /**
   * Reads the image that `fetch` stores at the given path, and passes the results to `use`. Returns
   * undefined if it is not such an image. INVALID if it has too many pixels or takes too long,
   * UNAVAILABLE if too many images wait.
   */
  read<Result>(
    ownerId: string,
    contentType: string,
    fetch: (path: string) => Promise<void>,
    use: (image: ReadImage) => Promise<Result>,
  ): Promise<Result | undefined>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly imageWorker: ImageWorker;
  }
}

/** The formats that are read. All other decoders of the library are off. */
const formats: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};
const decoders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].flatMap((name) => [
  `VipsForeignLoad${name}File`,
  `VipsForeignLoad${name}Buffer`,
]);

const thumbnailPixels = 480;
const placeholderPixels = 16;
/** The time for one step. */
const timeoutSeconds = 15;

export const isImage = (contentType: string): boolean => Object.hasOwn(formats, contentType);

/**
 * Reads images one at a time in a thread of libuv, outside of the event loop. Pixels, time and
 * memory are bounded: a small file that unpacks to a huge image is refused [P13].
 */
export function createImageWorker({ config, metrics }: NodeCore): ImageWorker {
  const { imageMaxPixels, imagesWaiting, imagesWaitingPerUser } = config.limits;
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: decoders });
  const turns = createFairTurns({
    name: 'images',
    metrics,
    running: 1,
    runningPerHolder: 1,
    waiting: imagesWaiting,
    waitingPerHolder: imagesWaitingPerUser,
    refusalOf: () =>
      unavailable('Too many images are being read. Complete the upload again in a moment.'),
  });

  const open = (path: string, pages = 1) =>
    sharp(path, { limitInputPixels: imageMaxPixels, pages, failOn: 'error' }).timeout({
      seconds: timeoutSeconds,
    });

  async function readImage(path: string, contentType: string): Promise<ReadImage | undefined> {
    const found = await describe(path, contentType);
    if (!found) return undefined;
    const { width, height, pages, hasMetadata } = found;
    const upright = open(path).autoOrient();
    const thumbnail = `${path}-thumbnail`;
    const { size } = await upright
      .clone()
      .resize(thumbnailPixels, thumbnailPixels, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .toFile(thumbnail);
    const tiny = await upright
      .clone()
      .resize(placeholderPixels, placeholderPixels, { fit: 'inside' })
      .webp({ quality: 20 })
      .toBuffer();
    return {
      width,
      height,
      placeholder: `data:image/webp;base64,${tiny.toString('base64')}`,
      thumbnail: { path: thumbnail, sizeBytes: size },
      clean: hasMetadata ? await clean(path, contentType, pages) : undefined,
    };
  }

  /** Undefined if the content is not an image of this type. */
  async function describe(path: string, contentType: string) {
    const found = await open(path)
      .metadata()
      .catch((error: unknown) => {
        if (/pixel limit/.test(String(error))) throw tooLarge();
      });
    if (!found || found.format !== formats[contentType]) return undefined;
    const { autoOrient, pages = 1, pageHeight, orientation = 1, exif, xmp, iptc, comments } = found;
    const { width } = autoOrient;
    const height = pages > 1 && pageHeight ? pageHeight : autoOrient.height;
    if (width * height * pages > imageMaxPixels) throw tooLarge();
    const hasMetadata = [exif, xmp, iptc, comments].some(Boolean) || orientation !== 1;
    return { width, height, pages, hasMetadata };
  }

  async function clean(path: string, contentType: string, pages: number) {
    const cleaned = `${path}-clean`;
    const image = open(path, pages > 1 ? -1 : 1)
      .autoOrient()
      .keepIccProfile();
    const quality = contentType === 'image/jpeg' ? { quality: 90 } : {};
    const { size } = await image
      .toFormat(contentType === 'image/avif' ? 'avif' : (formats[contentType] as 'jpeg'), quality)
      .toFile(cleaned);
    return { path: cleaned, sizeBytes: size };
  }

  const tooLarge = () =>
    invalid(
      `An image has at most ${imageMaxPixels / 1e6} million pixels, in all its frames together. Make it smaller, or send it in an archive.`,
    );

  return {
    read: (ownerId, contentType, fetch, use) =>
      turns.run({ holder: ownerId }, async () => {
        const directory = await mkdtemp(join(tmpdir(), 'causerie-image-'));
        try {
          const path = join(directory, 'image');
          await fetch(path);
          const image = await readImage(path, contentType).catch((error: unknown) => {
            if (/timeout/i.test(String(error))) throw tooLarge();
            // Damaged pixels are found when they are decoded.
            if (error instanceof Error && error.name === 'Error') return undefined;
            throw error;
          });
          return image && (await use(image));
        } finally {
          await rm(directory, { recursive: true, force: true });
        }
      }),
  };
}
