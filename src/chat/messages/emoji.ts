import { invalid } from '../../errors.ts';

/** Every sequence that Unicode recommends for general interchange: with skin tones, flags, keycaps, and several joined to one. */
const emojiSequence = new RegExp('^\\p{RGI_Emoji}$', 'v');
const longest = 64;
/** Says that a character which can be text is meant as a picture. Some keyboards leave it out. */
const asPicture = '\u{fe0f}';

/** One emoji, in the one way in which it is stored. Throws INVALID. */
export function readEmoji(text: string): string {
  const found =
    text.length <= longest &&
    [text, text + asPicture].find((sequence) => emojiSequence.test(sequence));
  if (!found)
    throw invalid(
      'A reaction is one emoji, as Unicode knows them. Choose one from a picker.',
      'emoji',
    );
  return found;
}
