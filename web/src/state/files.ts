import type { Message } from './timeline.ts';
import { causerie } from '../causerie.ts';
import { locale } from '../texts/texts.ts';

export type Attachment = Message['attachments'][number];

/** Fetches a file with the token. Throws if the viewer may no longer see it. */
async function fetchFile(url: string): Promise<Blob> {
  const answer = await causerie.fetch(url);
  if (!answer.ok) throw new Error(`the file was answered with status ${answer.status}`);
  return answer.blob();
}

/**
 * A blob address of the file, valid until it is released. An address of the server would have to
 * contain the token, and could be copied.
 */
export async function openFile(url: string): Promise<{ url: string; release: () => void }> {
  const local = URL.createObjectURL(await fetchFile(url));
  return { url: local, release: () => URL.revokeObjectURL(local) };
}

/** Saves a file on the device. */
export async function saveFile({ url, fileName }: Attachment): Promise<void> {
  const opened = await openFile(url);
  const link = document.createElement('a');
  link.href = opened.url;
  link.download = fileName;
  link.click();
  // The browser has taken the bytes by then.
  setTimeout(opened.release, 60_000);
}

/** The size in the language of the reader, with the units that file managers use. */
export function sizeText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = Math.min(Math.floor(Math.log10(Math.max(1, bytes)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
