/** A word of a text, as the search compares it. */
export interface Word {
  /** Without case, accents and variants of letters. Of a script without spaces: one letter. */
  readonly text: string;
  /** The parts of an identifier: `get`, `user` and `id` of `getUserId`. */
  readonly parts: readonly string[];
  /** Whether the script has no spaces, so that any neighbouring letters may be a word. */
  readonly isUnspaced: boolean;
  /** The position in the text, in UTF-16 code units, and the index after its last one. */
  readonly from: number;
  readonly to: number;
}

const maxCharacters = 64;
/** An identifier has few parts. A hash or a key would have many, all meaningless. */
const maxParts = 8;

/** Scripts without spaces between words, and Hangul, whose particles follow a word directly. */
const unspaced = String.raw`(?:(?=[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}])[\p{L}\p{N}\p{M}])`;
/**
 * The voicing marks of Japanese belong to the letter before them, and so do variation selectors.
 */
const voicing = String.raw`[\u3099\u309a\uff9e\uff9f\p{Default_Ignorable_Code_Point}]*`;
const pieces = new RegExp(
  [
    `(${unspaced}${voicing})`,
    String.raw`([\p{L}\p{N}][A-Za-z0-9]*(?:(?!${unspaced})[\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}])*)`,
    String.raw`(\p{RI}{2}|\p{Extended_Pictographic})`,
  ].join('|'),
  'gu',
);
/** A word without parts. */
const simple = /^(?:[A-Z]?[a-z]+|\d+)$/;
const none: readonly string[] = [];
/** Upper case before lower case begins a part, and so does the first of some digits. */
const identifierParts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}]+/gu;

/**
 * Accents and vowel points that readers leave out. Other marks, as in Thai, make another letter.
 */
const optional =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\p{Default_Ignorable_Code_Point}]/gu;
/** Nothing but letters that only have a case: ASCII, kana, common ideographs, Hangul syllables. */
const plain = /^[A-Za-z0-9\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+$/;
/** Letters that have no decomposition, with the spelling that people use without them. */
const spellings: { readonly [letter: string]: string } = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
  ŧ: 't',
  ς: 'σ',
};
const spelled = new RegExp(`[${Object.keys(spellings).join('')}]`, 'gu');

/** The words of a text in their order. The work is linear in its length [P13]. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(pieces)) {
    const { 0: piece, 1: letter, 2: letters, index: from } = match;
    const isEmoji = letter === undefined && letters === undefined;
    const folded = isEmoji ? piece : cut(fold(piece));
    if (folded === '') continue;
    words.push({
      text: folded,
      parts: letters === undefined || simple.test(letters) ? none : partsOf(letters),
      isUnspaced: letter !== undefined,
      from,
      to: from + piece.length,
    });
  }
  return words;
}

/** Whether nothing stands between two words of a script without spaces. */
export const isJoined = (word: Word, next: Word | undefined): next is Word =>
  next !== undefined && word.isUnspaced && next.isUnspaced && word.to === next.from;

function partsOf(piece: string): string[] {
  if (piece.length > 4 * maxCharacters) return [];
  const parts = piece.replace(optional, '').match(identifierParts) ?? [];
  if (parts.length < 2 || parts.length > maxParts) return [];
  return parts.map((part) => cut(fold(part))).filter((part) => part.length >= 2);
}

function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(optional, '')
    .replace(spelled, (letter) => spellings[letter]!)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
}

const cut = (word: string): string =>
  word.length > maxCharacters ? [...word].slice(0, maxCharacters).join('') : word;
