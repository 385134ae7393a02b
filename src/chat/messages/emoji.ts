import { invalid } from '../../errors.ts';

/**
 * Every emoji sequence that Unicode recommends for general interchange, including skin tones,
 * flags, keycaps and joined ones (UTS 51).
 */
const emojiSequence = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** In UTF-16 code units. */
const lengthMax = 64;
/**
 * The variation selector that displays a character as an emoji instead of text. Some keyboards omit
 * it.
 */
const emojiPresentation = '\u{fe0f}';

/** One emoji in its normal form, which is stored. Throws INVALID. */
export function parseEmoji(text: string): string {
  const found =
    text.length <= lengthMax &&
    [text, text + emojiPresentation].find((sequence) => emojiSequence.test(sequence));
  if (!found)
    throw invalid(
      'A reaction must be exactly one emoji from the Unicode list. Choose one from a picker.',
      'emoji',
    );
  return found;
}
