import { fileTypeFromBuffer } from 'file-type';

/** The bytes from the start of a file by which its type is found. */
export const sampleBytes = 64 * 1024;

/**
 * The images, sounds and films that browsers show and that cannot contain a script. Everything else
 * is served as a download, also SVG and HTML.
 */
const shownTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/wav',
  'audio/vnd.wave',
  'audio/flac',
  'audio/x-flac',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
];

export const isShown = (contentType: string): boolean => shownTypes.includes(contentType);

/**
 * The media type of a file by its content. The name and the type that the client sent do not count.
 * `text/plain` for text of any kind, `application/octet-stream` if the content says nothing.
 */
export async function contentTypeOf(sample: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(sample).catch(() => undefined);
  // Parameters such as codecs say nothing that a browser needs.
  const type = found?.mime.split(';', 1)[0]!.trim();
  // A type that a browser might run is not passed on, even for a download.
  if (type !== undefined && /html|xml|script/i.test(type)) return 'text/plain';
  // A text may begin like an image: "GIF of a cat".
  if (isTextual(sample) && (type === undefined || isShown(type))) return 'text/plain';
  return type ?? 'application/octet-stream';
}

const firstPrintable = 0x20;
/** Tab, line feed, form feed, carriage return, and the escape that colours logs. */
const controlsInText = [...Buffer.from('\t\n\f\r\u001B')];

/**
 * Whether the bytes are UTF-8 without other control characters. The last character may be cut off.
 */
function isTextual(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return sample.every((byte) => byte >= firstPrintable || controlsInText.includes(byte));
  } catch {
    return false;
  }
}
