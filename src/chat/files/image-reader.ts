import sharp from 'sharp';
import { invalid } from '../../errors.ts';
import { formats } from './image-formats.ts';

/** The results for an image. The paths exist until the caller is done. */
export interface ReadImage {
  readonly width: number;
  readonly height: number;
  readonly placeholder: string;
  readonly thumbnail: { readonly path: string; readonly sizeBytes: number };
  /** A copy without metadata, turned upright. Undefined if the image has none. */
  readonly clean: { readonly path: string; readonly sizeBytes: number } | undefined;
}

export type ReadImageAt = (path: string, contentType: string) => Promise<ReadImage | undefined>;

const decoders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].flatMap((name) => [
  `VipsForeignLoad${name}File`,
  `VipsForeignLoad${name}Buffer`,
]);

const thumbnailPixels = 480;
const placeholderPixels = 16;
/** The time for one step. */
const timeoutSeconds = 15;

/**
 * Returns a function that reads an image. It resolves with undefined if the content is not an image
 * of this type. INVALID if the image has more than this many pixels, in all its frames together, or
 * takes too long.
 */
export function createImageReader(imageMaxPixels: number): ReadImageAt {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: decoders });

  const open = (path: string, pages = 1) =>
    sharp(path, { limitInputPixels: imageMaxPixels, pages, failOn: 'error' }).timeout({
      seconds: timeoutSeconds,
    });

  async function read(path: string, contentType: string): Promise<ReadImage | undefined> {
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

  return (path, contentType) =>
    read(path, contentType).catch((error: unknown) => {
      if (/timeout/i.test(String(error))) throw tooLarge();
      // Damaged pixels are found when they are decoded.
      if (error instanceof Error && error.name === 'Error') return undefined;
      throw error;
    });
}
