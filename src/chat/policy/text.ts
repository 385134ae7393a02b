// The one place that rules on control characters in text from users. Callers normalise, trim and
// limit the length.

/**
 * Control characters, halves of surrogate pairs, line separators, and marks that reverse the
 * direction of the text after them.
 */
const notOnOneLine = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u;
/** Control characters except newline and tab, and halves of surrogate pairs. */
const notInText = /(?![\n\t])\p{Cc}|\p{Cs}/u;
const halfCharacter = /\p{Cs}/u;

/** Whether a text can be shown on one line: for names, titles, search terms and keys. */
export const isOneLine = (text: string): boolean => !notOnOneLine.test(text);

/** Whether a text of several lines can be shown: for message bodies, topics and reasons. */
export const isText = (text: string): boolean => !notInText.test(text);

/** Whether a text is valid Unicode: it has no half of a surrogate pair. */
export const isUnicode = (text: string): boolean => !halfCharacter.test(text);

/** Whether PostgreSQL can store a text: it refuses NUL and halves of surrogate pairs. */
export const isStorable = (text: string): boolean => isUnicode(text) && !text.includes('\0');
