import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isVisible, normalForm } from '../policy/text.ts';
import { filterWords } from '../policy/word-filter.ts';

const fileNameMaxCharacters = 255;
/** Characters that separate folders, that cannot be shown on one line, or that reverse a text. */
const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/**
 * The name as it is stored: without folders and without characters that would make it look like
 * another one, such as a text direction that shows `exe.png` for `gnp.exe`. Throws INVALID.
 */
export function checkFileName(scope: Scope, given: string): string {
  const name = normalForm(given.replace(/^.*[/\\]/su, '').replace(unsafe, ''));
  if (!isVisible(name) || /^\.+$/.test(name))
    throw invalid('A file needs a name with at least 1 visible character.', 'fileName');
  if ([...name].length > fileNameMaxCharacters)
    throw invalid(`A file name has at most ${fileNameMaxCharacters} characters.`, 'fileName');
  return filterWords(scope, name, 'fileName');
}

/**
 * The value of a Content-Disposition header (RFC 6266): the name as it is (RFC 8187), and one in
 * ASCII for old clients.
 */
export function dispositionOf(type: 'inline' | 'attachment', fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7E]|["\\%]/gu, '_');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
