// The one place that rules on the characters in text from users. Callers limit the length.

/**
 * Control characters, halves of surrogate pairs, line separators, and marks that reverse the
 * direction of the text after them.
 */
const notOnOneLine = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u;
/** Control characters except newline and tab, and halves of surrogate pairs. */
const notInText = /(?![\n\t])\p{Cc}|\p{Cs}/u;
const halfCharacter = /\p{Cs}/u;
/**
 * Shown without ink: characters without width, such as joiners, direction marks, variation
 * selectors, tags and Hangul fillers, the blank Braille pattern, and the musical null notehead.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\u{2800}\u{1D159}]/gu;
/** Unassigned characters count as visible: they may be emoji that are newer than this server. */
const visible = /[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Cn}]/u;

/**
 * The form in which text from users is stored and looked up: composed (NFC), because a letter with
 * an accent can be written in two ways that look the same, and trimmed.
 */
export const normalForm = (text: string): string => text.normalize('NFC').trim();

/** Whether a reader sees anything of the text. */
export const isVisible = (text: string): boolean => visible.test(text.replace(invisible, ''));

/** Whether a text can be shown on one line: for names, titles, search terms and keys. */
export const isOneLine = (text: string): boolean => !notOnOneLine.test(text);

/** Whether a text of several lines can be shown: for message bodies, topics and reasons. */
export const isText = (text: string): boolean => !notInText.test(text);

/** Whether a text is valid Unicode: it has no half of a surrogate pair. */
export const isUnicode = (text: string): boolean => !halfCharacter.test(text);

/** Whether PostgreSQL can store a text: it refuses NUL and halves of surrogate pairs. */
export const isStorable = (text: string): boolean => isUnicode(text) && !text.includes('\0');

/**
 * The name without invisible differences: case, normal form, kind and number of spaces, characters
 * without width.
 */
export const nameKeyOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
